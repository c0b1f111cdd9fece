/**
 * What failed and where, as lines: exceptions with the cause first, of each the frames of the project's own code first,
 * innermost first. Servers list exceptions from the cause on, and frames from the outermost on.
 */
import type { Row } from '../../sdk/index.js';
import { memberOf, objectsOf, word } from './readable.js';

const most = { exceptions: 5, ownFrames: 20, otherFrames: 5 };

/** The exceptions of an event's body; the stack of the thread that crashed where they have none. */
export function exceptionLines(entries: readonly Row[]): string[][] {
  const threads = objectsOf(valuesOf(entries, 'threads'));
  const exceptions = objectsOf(valuesOf(entries, 'exception'));
  const crashed =
    threads.find((thread) => thread['crashed'] === true) ?? threads.find(({ current }) => current === true);
  if (exceptions.length === 0) return crashed ? [[threadTitle(crashed), ...frameLines(framesOf(crashed))]] : [];
  return exceptions.slice(0, most.exceptions).map((exception) => {
    const own = framesOf(exception);
    const thread = threads.find(({ id }) => isSame(id, exception['threadId'])) ?? crashed;
    return [exceptionTitle(exception), ...frameLines(own.length > 0 ? own : framesOf(thread))];
  });
}

/** What the outline of an event says of its exception. */
export function outlineLines(metadata: unknown): string[] {
  const named = exceptionTitle({ type: memberOf(metadata, 'type'), value: memberOf(metadata, 'value') });
  const place = frameLine({ function: memberOf(metadata, 'function'), filename: memberOf(metadata, 'filename') });
  return [...(named === unnamed ? [] : [named]), ...(place === unknownFrame ? [] : [place])];
}

/** The list that an entry of this type holds. */
export const valuesOf = (entries: readonly Row[], type: string): unknown =>
  memberOf(entries.find((entry) => entry['type'] === type)?.['data'], 'values');

const isSame = (id: unknown, other: unknown): boolean =>
  other !== undefined && other !== null && word(id) === word(other);

const unnamed = 'exception';

function exceptionTitle({ type, value, mechanism }: Row): string {
  const title = [word(type), word(value)].filter((part) => part !== undefined).join(': ');
  return `${title || unnamed}${memberOf(mechanism, 'handled') === false ? ' (unhandled)' : ''}`;
}

const threadTitle = ({ id, name }: Row): string => `thread ${word(name) ?? word(id) ?? 'that crashed'}`;

const framesOf = (holder: Row | undefined): Row[] => objectsOf(memberOf(holder?.['stacktrace'], 'frames')).reverse();

function frameLines(frames: readonly Row[]): string[] {
  const own = frames.filter(({ inApp }) => inApp === true).slice(0, most.ownFrames);
  const others = frames.filter(({ inApp }) => inApp !== true).slice(0, most.otherFrames);
  return [
    ...own.flatMap((frame) => [frameLine(frame), ...sourceLine(frame)]),
    ...(own.length > 0 && others.length > 0 ? ['  libraries:'] : []),
    ...others.map(frameLine),
  ];
}

const unknownFrame = '  at ?';

/** `at function (file:line)`. A file without a folder says little: the module stands before it. */
function frameLine(frame: Row): string {
  const name = word(frame['function'], 200);
  const file = word(frame['filename'], 200) ?? word(frame['absPath'], 200);
  const module = word(frame['module'], 200);
  const line = word(frame['lineNo'], 20);
  const place = file === undefined ? (module ?? binaryPlace(frame)) : withModule(file, module);
  const where = place === undefined ? '' : ` (${place}${line === undefined ? '' : `:${line}`})`;
  return `  at ${name ?? '?'}${where}`;
}

const withModule = (file: string, module: string | undefined): string =>
  module === undefined || /[/\\]/.test(file) ? file : `${module}, ${file}`;

/** Where a frame without a file is: the library and the address in it. */
function binaryPlace(frame: Row): string | undefined {
  const library = word(frame['package'], 200)?.split(/[/\\]/).at(-1);
  const parts = [library, word(frame['instructionAddr'], 30)].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(' ') : undefined;
}

/** The line of source where the frame stands; none of a bundle that was squeezed into one line. */
function sourceLine({ context, lineNo }: Row): string[] {
  const lines: unknown[] = Array.isArray(context) ? context : [];
  const [, text] = lines.find((line): line is unknown[] => Array.isArray(line) && isSame(line[0], lineNo)) ?? [];
  const source = word(text, 200);
  return source === undefined || source.includes('{snip}') ? [] : [`     > ${source}`];
}

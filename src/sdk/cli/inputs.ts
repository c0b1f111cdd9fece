/**
 * The state that a run goes on from. People pass more than the bare value: a whole STATE message,
 * what a tap printed line by line, Meltano's wrapper. Read as no bookmarks, each would be a silent
 * full sync; so they are unwrapped, and said.
 */
import { InputError } from '../errors.js';
import { parseJsonExactly } from '../json/parse-exact.js';
import { isObject, parseJsonFile } from '../singer/catalog.js';

export interface StateInput {
  /** undefined: no state. */
  readonly state: Record<string, unknown> | undefined;
  readonly warnings: readonly string[];
}

/** @throws InputError when the text is no state. `source` names the file. */
export function parseState(text: string, source: string): StateInput {
  const bare = text.replace(/^\uFEFF/, '').trim();
  if (bare === '' || bare === 'null') return { state: undefined, warnings: [] };
  const warnings: string[] = [];
  let value = lastOfSeveral(bare, source, warnings) ?? parseJsonFile(text, source, 'state', parseJsonExactly);
  if (isObject(value) && value['type'] === 'STATE' && 'value' in value) {
    warnings.push(`${source} holds a STATE message; its value is used as the state.`);
    value = value['value'];
  }
  if (isObject(value) && 'singer_state' in value) {
    warnings.push(`${source} holds Meltano's wrapper; its singer_state is used as the state.`);
    value = value['singer_state'];
  }
  if (value === null) return { state: undefined, warnings };
  if (!isObject(value))
    throw new InputError(
      `${source}: this is no state: an object such as {"bookmarks": {…}} is expected. Leave --state out to read ` +
        'everything.',
    );
  return { state: value, warnings };
}

/** Beside STATE: what shows that a text is the output of a tap. */
const messagesOfTaps = new Set<unknown>(['RECORD', 'SCHEMA']);

/**
 * The last STATE message of several lines, or the last line when they are bare states; undefined when the text is one
 * value.
 */
function lastOfSeveral(text: string, source: string, warnings: string[]): unknown {
  const values: unknown[] = [];
  for (const line of text.split(/\r?\n/).filter((part) => part.trim() !== '')) {
    try {
      values.push(parseJsonExactly(line));
    } catch {
      return undefined;
    }
  }
  if (values.length < 2 || !values.every(isObject)) return undefined;
  warnings.push(`${source} holds ${values.length} lines; the last state among them is used.`);
  const last = values.findLast(({ type }) => type === 'STATE');
  if (last !== undefined) return last;
  if (values.some(({ type }) => messagesOfTaps.has(type)))
    throw new InputError(`${source}: this is the output of a tap, and has no STATE message.`);
  return values.at(-1);
}

/** Tables of settings and streams in markdown. */
import { table } from '../src/sdk/cli/about.js';
import type { Setting } from '../src/sdk/cli/config.js';
import type { StreamDefinition } from '../src/sdk/define/stream-definition.js';

type Stream = Pick<
  StreamDefinition<never, never>,
  | 'name'
  | 'summary'
  | 'caution'
  | 'path'
  | 'scope'
  | 'primaryKey'
  | 'replicationKey'
  | 'optional'
  | 'permission'
  | 'answer'
  | 'personal'
  | 'secrets'
>;

/** The streams of each area. */
export type Areas = readonly { readonly title: string; readonly streams: readonly Stream[] }[];

export function settingsReference(list: readonly Setting[]): string {
  const rows = list.map(({ name, required, default: preset, description, secret, env }) => [
    `\`${name}\``,
    required ? 'yes' : shown(preset),
    `\`${env}\``,
    `${description}${secret ? ' **Secret.**' : ''}`,
  ]);
  return table(['Setting', 'Required, or default', 'Environment', 'Description'], rows);
}

const shown = (value: unknown): string =>
  value === undefined
    ? ''
    : value === ''
      ? '(empty)'
      : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** For the README: those that are on by default, and the names of the others. */
export function streamsTable(areas: Areas): string {
  const all = areas.flatMap(({ streams }) => inOrder(streams));
  const rows = all
    .filter(({ optional }) => !optional)
    .map(({ name, path, primaryKey, replicationKey, summary }) => [
      code(name),
      code(path),
      primaryKey.map(code).join(', '),
      replicationKey ? `incremental by ${code(replicationKey)}` : 'full table',
      summary,
    ]);
  const others = areas.flatMap(({ title, streams }) => {
    const names = inOrder(streams).filter(({ optional }) => optional);
    return names.length === 0 ? [] : [`- ${title}: ${names.map(({ name }) => code(name)).join(', ')}`];
  });
  const head = table(['Stream', 'Endpoint', 'Key', 'Replication', 'What a row is'], rows);
  return `${head}\n\n${all.length - rows.length} more are off by default:\n\n${others.join('\n')}`;
}

const code = (text: string): string => `\`${text}\``;

/** Those that are on by default first. Module loaders differ in the order of exports. */
function inOrder(streams: readonly Stream[]): Stream[] {
  const rank = ({ optional, name }: Stream): string => `${optional ? 1 : 0} ${name}`;
  return [...streams].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** docs/streams.md: a table for each area. */
export function streamsPage(areas: Areas): string {
  const sections = areas.map(({ title, streams }) => `## ${title}\n\n${areaTable(inOrder(streams))}\n`);
  return (
    `# Streams\n\nWritten by \`npm run docs\` from the definitions in \`src/streams\`. Paths start at the server's ` +
    `\`/api/0\`. **Bold** streams are on by default. A stream without a bookmark is read wholly in every run. A page ` +
    `has \`page_size\` rows.\n\n${sections.join('\n')}`
  );
}

function areaTable(streams: readonly Stream[]): string {
  const rows = streams.map((stream) => [
    stream.optional ? code(stream.name) : `**${code(stream.name)}**`,
    [stream.summary, stream.caution].filter(Boolean).join(' '),
    code(stream.path),
    stream.primaryKey.map(code).join(', '),
    bookmarkOf(stream),
    requestsOf(stream),
    stream.permission ? code(stream.permission) : '',
    [stream.personal && 'personal data', stream.secrets && 'secrets'].filter(Boolean).join(', '),
  ]);
  return table(['Stream', 'What a row is', 'Path', 'Key', 'Bookmark', 'Requests', 'Scope', 'Holds'], rows);
}

/** A stream below a range is asked for what is new there. */
function bookmarkOf({ replicationKey, scope: { parent } }: Stream): string {
  if (replicationKey) return code(replicationKey);
  return parent?.replicationKey ? `that of ${code(parent.name)}` : '';
}

function requestsOf({ scope, answer }: Stream): string {
  const pages = answer === 'object' ? [] : ['page'];
  if (scope.kind !== 'each' || !scope.parent) return pages.length > 0 ? 'one per page' : 'one';
  return `one per ${[`row of ${code(scope.parent.name)}`, ...pages].join(' and ')}`;
}

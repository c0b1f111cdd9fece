/** Tables of settings and streams in markdown. */
import { existsSync } from 'node:fs';
import { defaultStreams } from './docs-meltano.js';
import { table } from '../src/sdk/cli/about.js';
import type { Setting } from '../src/sdk/cli/config.js';
import type { StreamDefinition } from '../src/sdk/define/stream-definition.js';

type Stream = Pick<StreamDefinition, 'name' | 'summary' | 'path' | 'primaryKey' | 'replicationKey' | 'optional'> & {
  readonly scope?: { readonly parent?: { readonly name: string } };
};

const registry = new URL('../src/streams/index.ts', import.meta.url);

/** The stream registry; undefined while there is none. */
export async function readStreams(): Promise<readonly Stream[] | undefined> {
  if (!existsSync(registry)) return undefined;
  const { streams } = (await import(registry.href)) as { streams: readonly Stream[] };
  return inOrder(streams);
}

/**
 * Those that are on by default first, in the order of the documentation. The registry's own order differs between
 * module loaders.
 */
function inOrder(streams: readonly Stream[]): Stream[] {
  const rank = ({ name }: Stream): number => defaultStreams.indexOf(name) >>> 0; // unknown: last
  return [...streams].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

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

export function streamsTable(streams: readonly Stream[]): string {
  return table(
    ['Stream', 'Endpoint', 'Key', 'Replication', 'What a row is'],
    streams.map(({ name, path, primaryKey, replicationKey, summary, optional }) => [
      code(name),
      code(path),
      primaryKey.map(code).join(', '),
      replicationKey ? `incremental by ${code(replicationKey)}` : 'full table',
      `${summary}${optional ? ' Off by default.' : ''}`,
    ]),
  );
}

const code = (text: string): string => `\`${text}\``;

export function streamsPage(streams: readonly Stream[]): string {
  const rows = streams.map(({ name, primaryKey, replicationKey, path, scope, optional, summary }) => [
    code(name),
    summary,
    primaryKey.map(code).join(', '),
    replicationKey ? code(replicationKey) : '',
    code(path),
    scope?.parent ? code(scope.parent.name) : '',
    optional ? 'no' : 'yes',
  ]);
  return (
    `# Streams\n\nWritten by \`npm run docs\` from the definitions in \`src/streams\`. Paths start at the server's ` +
    `\`/api/0\`.\n\n` +
    `${table(['Stream', 'What a row is', 'Key', 'Bookmark', 'Path', 'Asked per row of', 'On by default'], rows)}` +
    '\n'
  );
}

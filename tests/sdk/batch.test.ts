/** Records in files, and the BATCH messages that name them. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BatchSettings } from '../../src/sdk/index.js';
import { Chance } from '../support/random.js';
import { type Library, type Row, run, serve, someLibrary } from './library-tap.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'batch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = (more: Partial<BatchSettings> = {}): BatchSettings => ({
  encoding: gzip,
  storage: { root: pathToFileURL(folder).href, prefix: '' },
  batch_size: 10_000,
  ...more,
});

const gzip = { format: 'jsonl', compression: 'gzip' } as const;
const plain = { format: 'jsonl', compression: 'none' } as const;
const streams = ['shelves', 'books', 'stamps'];
const catalog = {
  streams: streams.map((name) => ({
    tap_stream_id: name,
    metadata: [
      { breadcrumb: [], metadata: { selected: true } },
      { breadcrumb: ['properties', 'more'], metadata: { selected: false } },
    ],
  })),
};

interface BatchMessage {
  stream: string;
  encoding: object;
  manifest: string[];
}

type Outcome = Awaited<ReturnType<typeof run>>;

const batchesOf = ({ messages }: Outcome): BatchMessage[] =>
  messages.filter(({ type }) => type === 'BATCH') as unknown as BatchMessage[];

/** The lines of a file that a message names. */
function linesOf(url: string): string[] {
  const bytes = readFileSync(fileURLToPath(url));
  const text = url.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  return text.toString().split('\n').slice(0, -1);
}

const fileLines = (outcome: Outcome, stream: string): string[] =>
  batchesOf(outcome)
    .filter((one) => one.stream === stream)
    .flatMap(({ manifest }) => manifest.flatMap(linesOf))
    .sort();

/** The records of RECORD messages, as text. */
const messageLines = ({ stdout }: Outcome, stream: string): string[] =>
  stdout
    .split('\n')
    .flatMap((line) => /^\{"type":"RECORD","stream":"(\w+)","record":(.*),"time_extracted":/.exec(line) ?? [])
    .flatMap((part, index, parts) => (index % 3 === 2 && parts[index - 1] === stream ? [part] : []))
    .sort();

/** A library whose rows need care: numbers, texts and columns that no schema has. */
function library(): Library {
  const found = someLibrary(new Chance(1), 90);
  for (const rows of Object.values(found.books))
    for (const row of rows) Object.assign(row, { big: '12', more: { x: 'é\u2028' }, strange: 1 } satisfies Row);
  return found;
}

describe.each([gzip, plain])('with %j', (encoding) => {
  test('the files hold byte by byte what RECORD messages would hold', async () => {
    await using server = await serve(library());

    const messages = await run(server, { catalog });
    const files = await run(server, { catalog, connection: { batch: settings({ encoding }) } });

    expect(files.messages.filter(({ type }) => type === 'RECORD')).toEqual([]);
    for (const stream of streams) {
      expect(fileLines(files, stream).length).toBeGreaterThan(0);
      expect(fileLines(files, stream)).toEqual(messageLines(messages, stream));
    }
    const schemas = ({ messages: all }: Outcome) => all.filter(({ type }) => type === 'SCHEMA');
    expect(schemas(files)).toEqual(schemas(messages));
    expect(files.state).toEqual(messages.state);
  });
});

test('a message names its encoding and a file that begins with the prefix, the tap and the stream', async () => {
  await using server = await serve(library());
  const batch = settings({ storage: { root: folder, prefix: 'pre-' } });

  const [first] = batchesOf(await run(server, { connection: { batch } }));

  expect(first).toMatchObject({ type: 'BATCH', encoding: { format: 'jsonl', compression: 'gzip' } });
  expect(first?.manifest[0]).toMatch(/^file:\/\//);
  expect(basename(first?.manifest[0] ?? '')).toMatch(/^pre-tap-library--(shelves|books)-[\da-f-]{36}-1\.json\.gz$/);
});

test('a file has no more records than the batch size, and nothing is left over', async () => {
  await using server = await serve(library());

  const outcome = await run(server, { connection: { batch: settings({ batch_size: 7 }) } });

  const sizes = batchesOf(outcome)
    .filter(({ stream }) => stream === 'books')
    .map(({ manifest }) => linesOf(manifest[0] ?? '').length);
  expect(Math.max(...sizes)).toBe(7);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(90);
  const named = batchesOf(outcome).map(({ manifest }) => basename(manifest[0] ?? ''));
  expect(readdirSync(folder).sort()).toEqual(named.sort());
});

test('a run goes on from any STATE with nothing lost: what it covers is in files that were named before', async () => {
  const all = library();
  await using server = await serve(all);
  const { stdout } = await run(server, { catalog, connection: { batch: settings({ batch_size: 5 }) } });
  const lines = stdout.trimEnd().split('\n');

  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('{"type":"STATE"')) continue;
    const { value: state } = JSON.parse(line) as { value: unknown };
    const before = lines.slice(0, index).filter((one) => one.startsWith('{"type":"BATCH","stream":"books"'));
    const read = before.flatMap((one) => (JSON.parse(one) as BatchMessage).manifest.flatMap(linesOf));
    const after = await run(server, { catalog, state });

    expect(new Set([...read, ...messageLines(after, 'books')]).size).toBe(90);
  }
});

test('a test of the connection writes messages, and no file', async () => {
  await using server = await serve(library());

  const outcome = await run(server, { mode: 'test', connection: { batch: settings() } });

  expect(outcome.messages.filter(({ type }) => type === 'RECORD')).toHaveLength(2);
  expect(readdirSync(folder)).toEqual([]);
});

test('ACTIVATE_VERSION comes after the files of its rows, which have the version', async () => {
  await using server = await serve(library());

  const { messages } = await run(server, { activateVersion: true, connection: { batch: settings() } });

  const ofShelves = messages.filter(({ stream }) => stream === 'shelves');
  expect(ofShelves.map(({ type }) => type)).toEqual(['SCHEMA', 'BATCH', 'ACTIVATE_VERSION']);
  expect(ofShelves[1]?.version).toBe(ofShelves[2]?.version);
});

test('batches are counted as a metric', async () => {
  await using server = await serve(library());

  const { said } = await run(server, { connection: { batch: settings({ batch_size: 30 }) } });

  expect(said('DEBUG').join('\n')).toMatch(/"metric":"batch_count","value":3,"tags":\{"stream":"books"/);
});

describe('the folder', () => {
  test('is made where it is missing, and begins at the project where its path is relative', async () => {
    await using server = await serve(library());
    const batch = settings({ storage: { root: 'deep/er', prefix: '' } });

    await run(server, { env: { MELTANO_PROJECT_ROOT: folder }, connection: { batch } });

    expect(statSync(join(folder, 'deep/er')).isDirectory()).toBe(true);
  });

  test('of another machine is refused before any request', async () => {
    await using server = await serve(library());
    const batch = settings({ storage: { root: 's3://bucket/x', prefix: '' } });

    const refused = run(server, { connection: { batch } });

    await expect(refused).rejects.toThrow(/s3:\/\/bucket\/x is not a folder of this machine/);
    expect(server.asked).toEqual([]);
  });

  test('that cannot be written ends the run', async () => {
    await using server = await serve(library());
    writeFileSync(join(folder, 'file'), '');
    const batch = settings({ storage: { root: join(folder, 'file'), prefix: '' } });

    await expect(run(server, { connection: { batch } })).rejects.toThrow(/batch file .* cannot be written/);
    expect(existsSync(join(folder, 'file'))).toBe(true);
  });
});

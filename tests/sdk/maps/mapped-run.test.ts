/** Stream maps in whole runs: a server, a tap of three streams, and what it writes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/sdk/errors.js';
import type { Loopback } from '../../support/loopback.js';
import { type Given, type Library, run, serve } from '../library-tap.js';

const library: Library = {
  shelves: [{ id: 's0' }, { id: 's1' }],
  books: {
    s0: [
      { id: 'b1', at: '2026-03-01T00:00:00Z', big: 1, more: { author: { name: 'Ada' }, tags: ['x'], ratio: 1 } },
      { id: 'b2', at: '2026-03-02T00:00:00Z', big: null, more: null },
    ],
    s1: [{ id: 'b3', at: '2026-03-03T00:00:00Z', big: 3 }],
  },
};

let server: Loopback | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function read(config: object, given: Given = {}) {
  server = await serve(library);
  const result = await run(server, { ...given, config });
  const of = (type: string, stream: string) =>
    result.messages.filter((message) => message.type === type && message.stream === stream);
  const records = (stream: string) => of('RECORD', stream).map(({ record }) => record);
  const log = (['INFO', 'WARNING', 'ERROR'] as const).flatMap((level) => result.said(level)).join('\n');
  return { ...result, of, records, log };
}

const stream_maps = (maps: object) => ({ stream_maps: maps });
const refusal = async (config: object): Promise<string> =>
  read(config).then(
    () => 'none',
    (error: unknown) => (error instanceof ConfigError ? error.problems.join('\n') : String(error)),
  );

describe('a run with stream maps', () => {
  test('writes renamed streams, computed columns and no removed ones', async () => {
    const { code, of, records, state } = await read(
      stream_maps({ books: { __alias__: 'volumes', big: null, title: "'Book ' + id" } }),
    );

    expect(code).toBe(0);
    const [schema] = of('SCHEMA', 'volumes') as unknown as {
      schema: { properties: object };
      key_properties: string[];
    }[];
    expect(Object.keys(schema?.schema.properties ?? {})).toEqual(['id', 'at', 'more', 'title']);
    expect(schema).toMatchObject({ key_properties: ['id'], bookmark_properties: ['at'] });
    expect(records('volumes').map((record) => record?.['title'])).toEqual(
      expect.arrayContaining(['Book b1', 'Book b2', 'Book b3']),
    );
    expect(of('RECORD', 'books')).toEqual([]);
    expect(Object.keys(state?.bookmarks ?? {})).toContain('books'); // of the stream that was read
  });

  test('goes on where a run without them ended', async () => {
    const first = await read({});
    await server?.[Symbol.asyncDispose]();
    const second = await read(stream_maps({ books: { __alias__: 'volumes' } }), { state: first.state });

    expect(first.records('books')).toHaveLength(3);
    expect(second.state?.bookmarks['books']).toEqual(first.state?.bookmarks['books']);
    expect(server?.asked.join(' ')).not.toContain('2026-01-01'); // not from the start date again
  });

  test('writes a stream to several outputs, each after its own SCHEMA', async () => {
    const { messages, records } = await read(
      stream_maps({ ids: { __source__: 'books', __else__: null, big: 'big' }, books: { __filter__: 'big' } }),
    );

    expect(
      records('books')
        .map((record) => record?.['id'])
        .sort(),
    ).toEqual(['b1', 'b3']);
    expect(records('ids')).toHaveLength(3);
    expect(records('ids')).toContainEqual({ id: 'b2', big: null });
    for (const stream of ['books', 'ids'])
      expect(messages.find((message) => message.stream === stream)?.type).toBe('SCHEMA');
  });

  test('leaves a dropped stream out, but not what is below it', async () => {
    const { messages, records } = await read(stream_maps({ shelves: null }));

    expect(messages.filter(({ stream }) => stream === 'shelves')).toEqual([]);
    expect(records('books')).toHaveLength(3);
  });

  test('asks for nothing below a record that a filter leaves out', async () => {
    const { code, records } = await read(stream_maps({ shelves: { __filter__: "id == 's1'" } }));

    expect(code).toBe(0);
    expect(records('shelves')).toEqual([{ id: 's1' }]);
    expect(records('books').map((record) => record?.['id'])).toEqual(['b3']);
  });

  test('says how many records maps leave out', async () => {
    const { log } = await read(stream_maps({ books: { __filter__: 'big' } }));

    expect(log).toMatch(/books .* 2 rows; left out by stream maps/);
  });

  test('warns of a map for a stream that does not exist', async () => {
    const { log } = await read(stream_maps({ boks: { big: null } }));

    expect(log).toContain('stream_maps.boks changes nothing: there is no stream boks.');
  });

  test('fits computed values to their columns', async () => {
    const { records } = await read(stream_maps({ books: { pair: '[id, big]', half: 'big / 2 if big else None' } }));

    expect(records('books')).toContainEqual(expect.objectContaining({ pair: '["b1",1]', half: '0.5' }));
  });

  test('activates the versions of all outputs', async () => {
    const { messages } = await read(stream_maps({ copy: { __source__: 'shelves' } }), { activateVersion: true });

    expect(messages.filter(({ type }) => type === 'ACTIVATE_VERSION').map(({ stream }) => stream)).toEqual([
      'shelves',
      'copy',
    ]);
  });

  test('writes batch files for each output, with what messages would hold', async () => {
    const root = mkdtempSync(join(tmpdir(), 'mapped-'));
    const batch = {
      encoding: { format: 'jsonl', compression: 'none' },
      storage: { root, prefix: '' },
      batch_size: 100,
    };
    const maps = { books: { __alias__: 'volumes' }, ids: { __source__: 'books', __else__: null } };
    const { messages } = await read(stream_maps(maps), { connection: { batch } as Given['connection'] & object });
    const idsOf = (stream: string) => {
      const files = messages.flatMap((message) =>
        message.type === 'BATCH' && message.stream === stream ? [message] : [],
      );
      const paths = files.flatMap((message) => (message as unknown as { manifest: string[] }).manifest);
      const lines = paths.flatMap((path) => readFileSync(new URL(path), 'utf8').trim().split('\n'));
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    };

    expect(idsOf('volumes')).toHaveLength(3);
    expect(idsOf('ids')).toEqual(expect.arrayContaining([{ id: 'b1' }, { id: 'b2' }, { id: 'b3' }]));
    expect(messages.filter(({ type }) => type === 'RECORD')).toEqual([]);
    rmSync(root, { recursive: true });
  });

  test('ends a stream in which an expression fails, and says which without its value', async () => {
    const { code, log, records } = await read(stream_maps({ books: { code: 'int(id)' } }));

    expect(code).toBe(1);
    expect(records('shelves')).toHaveLength(2);
    expect(log).toMatch(/books: the expression of code in stream_maps, int\(id\), failed.*ValueError/);
    expect(log).not.toMatch(/'b1'|"b1"/);
  });

  test('reads the settings before it asks the server for anything', async () => {
    const problems = await refusal(
      stream_maps({ books: { a: 'len(id)', b: 'ghost + 1', c: '1 +', id: null, __filter__: 5 }, __other__: {} }),
    );

    expect(server?.asked).toEqual([]);
    expect(problems).toContain('stream_maps.books.a is "len(id)"; column 1: unknown function len.');
    expect(problems).toContain('stream_maps.books.b is "ghost + 1"; column 1: unknown name ghost.');
    expect(problems).toContain('stream_maps.books.c is "1 +"; column 4: this is not a Python expression');
    expect(problems).toContain('stream_maps.books.id removes a key property.');
    expect(problems).toContain('stream_maps.books.__filter__ should be an expression.');
    expect(problems).toContain('stream_maps.__other__ is not known');
  });

  test('sees selected properties only', async () => {
    const catalog = {
      streams: [
        {
          tap_stream_id: 'books',
          stream: 'books',
          metadata: [
            { breadcrumb: [], metadata: { selected: true } },
            { breadcrumb: ['properties', 'big'], metadata: { selected: false } },
          ],
        },
      ],
    };
    const failed = read(stream_maps({ books: { twice: 'big * 2' } }), { catalog });

    await expect(failed).rejects.toThrow('unknown name big');
  });
});

describe('a flattened run', () => {
  const flat = { flattening_enabled: true, flattening_max_depth: 2 };

  test('has columns in place of objects, and nothing under the name of one that is null', async () => {
    const { of, records } = await read(flat);
    const [schema] = of('SCHEMA', 'books') as unknown as { schema: { properties: object } }[];

    expect(schema?.schema.properties).toMatchObject({ more: { type: ['string', 'null'] } });
    expect(records('books').find((record) => record?.['id'] === 'b1')?.['more']).toBe(
      '{"author":{"name":"Ada"},"tags":["x"],"ratio":1}',
    );
  });

  test('needs a depth', async () => {
    expect(await refusal({ flattening_enabled: true })).toMatch(/^flattening_max_depth is missing/);
  });
});

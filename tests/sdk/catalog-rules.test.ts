/** What a user's rules for the catalog make of a run. */
import { describe, expect, test } from 'vitest';
import { type Library, run, serve } from './library-tap.js';

const library = (): Library => ({
  shelves: [{ id: 's0' }],
  books: { s0: [{ id: 'b0', at: '2026-02-01T00:00:00Z', big: 7, 'a.b': 'dotted', pages: '12', more: { x: 1 } }] },
});

const root = { breadcrumb: [], metadata: { selected: true } };
const text = { type: ['string', 'null'] };

/** Runs the tap with an entry for books; the record that came out, and what was said. */
async function read(entry: object, env: Record<string, string> = {}) {
  await using server = await serve(library());
  const catalog = { streams: [{ tap_stream_id: 'books', metadata: [root], ...entry }] };
  const { messages, said, code } = await run(server, { catalog, env });
  const of = (type: string) => messages.filter((one) => one.type === type && one.stream === 'books');
  return { record: of('RECORD')[0]?.record, schema: of('SCHEMA')[0], warnings: said('WARNING'), code };
}

const properties = { id: { type: 'string' }, at: { ...text, format: 'date-time' } };

describe('a schema of the catalog', () => {
  test('adds a property that the server sends', async () => {
    const { record } = await read({ schema: { type: 'object', properties: { ...properties, 'a.b': text } } });

    expect(record).toEqual({ id: 'b0', at: '2026-02-01T00:00:00Z', 'a.b': 'dotted' });
  });

  test('converts to a type that it changes', async () => {
    const { record } = await read({
      schema: { type: 'object', properties: { ...properties, big: text, pages: { type: 'integer' }, more: text } },
    });

    expect(record).toEqual({ id: 'b0', at: '2026-02-01T00:00:00Z', big: '7', pages: 12, more: '{"x":1}' });
  });

  test('keeps keys what they are, and says so', async () => {
    const { record, warnings } = await read({
      schema: { type: 'object', properties: { ...properties, id: { type: 'boolean' }, at: { type: 'integer' } } },
      metadata: [root, { breadcrumb: ['properties', 'id'], metadata: { selected: false } }],
    });

    expect(record).toEqual({ id: 'b0', at: '2026-02-01T00:00:00Z' });
    expect(warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining('the key id cannot hold keys'),
        expect.stringContaining('the key at cannot hold keys'),
        expect.stringContaining('deselects the key id'),
      ]),
    );
  });
});

test('a column with a dot in its name is selected by its own breadcrumb', async () => {
  const schema = { type: 'object', properties: { ...properties, 'a.b': text, big: { type: 'integer' } } };
  const off = ['a.b', 'big'].map((name) => ({ breadcrumb: ['properties', name], metadata: { selected: false } }));

  const both = await read({ schema, metadata: [root, ...off] });
  const one = await read({ schema, metadata: [root, ...off.slice(1)] });

  expect(Object.keys(both.record ?? {})).toEqual(['id', 'at']);
  expect(Object.keys(one.record ?? {})).toEqual(['id', 'at', 'a.b']);
});

test('the method FULL_TABLE reads a stream from the start date on, whatever its bookmark', async () => {
  await using server = await serve(library());
  const state = { bookmarks: { books: { partitions: [{ context: { shelf: 's0' }, start: '2026-10-01T00:00:00Z' }] } } };
  const catalog = { streams: [{ tap_stream_id: 'books', metadata: [root], replication_method: 'FULL_TABLE' }] };

  const { messages } = await run(server, { catalog, state });

  expect(messages.filter(({ type }) => type === 'RECORD').map(({ record }) => record?.['id'])).toEqual(['b0']);
});

test('a method or a key that is not possible is refused before any request', async () => {
  await using server = await serve(library());
  const catalog = { streams: [{ tap_stream_id: 'books', metadata: [root], replication_key: 'id' }] };

  await expect(run(server, { catalog })).rejects.toThrow(/replication key "id", but the server can only be asked/);
  expect(server.asked).toEqual([]);
});

test('a pattern of Meltano that matches nothing is named', async () => {
  const { warnings } = await read({}, { TAP_LIBRARY__SELECT: '["books.*", "bokos.*"]' });

  expect(warnings).toContain('select: bokos.* matches nothing that this tap has; it has no effect.');
});

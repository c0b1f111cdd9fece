/** Runs of a part of the streams, and what they leave to the others. Meltano's merging of states is played here. */
import { describe, expect, test } from 'vitest';
import { Chance } from '../support/random.js';
import { Target } from '../support/target.js';
import { type Library, type Row, ids, run, serve, someLibrary } from './library-tap.js';

const names = ['shelves', 'books', 'stamps'];

/** A catalog that selects these streams; `entries`: what else it says of them. */
const catalogOf = (selected: readonly string[], entries: Record<string, object> = {}) => ({
  streams: names.map((name) => ({
    tap_stream_id: name,
    metadata: [{ breadcrumb: [], metadata: { selected: selected.includes(name) } }],
    ...entries[name],
  })),
});

type Outcome = Awaited<ReturnType<typeof run>>;

const recordsOf = ({ messages }: Outcome, stream: string): string[] =>
  messages
    .filter((one) => one.type === 'RECORD' && one.stream === stream)
    .map(({ record }) => `${String(record?.['book'] ?? '')}${String(record?.['id'])}`)
    .sort();

/** Two states as Meltano merges them: objects member by member, everything else replaced. */
function merge(onto: unknown, from: unknown): unknown {
  const isObject = (value: unknown): value is Row =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(onto) || !isObject(from)) return from;
  const members = Object.entries(from).map(([name, value]) => [name, merge(onto[name], value)] as const);
  return { ...onto, ...Object.fromEntries(members) };
}

/** The library with this shelf alone. */
const only = (library: Library, shelf: string): Library => ({
  shelves: [{ id: shelf }],
  books: { [shelf]: library.books[shelf] ?? [] },
});

describe('a run of one stream, then of all', () => {
  test('reads nothing of the first again', async () => {
    const library = someLibrary(new Chance(1));
    await using server = await serve(library);
    const first = await run(server, { catalog: catalogOf(['books']) });

    const second = await run(server, { catalog: catalogOf(names), state: first.state });

    expect(recordsOf(first, 'books')).toEqual(ids(library));
    expect(recordsOf(second, 'books')).toEqual([]);
    expect(recordsOf(second, 'stamps')).toHaveLength(ids(library).length);
  });

  test('reads the parent wholly, if the one was its child', async () => {
    const library = someLibrary(new Chance(2));
    await using server = await serve(library);
    const first = await run(server, { catalog: catalogOf(['stamps']) });

    const second = await run(server, { catalog: catalogOf(names), state: first.state });

    expect(recordsOf(first, 'stamps')).toHaveLength(ids(library).length);
    expect(recordsOf(second, 'books')).toEqual(ids(library));
    expect(recordsOf(second, 'stamps')).toEqual([]);
  });
});

describe('a full refresh of one stream', () => {
  test('by its method reads that one again, and keeps the bookmarks of the others', async () => {
    const library = someLibrary(new Chance(3));
    await using server = await serve(library);
    const { state } = await run(server, { catalog: catalogOf(names) });

    const refreshed = await run(server, {
      catalog: catalogOf(['books'], { books: { replication_method: 'FULL_TABLE' } }),
      state,
    });

    expect(recordsOf(refreshed, 'books')).toEqual(ids(library));
    expect(refreshed.state?.bookmarks['stamps']).toEqual(state?.bookmarks['stamps']);
  });

  test('without its bookmark does the same', async () => {
    const library = someLibrary(new Chance(4));
    await using server = await serve(library);
    const { state } = await run(server, { catalog: catalogOf(names) });
    const { books: _, ...others } = state?.bookmarks ?? {};

    const refreshed = await run(server, { catalog: catalogOf(['books']), state: { bookmarks: others } });

    expect(recordsOf(refreshed, 'books')).toEqual(ids(library));
    expect(refreshed.state?.bookmarks['stamps']).toEqual(state?.bookmarks['stamps']);
  });

  test('without any state, merged onto the old one, keeps the bookmarks of the others', async () => {
    const library = someLibrary(new Chance(5));
    await using server = await serve(library);
    const { state } = await run(server, { catalog: catalogOf(names) });
    const { state: fresh } = await run(server, { catalog: catalogOf(['books']) });

    const after = await run(server, { catalog: catalogOf(names), state: merge(state, fresh) });

    expect([recordsOf(after, 'books'), recordsOf(after, 'stamps')]).toEqual([[], []]);
  });
});

describe('states of different partitions, merged by Meltano', () => {
  test('lose no row: a partition whose bookmark is gone is read from the start date on', async () => {
    const library = someLibrary(new Chance(6));
    const target = new Target();
    const states: unknown[] = [];
    for (const shelf of ['s0', 's1']) {
      await using part = await serve(only(library, shelf));
      const { stdout, state } = await run(part, { catalog: catalogOf(['books']) });
      target.load(stdout);
      states.push(state);
    }
    await using server = await serve(library);

    const { stdout } = await run(server, { catalog: catalogOf(['books']), state: merge(states[0], states[1]) });
    target.load(stdout);

    expect(target.keys('books')).toEqual(ids(library));
  });

  test('stay both where one run knew both: each state is complete', async () => {
    const library = someLibrary(new Chance(7));
    await using server = await serve(library);
    const { state } = await run(server, { catalog: catalogOf(['books']) });

    const after = await run(server, { catalog: catalogOf(['books']), state: merge(state, state) });

    expect(recordsOf(after, 'books')).toEqual([]);
  });
});

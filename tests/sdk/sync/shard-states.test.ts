/** A state made of the states of several shards. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/sdk/errors.js';
import type { Shard } from '../../../src/sdk/define/shard.js';
import type { StreamDefinition } from '../../../src/sdk/define/stream-definition.js';
import { State } from '../../../src/sdk/singer/state.js';
import { readStates } from '../../../src/sdk/sync/shard-states.js';

const shelves = { name: 'shelves', scope: { kind: 'single' } } as unknown as StreamDefinition;
const books = { name: 'books', scope: { kind: 'each', parent: shelves } } as unknown as StreamDefinition;
const members = { name: 'members', scope: { kind: 'single' } } as unknown as StreamDefinition;
const second: Shard = { stream: 'shelves', isFirst: false, has: ({ shelf }) => shelf === 'b' };
const first: Shard = { ...second, isFirst: true, has: ({ shelf }) => shelf === 'a' };

const t1 = '2026-11-20T00:00:00Z';
const partition = (shelf: string) => ({ context: { shelf }, start: t1 });
const of = (...shelf: string[]) => ({ start: t1, partitions: shelf.map(partition) });
const shards = [{ bookmarks: { members: { start: t1 }, books: of('a') } }, { bookmarks: { books: of('b') } }];
const read = (value: unknown, shard?: Shard): unknown =>
  readStates(value, (one) => new State(one), [shelves, books, members], shard).toJSON();

describe('a state of several shards', () => {
  test('gives each shard what is its own', () => {
    expect(read({ shards }, first)).toEqual({ bookmarks: { members: { start: t1 }, books: of('a') } });
    expect(read({ shards }, second)).toEqual({ bookmarks: { books: of('b') } });
  });

  test('gives everything to a run without shards', () => {
    expect(read({ shards })).toEqual({ bookmarks: { members: { start: t1 }, books: of('a', 'b') } });
  });

  test('adds to the bookmarks that an interrupted run has put beside it', () => {
    const later = { context: { shelf: 'b' }, start: '2026-11-21T00:00:00Z' };
    const bookmarks = { books: { start: later.start, partitions: [later] } };

    expect(read({ shards, bookmarks }, second)).toEqual({ bookmarks });
  });

  test('leaves no bookmark that a project without one could begin at', () => {
    expect(read({ shards: [{ bookmarks: { books: of('a') } }] }, second)).toEqual({ bookmarks: { books: {} } });
  });

  test('must be a list', () => {
    expect(() => read({ shards: {} })).toThrow(InputError);
  });
});

test('a plain state keeps the bookmarks of other shards', () => {
  const plain = { bookmarks: { members: { start: t1 }, books: of('a', 'b') } };

  expect(read(plain, second)).toEqual(plain);
});

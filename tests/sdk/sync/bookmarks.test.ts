import { describe, expect, test } from 'vitest';
import { State } from '../../../src/sdk/singer/state.js';
import { Bookmarks } from '../../../src/sdk/sync/bookmarks.js';
import { day, hour, isoSeconds, minute, second } from '../../../src/sdk/time.js';
import { keepLog } from '../../support/log.js';
import { LibraryServer, type SyncOptions, nodeOf, now, setUp, startDate } from './library.js';

const s0 = { shelf: 's0' };
const s1 = { shelf: 's1' };
const iso = isoSeconds;

function bookmarksOf(options: Partial<SyncOptions> = {}) {
  const { bookmarks, roots, kept } = setUp(new LibraryServer({}), {
    select: ['books', 'notes', 'sales', 'receipts', 'visits'],
    ...options,
  });
  const names = ['books', 'notes', 'loans', 'sales', 'receipts', 'visits'] as const;
  const nodes = Object.fromEntries(
    names
      .filter((name) => roots.some(({ subtree }) => subtree.some((node) => node.name === name)))
      .map((name) => [name, nodeOf(roots, name)]),
  ) as Record<(typeof names)[number], ReturnType<typeof nodeOf>>;
  return { bookmarks, nodes, kept };
}

/** A state of partitions: where each stands, and what is done behind. */
const standing = (starts: Record<string, [shelf: string, start: number, done?: [number, number][]][]>) => ({
  bookmarks: Object.fromEntries(
    Object.entries(starts).map(([stream, partitions]) => [
      stream,
      {
        partitions: partitions.map(([shelf, start, done = []]) => ({
          context: { shelf },
          start: iso(start),
          done: done.map((range) => range.map(iso)),
        })),
      },
    ]),
  ),
});

describe('reading ends', () => {
  test('at the end of the run', () => {
    const { bookmarks } = bookmarksOf();

    expect(bookmarks.endBefore(0)).toBe(bookmarks.end);
  });

  test('a while before the run began, where rows become visible late', () => {
    const { bookmarks } = bookmarksOf();

    expect(bookmarks.endBefore(10 * minute)).toBe(bookmarks.latest - 10 * minute);
  });

  test('at the end date, where that is long ago', () => {
    const [end, state] = [now - day, new State({}, new Map())];
    const log = keepLog(false).log;
    const bookmarks = new Bookmarks({ state, startDate, end, latest: end, now, fullTable: new Set(), log });

    expect(bookmarks.endBefore(10 * minute)).toBe(end);
    expect(bookmarks.endBefore(2 * day)).toBe(now - 2 * day);
  });
});

describe('rows of a stream are wanted', () => {
  test('from the start date on, without a bookmark', () => {
    const { bookmarks, nodes } = bookmarksOf({ settings: { lookback: hour } });

    expect(bookmarks.from(nodes.books, s0)).toBe(startDate);
  });

  test('from the lookback before the bookmark on, but not from before the start date', () => {
    const state = standing({
      books: [
        ['s0', now - day],
        ['s1', startDate + minute],
      ],
    });
    const { bookmarks, nodes } = bookmarksOf({ state, settings: { lookback: hour } });

    expect(bookmarks.from(nodes.books, s0)).toBe(now - day - hour);
    expect(bookmarks.from(nodes.books, s1)).toBe(startDate);
  });

  test('from the start date on, where the catalog wants the whole table', () => {
    const { bookmarks, nodes } = bookmarksOf({ state: standing({ books: [['s0', now - day]] }), fullTable: ['books'] });

    expect(bookmarks.from(nodes.books, s0)).toBe(startDate);
    expect(bookmarks.start(nodes.books, [s0])).toBe(startDate);
  });

  test('from the same place on for the whole run, though the bookmark moves', () => {
    const { bookmarks, nodes } = bookmarksOf({ select: ['books'], state: standing({ books: [['s0', now - day]] }) });

    bookmarks.state.advance('books', s0, now, []);

    expect(bookmarks.from(nodes.books, s0)).toBe(now - day);
    expect(bookmarks.start(nodes.books, [s0])).toBe(now - day);
  });
});

describe('a bookmark in the future', () => {
  const state = standing({ books: [['s0', now + 73 * 365 * day]], visits: [['s1', now + second]] });

  test('is taken for the latest that there may be, and said once for its stream', () => {
    const { bookmarks, nodes, kept } = bookmarksOf({ state, settings: { lookback: hour } });

    expect([bookmarks.from(nodes.books, s0), bookmarks.from(nodes.books, s0)]).toEqual([now - hour, now - hour]);
    expect(bookmarks.from(nodes.visits, s1)).toBe(now - hour);
    expect(kept.said('WARNING')).toEqual([
      `books: the bookmark ${iso(now + 73 * 365 * day)} lies in the future. ${iso(now)} is used instead.`,
      `visits: the bookmark ${iso(now + second)} lies in the future. ${iso(now)} is used instead.`,
    ]);
  });

  test('is none when it is the latest itself', () => {
    const { bookmarks, nodes, kept } = bookmarksOf({ state: standing({ books: [['s0', now]] }) });

    expect(bookmarks.from(nodes.books, s0)).toBe(now);
    expect(kept.said('WARNING')).toEqual([]);
  });
});

describe('a query begins', () => {
  test('where the earliest of its contexts stands', () => {
    const state = standing({
      books: [
        ['s0', now - day],
        ['s1', now - 2 * day],
      ],
    });
    const { bookmarks, nodes } = bookmarksOf({ select: ['books'], state });

    expect(bookmarks.start(nodes.books, [s0])).toBe(now - day);
    expect(bookmarks.start(nodes.books, [s0, s1])).toBe(now - 2 * day);
  });

  test('where the earliest of the selected streams below it stands', () => {
    const state = standing({ books: [['s0', now - day]], notes: [['s0', now - 3 * day]] });
    const both = bookmarksOf({ select: ['books', 'notes'], state });
    const parent = bookmarksOf({ select: ['books'], state });
    const child = bookmarksOf({ select: ['notes'], state });

    expect(both.bookmarks.start(both.nodes.books, [s0])).toBe(now - 3 * day);
    expect(parent.bookmarks.start(parent.nodes.books, [s0])).toBe(now - day);
    expect(child.bookmarks.start(child.nodes.books, [s0])).toBe(now - 3 * day);
  });

  test('the longer lookback of the two before a child', () => {
    const state = standing({ notes: [['s0', now - day]] });
    const { bookmarks, nodes } = bookmarksOf({ select: ['notes'], state, settings: { lookback: 2 * hour } });

    expect(bookmarks.start(nodes.books, [s0])).toBe(now - day - 2 * hour);
  });

  test('at the end of the run, where it covers nothing', () => {
    const { bookmarks, nodes } = bookmarksOf({ select: ['visits'], end: now });

    expect(bookmarks.start(nodes.visits, [])).toBe(now);
  });
});

describe('what is done', () => {
  const state = standing({ books: [['s0', now - 5 * day, [[now - 3 * day, now - 2 * day]]]] });
  const piece = { start: now - 3 * day, end: now - 2 * day };

  test('is everything before the lookback of the bookmark, and what an interrupted run has finished', () => {
    const { bookmarks, nodes } = bookmarksOf({ select: ['books'], state, settings: { lookback: hour } });

    expect(bookmarks.done(nodes.books, nodes.books, s0)).toEqual([
      { start: -Infinity, end: now - 5 * day - hour },
      piece,
    ]);
  });

  test('does not count in a full pass, of whichever stream of the tree', () => {
    const wanted = { select: ['sales', 'receipts'], settings: { fullPass: day } };
    const places = { sales: [['s0', now - 5 * day, [[now - 3 * day, now - 2 * day]]]] } as Parameters<
      typeof standing
    >[0];
    const fresh = standing(places);
    const passed = {
      bookmarks: { ...fresh.bookmarks, sales: { ...fresh.bookmarks['sales'], full_pass: iso(now - hour) } },
    };
    const due = bookmarksOf({ ...wanted, state: fresh });
    const notDue = bookmarksOf({ ...wanted, state: passed });

    expect(due.bookmarks.done(due.nodes.sales, due.nodes.receipts, s0)).toHaveLength(1);
    expect(due.bookmarks.done(due.nodes.sales, due.nodes.sales, s0)).toEqual([{ start: -Infinity, end: startDate }]);
    expect(notDue.bookmarks.done(notDue.nodes.sales, notDue.nodes.sales, s0)).toEqual([
      { start: -Infinity, end: now - 5 * day },
      piece,
    ]);
  });

  test('makes contexts share a query, if it is the same for every selected stream', () => {
    const same = standing({
      sales: [
        ['s0', now - day],
        ['s1', now - day],
        ['s2', now - 2 * day],
        ['s3', now - day, [[now - hour, now]]],
      ],
      receipts: [
        ['s0', now - day],
        ['s1', now - day],
        ['s2', now - day],
        ['s3', now - day],
      ],
    });
    const { bookmarks, nodes } = bookmarksOf({ select: ['sales', 'receipts'], state: same });
    const key = (shelf: string) => bookmarks.cohortKey(nodes.sales, { shelf });
    const alone = bookmarksOf({ select: ['receipts'], state: same });

    expect(key('s1')).toBe(key('s0'));
    expect(key('s2')).not.toBe(key('s0'));
    expect(key('s3')).not.toBe(key('s0'));
    expect(alone.bookmarks.cohortKey(alone.nodes.sales, { shelf: 's2' })).toBe(
      alone.bookmarks.cohortKey(alone.nodes.sales, s0),
    );
  });
});

describe('a full pass', () => {
  const known = standing({ sales: [['s0', now - day]] }).bookmarks;
  const since = (ms: number) => ({ bookmarks: { sales: { ...known['sales'], full_pass: iso(now - ms) } } });
  const due = (state: unknown, fullPass = day) => {
    const { bookmarks, nodes } = bookmarksOf({ select: ['sales'], state, settings: { fullPass } });
    return bookmarks.passDue(nodes.sales);
  };

  test('is due when its interval is over', () => {
    expect([due(since(day)), due(since(day - second))]).toEqual([true, false]);
  });

  test('is due where an earlier run has left no word of one', () => {
    expect(due({ bookmarks: known })).toBe(true);
  });

  test('is never due without an interval', () => {
    expect(due({ bookmarks: known }, 0)).toBe(false);
  });

  test('is not due in the first sync, which is one: its time is that of the run', () => {
    const { bookmarks, nodes } = bookmarksOf({ select: ['sales'], settings: { fullPass: day } });

    expect(bookmarks.passDue(nodes.sales)).toBe(false);
    expect(bookmarks.state.fullPass('sales')).toBe(now);
  });

  test('leaves no time for a stream that is not selected, or has no interval', () => {
    const unselected = bookmarksOf({ select: ['receipts'], settings: { fullPass: day } });
    unselected.bookmarks.passDue(unselected.nodes.sales);
    const without = bookmarksOf({ select: ['sales'] });
    without.bookmarks.passDue(without.nodes.sales);

    expect(unselected.bookmarks.state.fullPass('sales')).toBeUndefined();
    expect(without.bookmarks.state.fullPass('sales')).toBeUndefined();
  });

  test('reads from the start date on', () => {
    const { bookmarks, nodes } = bookmarksOf({
      select: ['sales'],
      state: { bookmarks: known },
      settings: { fullPass: day },
    });

    expect([bookmarks.from(nodes.sales, s0), bookmarks.start(nodes.sales, [s0])]).toEqual([startDate, startDate]);
  });

  test('counts once everything has been read, and only if it was due', () => {
    const run = (ms: number) => {
      const { bookmarks, nodes } = bookmarksOf({ select: ['sales'], state: since(ms), settings: { fullPass: day } });
      bookmarks.passDue(nodes.sales);
      const before = bookmarks.state.fullPass('sales');
      bookmarks.passed(nodes.sales);
      return [before, bookmarks.state.fullPass('sales')];
    };

    expect(run(2 * day)).toEqual([now - 2 * day, now]);
    expect(run(hour)).toEqual([now - hour, now - hour]);
  });

  test('is decided once for the run', () => {
    const { bookmarks, nodes } = bookmarksOf({ select: ['sales'], state: since(2 * day), settings: { fullPass: day } });
    bookmarks.passDue(nodes.sales);

    bookmarks.passed(nodes.sales);

    expect(bookmarks.passDue(nodes.sales)).toBe(true);
  });
});

describe('everything of a stream that depends on another is looked at', () => {
  const known = (fullPass?: number) => ({
    bookmarks: {
      visits: { start: iso(now - day) },
      sales: { start: iso(now - day), ...(fullPass === undefined ? {} : { full_pass: iso(fullPass) }) },
    },
  });
  const isFullPass = (state: unknown, fullPass = day) => {
    const { bookmarks, nodes } = bookmarksOf({ select: ['sales', 'visits'], state, settings: { fullPass } });
    bookmarks.passDue(nodes.sales);
    return bookmarks.isFullPass(nodes.visits);
  };

  test('in its first sync, and when the other is read wholly', () => {
    expect(isFullPass({ bookmarks: { sales: { start: iso(now), full_pass: iso(now) } } })).toBe(true);
    expect(isFullPass(known(now - 2 * day))).toBe(true);
    expect(isFullPass(known(now - hour))).toBe(false);
  });

  test('where nothing says when the other was last read wholly', () => {
    expect(isFullPass(known())).toBe(true);
    expect(isFullPass(known(), 0)).toBe(true);
  });
});

describe('a child is asked for a row of its parent', () => {
  const state = standing({ notes: [['s0', now - day]] });
  const asks = (at: unknown, context = s0, fullTable: string[] = []) => {
    const { bookmarks, nodes } = bookmarksOf({ select: ['books', 'notes'], state, fullTable });
    const row = { id: 'b', at };
    return bookmarks.shouldRequestChild(nodes.notes, nodes.books, { raw: row, row, key: 'b', kept: true }, context);
  };

  test('that is as new as the bookmark of the child, or newer', () => {
    expect([asks(iso(now - day)), asks(iso(now - day - second))]).toEqual([true, false]);
  });

  test('of another partition, which stands elsewhere', () => {
    expect(asks(iso(now - 2 * day), s1)).toBe(true);
  });

  test('that has no time', () => {
    expect([asks(null), asks('yesterday')]).toEqual([true, true]);
  });

  test('however old it is, where the child is read wholly', () => {
    expect(asks(iso(now - 2 * day), s0, ['notes'])).toBe(true);
  });

  test('that has changed, by whichever of its times says so', () => {
    const { bookmarks, nodes } = bookmarksOf({ select: ['books', 'notes'], state });
    const changing = Object.create(nodes.notes, {
      definition: { value: { ...nodes.notes.definition, changedAt: (row: { times: unknown[] }) => row.times } },
    }) as typeof nodes.notes;
    const changed = (...times: unknown[]) => {
      const row = { id: 'b', at: iso(now - 9 * day), times };
      return bookmarks.shouldRequestChild(changing, nodes.books, { raw: row, row, key: 'b', kept: true }, s0);
    };

    expect(changed(iso(now - 9 * day), null, iso(now - hour))).toBe(true);
    expect(changed(iso(now - 9 * day), null, iso(now - 2 * day))).toBe(false);
    expect(changed(null)).toBe(true);
  });
});

test('partitions that a list lacks are those of the stream and of all below it, each once', () => {
  const state = standing({
    books: [
      ['s0', now],
      ['s1', now],
    ],
    notes: [
      ['s1', now],
      ['s2', now],
    ],
    visits: [['s3', now]],
  });
  const { bookmarks, nodes } = bookmarksOf({ state });

  expect(bookmarks.partitionsWithout(nodes.books, new Map([['[["shelf","s0"]]', s0]]))).toEqual([s1, { shelf: 's2' }]);
});

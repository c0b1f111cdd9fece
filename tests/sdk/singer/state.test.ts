import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/sdk/errors.js';
import { State, contextKey } from '../../../src/sdk/singer/state.js';

const at = (text: string): number => Date.parse(text);
const t1 = '2026-11-20T00:00:00Z';
const t2 = '2026-11-21T00:00:00Z';
const t3 = '2026-11-22T00:00:00Z';
const seven = { project_id: '7' };
const nine = { project_id: '9' };

/** Events of project 7 at t1 and of project 9 at t2. */
const parted = () => ({
  bookmarks: {
    events: {
      start: t1,
      partitions: [
        { context: seven, start: t1 },
        { context: nine, start: t2 },
      ],
    },
  },
});

describe('a state that comes in', () => {
  test('of the README is read literally, and written the same', () => {
    const readme = {
      bookmarks: {
        issues: { start: '2023-01-01T00:00:00Z' },
        events: { start: '2023-01-01T00:00:00Z' },
        releases: { start: '2023-01-01T00:00:00Z' },
      },
    };
    const state = new State(readme);

    expect(state.start('issues')).toBe(at('2023-01-01T00:00:00Z'));
    expect(state.start('events', seven)).toBe(at('2023-01-01T00:00:00Z'));
    expect(state.toJSON()).toEqual(readme);
  });

  test('of ours comes back as it was', () => {
    const ours = {
      bookmarks: {
        releases: { start: t3 },
        issues: {
          start: t1,
          full_pass: t3,
          partitions: [
            { context: seven, start: t1, done: [[t2, t3]] },
            { context: nine, start: t3 },
          ],
        },
      },
    };

    expect(new State(ours).toJSON()).toEqual(ours);
  });

  test('of the Python SDK is understood, its working notes are dropped', () => {
    const state = new State({
      bookmarks: {
        events: {
          replication_key: 'dateCreated',
          replication_key_value: '2026-11-20T01:00:00+01:00',
          starting_replication_value: t1,
          replication_key_signpost: t3,
          progress_markers: { Note: 'x' },
          partitions: [{ context: { project_id: 7 }, replication_key_value: t2 }],
        },
      },
    });

    expect(state.start('events', seven)).toBe(at(t2));
    expect(state.toJSON()).toEqual({
      bookmarks: { events: { start: t2, partitions: [{ context: seven, start: t2 }] } },
    });
    expect(
      new State({ bookmarks: { events: { replication_key_value: '2026-11-20T01:00:00+01:00' } } }).start('events'),
    ).toBe(at(t1));
  });

  test('keeps what it does not know: streams, keys, its own top', () => {
    const strange = {
      somebody: { else: 1 },
      bookmarks: { others: { anything: [1] }, text: 'x', teams: { start: t1, more: true } },
    };

    expect(new State(strange).toJSON()).toEqual({ ...strange, bookmarks: { ...strange.bookmarks } });
  });

  test.each([undefined, {}, { bookmarks: {} }])('may be empty: %j', (value) => {
    const state = new State(value);

    expect([state.knows('events'), state.start('events')]).toEqual([false, undefined]);
    expect(state.toJSON()).toEqual({ bookmarks: {} });
  });

  test.each([
    [[], /not an object/],
    ['text', /not an object/],
    [null, /not an object/],
    [{ bookmarks: [] }, /"bookmarks" is not an object/],
    [{ bookmarks: { events: { start: 'last week' } } }, /bookmarks\.events\.start is not a date/],
    [{ bookmarks: { events: { start: 1700000000 } } }, /not a date/],
    [{ bookmarks: { events: { full_pass: 'x' } } }, /full_pass is not a date/],
    [{ bookmarks: { events: { partitions: {} } } }, /partitions is not a list/],
    [{ bookmarks: { events: { partitions: [{ start: t1 }] } } }, /partitions\[0\] has no object "context"/],
    [
      { bookmarks: { events: { partitions: [{ context: seven }, { context: { project_id: 7 } }] } } },
      /partitions\[1\] repeats the context/,
    ],
    [{ bookmarks: { events: { done: {} } } }, /done is not a list/],
    [{ bookmarks: { events: { done: [[t1]] } } }, /done\[0\] is not a pair/],
    [{ bookmarks: { events: { done: [[t1, 'x']] } } }, /done\[0\] is not a date/],
  ])('and cannot be understood is an error: %j', (value, message) => {
    expect(() => new State(value)).toThrow(InputError);
    expect(() => new State(value)).toThrow(message);
  });
});

describe('a bookmark', () => {
  test('moves forward only', () => {
    const state = new State(parted());

    state.advance('events', seven, at(t3), []);
    state.advance('events', seven, at(t1), []);

    expect(state.start('events', seven)).toBe(at(t3));
    expect(state.toJSON()).toMatchObject({ bookmarks: { events: { start: t2 } } });
  });

  test('of a stream is the earliest of its partitions', () => {
    expect(new State(parted()).toJSON()).toMatchObject({ bookmarks: { events: { start: t1 } } });
  });

  test('of a stream is unknown while that of a partition is', () => {
    const state = new State({
      bookmarks: { events: { partitions: [{ context: seven, start: t1 }, { context: nine }] } },
    });

    expect((state.toJSON()['bookmarks'] as Record<string, object>)['events']).not.toHaveProperty('start');
  });

  test('is of whole seconds', () => {
    const state = new State();

    state.advance('events', undefined, at(t1) + 999, []);

    expect(state.toJSON()).toEqual({ bookmarks: { events: { start: t1 } } });
  });

  test('carries what has been read behind a gap, until the gap is closed', () => {
    const state = new State();

    state.advance('events', seven, at(t1), [{ start: at(t2), end: at(t3) }]);
    expect(state.done('events', seven)).toEqual([{ start: at(t2), end: at(t3) }]);
    expect(state.toJSON()).toMatchObject({
      bookmarks: { events: { partitions: [{ context: seven, start: t1, done: [[t2, t3]] }] } },
    });
    state.advance('events', seven, at(t3), []);

    expect(JSON.stringify(state)).not.toContain('done');
  });
});

describe('partitions', () => {
  test('that are not in a state with partitions begin anew', () => {
    expect(new State(parted()).start('events', { project_id: '11' })).toBeUndefined();
  });

  test('take the bookmark of the stream when it stood for all', () => {
    const state = new State({ bookmarks: { events: { start: t1 } } });

    state.divide('events', [seven, nine]);
    state.advance('events', seven, at(t3), []);

    expect([
      state.start('events', seven),
      state.start('events', nine),
      state.start('events', { project_id: '11' }),
    ]).toEqual([at(t3), at(t1), undefined]);
  });

  test('are not made where there is no bookmark, or where there are some', () => {
    const state = new State(parted());

    state.divide('events', [{ project_id: '11' }]);
    state.divide('issues', [seven]);

    expect(state.knowsPartition('events', { project_id: '11' })).toBe(false);
    expect(state.knows('issues')).toBe(false);
  });

  test('are forgotten when they are gone', () => {
    const state = new State(parted());

    state.forget('events', ({ project_id }) => project_id === '7');

    expect(state.toJSON()).toEqual({
      bookmarks: { events: { start: t2, partitions: [{ context: nine, start: t2 }] } },
    });
  });

  test('are known by their context, whatever the order of its keys', () => {
    expect(contextKey({ b: '2', a: '1' })).toBe(contextKey({ a: '1', b: '2' }));
    expect(contextKey({ a: '1' })).not.toBe(contextKey({ a: '2' }));
  });
});

describe('a state that takes over another', () => {
  const merged = (one: object, other: object): unknown => {
    const state = new State({ bookmarks: { events: one } });
    state.absorb(new State({ bookmarks: { events: other } }));
    return (state.toJSON()['bookmarks'] as Record<string, unknown>)['events'];
  };
  const of = (context: object, start: string): object => ({ start, partitions: [{ context, start }] });

  test('has the partitions of both, and the later bookmark of one that both have', () => {
    const both = {
      start: t1,
      partitions: [
        { context: seven, start: t1 },
        { context: nine, start: t3 },
      ],
    };

    expect(merged(of(seven, t1), of(nine, t3))).toEqual(both);
    expect(merged(of(seven, '2026-11-19T00:00:00Z'), both)).toEqual(both);
    expect(merged(both, of(nine, t2))).toEqual(both);
  });

  test('does not let the bookmark of a whole stream count for partitions', () => {
    expect(merged({ start: t3 }, of(seven, t1))).toEqual(of(seven, t1));
    expect(merged(of(seven, t1), { start: t3 })).toEqual(of(seven, t1));
  });

  test('has the later of two bookmarks of a whole stream, and the earlier full pass', () => {
    expect(merged({ start: t1, full_pass: t3 }, { start: t2, full_pass: t1 })).toEqual({ start: t2, full_pass: t1 });
    expect(merged({ start: t1, full_pass: t3 }, { start: t2 })).toEqual({ start: t2 });
  });

  test('has the streams of both', () => {
    const state = new State({ bookmarks: { events: { start: t1 } } });
    state.absorb(new State({ bookmarks: { issues: { start: t2 } } }));

    expect(state.toJSON()).toEqual({ bookmarks: { events: { start: t1 }, issues: { start: t2 } } });
  });
});

test('a stream whose last partition is gone has no bookmark that could count for a new one', () => {
  const state = new State({ bookmarks: { events: { start: t1, partitions: [{ context: seven, start: t1 }] } } });

  state.forget('events', () => true);

  expect(state.start('events', nine)).toBeUndefined();
  expect(state.toJSON()).toEqual({ bookmarks: { events: {} } });
});

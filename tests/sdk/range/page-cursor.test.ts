/** What a page of a list means for the range that is read: laws 3, 4 and 6, as a pure function. */
import { describe, expect, test } from 'vitest';
import type { Range } from '../../../src/sdk/interval-set.js';
import { type CursorOptions, PageCursor } from '../../../src/sdk/range/page-cursor.js';
import type { PageRecord } from '../../../src/sdk/rest/page.js';
import { recordAt } from '../../support/paged-list.js';
import { Chance } from '../../support/random.js';

const s = 1000;
const range: Range = { start: 100 * s, end: 200 * s };

function cursorOf(options: Partial<CursorOptions> = {}): PageCursor {
  const claimed = new Set<string>();
  return new PageCursor({
    asked: range,
    dates: ({ time }) => (time === undefined ? [] : [time]),
    newestFirst: true,
    kept: false,
    takesNewer: true,
    claim: (key) => !claimed.has(key) && Boolean(claimed.add(key)),
    ...options,
  });
}

let nextKey = 0;
/** Rows at these seconds; the key of each begins with its second. */
const at = (...seconds: number[]): PageRecord[] => seconds.map((time) => recordAt(`${time}#${nextKey++}`, time * s));
const seconds = (records: readonly PageRecord[]): number[] => records.map(({ time = NaN }) => time / s);
const inSeconds = (part: Range | undefined): unknown => part && [part.start / s, part.end / s];
const down = (from: number, to: number): number[] => Array.from({ length: from - to + 1 }, (_, n) => from - n);

describe('rows of the range', () => {
  test('are written, the first of its seconds included, the one in which it ends not', () => {
    const cursor = cursorOf({ takesNewer: false });

    const { write } = cursor.accept(at(200, 199, 150, 100, 99), true);

    expect(seconds(write)).toEqual([199, 150, 100]);
  });

  test('are finished with the last page, down to where it begins', () => {
    expect(inSeconds(cursorOf().accept(at(150), true).finished)).toEqual([100, 200]);
    expect(inSeconds(cursorOf().accept([], true).finished)).toEqual([100, 200]);
  });

  test('nothing is finished twice, or when nothing is left', () => {
    const cursor = cursorOf();

    expect(inSeconds(cursor.accept(at(190, 180, 170, 160), false).finished)).toEqual([191, 200]);
    expect(cursor.accept([], false).finished).toBeUndefined();
    expect(inSeconds(cursor.accept([], true).finished)).toEqual([100, 191]);
    expect(cursor.accept([], true).finished).toBeUndefined();
  });

  test('rows that were shown before tell how far a page reaches', () => {
    const cursor = cursorOf();
    const records = at(190, 180, 170, 160, 150);

    const { write, finished } = cursor.accept(records.slice(3), false, records);

    expect(write).toEqual(records.slice(3));
    expect(inSeconds(finished)).toEqual([181, 200]);
  });

  test('out of place are written by one of two queries', () => {
    const claimed = new Set<string>();
    const claim = (key: string): boolean => !claimed.has(key) && Boolean(claimed.add(key));
    const [lie] = at(195);
    if (!lie) throw new Error('no row');
    const upper = cursorOf({ claim });
    const lower = cursorOf({ claim, kept: true, asked: { start: 100 * s, end: 160 * s } });

    const first = upper.accept([...at(190, 180, 170, 160, 159), lie], false).write;
    const second = lower.accept([...at(159, 158, 157, 156), lie], false).write;

    expect([first.includes(lie), second.includes(lie)]).toEqual([true, false]);
  });

  test('of several dates make no position below the latest of them: the server may order by that', () => {
    const cursor = cursorOf({ dates: ({ time = 0 }) => [time, time + 30 * s] });

    expect(inSeconds(cursor.accept(at(150, 140, 130, 120), false).finished)).toEqual([181, 200]);
  });

  test('without a time are written once', () => {
    const cursor = cursorOf();
    const row = recordAt('timeless');

    expect(cursor.accept([row], false).write).toEqual([row]);
    expect(cursor.accept([row], false).write).toEqual([]);
  });

  test('are those of which any date lies in the range', () => {
    const dates = (own: number[]) => cursorOf({ takesNewer: false, dates: () => own.map((date) => date * s) });

    expect(dates([50, 150]).accept(at(50), true).write).toHaveLength(1);
    expect(dates([250, 150]).accept(at(250), true).write).toHaveLength(1);
    expect(dates([50, 250]).accept(at(50), true).write).toHaveLength(0);
    expect(dates([50, 60]).accept(at(50), true).write).toHaveLength(0);
  });
});

describe('a position', () => {
  test('is the newest of the last four rows', () => {
    const cursor = cursorOf();

    expect(cursor.position).toBe(range.end);
    cursor.accept(at(190, 180, 170), false);
    expect(cursor.position).toBe(range.end);
    cursor.accept(at(160), false);
    expect(cursor.position).toBe(191 * s);
    cursor.accept(at(150, 140), false);
    expect(cursor.position).toBe(171 * s);
  });

  test('leaves the second of that row out: more of it may follow', () => {
    const cursor = cursorOf();

    const { finished } = cursor.accept(at(160, 160, 160, 160, 160), false);

    expect(inSeconds(finished)).toEqual([161, 200]);
  });

  test('never moves up', () => {
    const cursor = cursorOf();
    cursor.accept(at(190, 180, 170, 160), false);

    cursor.accept(at(199), false);

    expect(cursor.position).toBe(191 * s);
  });

  test.each([1, 2, 3])('does not follow %i rows in a row that look too old', (lies) => {
    const cursor = cursorOf();

    const { finished } = cursor.accept(at(...down(190, 180), ...[3, 110, 105].slice(0, lies)), false);

    expect(inSeconds(finished)).toEqual([184 - lies, 200]);
  });

  test('is the end of the range where the list has no order', () => {
    const cursor = cursorOf({ newestFirst: false });
    cursor.accept(at(...down(190, 150)), false);

    expect(cursor.position).toBe(range.end);
    expect(cursor.unsorted).toBe(false);
  });

  test('spans from the newest row to the oldest', () => {
    const cursor = cursorOf();
    expect(cursor.span).toEqual({ newest: -Infinity, oldest: Infinity });

    cursor.accept(at(190, 180, 170), false);
    expect(cursor.span).toEqual({ newest: 190 * s, oldest: 170 * s });
  });

  test('spans past a lie as soon as other rows follow it', () => {
    const cursor = cursorOf();
    cursor.accept(at(190, 180, 170, 160, 3), false);
    expect(cursor.span.oldest).toBe(3 * s);

    cursor.accept(at(150), false);
    expect(cursor.span.oldest).toBe(150 * s);
    cursor.accept(at(199), false);
    expect(cursor.span).toEqual({ newest: 199 * s, oldest: 150 * s });
  });
});

describe('the keys that a query up to a position shows again', () => {
  test('are those of the rows below it', () => {
    const cursor = cursorOf();
    const records = at(190, 180, 170, 170, 160, 150, 140);
    cursor.accept(records, false);

    expect(cursor.position).toBe(171 * s);
    expect(cursor.keysBefore(cursor.position).sort()).toEqual(
      records
        .slice(2)
        .map(({ key }) => key)
        .sort(),
    );
    expect(cursor.keysBefore(150 * s)).toEqual([records.at(-1)?.key]);
  });

  test('are forgotten above it, so that they stay few', () => {
    const cursor = cursorOf();
    for (const second of down(199, 110)) cursor.accept(at(second), false);

    expect(cursor.keysBefore(Infinity)).toHaveLength(4);
  });

  test('are those of rows with an early date, too, however late the other one is', () => {
    const cursor = cursorOf({ dates: ({ time = NaN, key }) => (key.startsWith('120#') ? [time, 195 * s] : [time]) });
    const late = at(120);

    cursor.accept([...late, ...at(...down(190, 180))], false);

    expect(cursor.keysBefore(cursor.position)).toContain(late[0]?.key);
  });
});

describe('a list is in order', () => {
  const inversions = (many: number, rows: number): PageCursor => {
    const cursor = cursorOf({ asked: { start: 0, end: 10_000 * s } });
    const times = down(5000 + rows, 5001).map((time, index) =>
      index > 0 && index <= many * 2 && index % 2 ? 3 : time,
    );
    cursor.accept(at(...times), false);
    return cursor;
  };

  test.each([
    [3, 8, true],
    [4, 10, false],
    [4, 19, false],
    [4, 20, true],
    [5, 39, false],
    [5, 40, true],
    [50, 939, false],
    [50, 940, true],
  ])('with %i rows out of order of %i: %j', (many, rows, sorted) => {
    const cursor = inversions(many, rows);

    expect(cursor.sorted).toBe(sorted);
    expect(cursor.unsorted).toBe(!sorted);
    if (!sorted) expect(cursor.position).toBe(10_000 * s);
  });

  test('with any number of rows of one second', () => {
    const cursor = cursorOf();
    cursor.accept(at(...Array.from({ length: 100 }, () => 150)), false);

    expect(cursor.sorted).toBe(true);
  });

  test('or else its end is the last page, and nothing is finished before', () => {
    const cursor = cursorOf();
    const rising = down(199, 101).reverse();

    expect(cursor.accept(at(...rising.slice(0, 50)), false)).toMatchObject({ finished: undefined, past: false });
    expect(cursor.accept(at(...down(99, 10)), false).past).toBe(false);
    expect(inSeconds(cursor.accept(at(...rising.slice(50)), true).finished)).toEqual([100, 200]);
  });
});

describe('where the server does not keep the range', () => {
  test.each([
    [19, false],
    [20, true],
  ])('%i older rows in a row are the end: %j', (count, past) => {
    const cursor = cursorOf();

    const step = cursor.accept(at(150, ...down(99, 100 - count)), false);

    expect(step.past).toBe(past);
    expect(seconds(step.write)).toEqual([150]);
    expect(cursor.outside).toBe(count);
    expect(inSeconds(step.finished)).toEqual([100, 200]);
  });

  test('four older rows are enough for what is finished, which does not reach below the range', () => {
    expect(inSeconds(cursorOf().accept(at(150, 99, 98, 97), false).finished)).toEqual([151, 200]);
    expect(inSeconds(cursorOf().accept(at(150, 99, 98, 97, 96), false).finished)).toEqual([100, 200]);
  });

  test('older rows are counted over pages, and anew after a row of the range', () => {
    const cursor = cursorOf();
    expect(cursor.accept(at(150, ...down(99, 90)), false).past).toBe(false);
    expect(cursor.accept(at(110, ...down(99, 90)), false).past).toBe(false);
    expect(cursor.accept(at(...down(89, 81)), false).past).toBe(false);
    expect(cursor.accept(at(80), false).past).toBe(true);
  });

  test('older rows are counted anew after a newer row', () => {
    const cursor = cursorOf();
    cursor.accept(at(150, ...down(99, 81)), false);

    expect(cursor.accept(at(250, ...down(80, 79)), false).past).toBe(false);
  });

  test.each([
    [1, true],
    [3, true],
    [4, false],
  ])('%i older rows between rows of the range are lies that belong to it: %j', (count, written) => {
    const cursor = cursorOf();
    const lies = at(...down(50, 51 - count));

    const first = cursor.accept([...at(150), ...lies], false);
    const { write } = cursor.accept(at(149), false);

    expect(seconds(first.write)).toEqual([150]);
    expect(write).toEqual(written ? [...lies, expect.objectContaining({ time: 149 * s })] : [expect.anything()]);
  });

  test('lies of two places are not taken for one', () => {
    const cursor = cursorOf();
    const { write } = cursor.accept(at(150, 9, 9, 149, 9, 9, 148), false);

    expect(seconds(write)).toEqual([150, 9, 9, 149, 9, 9, 148]);
  });

  test('a lie that has been written by another slice is not written again', () => {
    const cursor = cursorOf({ claim: () => false });

    expect(seconds(cursor.accept(at(150, 50, 149), true).write)).toEqual([150, 149]);
  });

  test('a row with one date before the range and one behind it is no older row', () => {
    const cursor = cursorOf({ dates: () => [50 * s, 250 * s] });

    expect(seconds(cursor.accept(at(50), true).write)).toEqual([50]);
  });

  test('older rows of a list without order are no lies', () => {
    const cursor = cursorOf({ newestFirst: false });

    expect(seconds(cursor.accept(at(150, 50, 149), true).write)).toEqual([150, 149]);
  });

  test('a list without order has no end but its last page', () => {
    const cursor = cursorOf({ newestFirst: false });

    expect(cursor.accept(at(...down(90, 20)), false).past).toBe(false);
  });
});

describe('a row newer than the range', () => {
  test('is written once, if nothing else reads it', () => {
    const cursor = cursorOf();
    const [row] = at(250);

    expect(cursor.accept([row as PageRecord], false).write).toEqual([row]);
    expect(cursor.accept([row as PageRecord], false).write).toEqual([]);
    expect(cursor.outside).toBe(2);
  });

  test('is not written where a setting ends the range', () => {
    const cursor = cursorOf({ takesNewer: false });

    expect(cursor.accept(at(250), false).write).toEqual([]);
    expect(cursor.outside).toBe(1);
  });

  test('of the second in which the range ends belongs to the next query, and says nothing about the server', () => {
    const cursor = cursorOf({ takesNewer: false, kept: true });

    expect(cursor.accept(at(200), false).write).toEqual([]);
    expect(cursor.outside).toBe(0);
    expect(seconds(cursor.accept(at(201), false).write)).toEqual([201]);
  });

  test('is judged by the date that is nearest to the range', () => {
    const cursor = cursorOf({ takesNewer: false, kept: true, dates: () => [300 * s, 200 * s] });

    expect(cursor.accept(at(300), false).write).toEqual([]);
  });
});

describe('where the server has proved that it keeps ranges', () => {
  test('what it sends belongs to the range, whatever its date, and once', () => {
    const cursor = cursorOf({ kept: true, takesNewer: false });
    const rows = at(250, 150, 3);

    expect(cursor.accept(rows, false).write).toEqual(rows);
    expect(seconds(cursor.accept(rows, false).write)).toEqual([150]); // the page loop drops what was shown before
    expect(cursor.outside).toBe(4);
  });

  test('rows that the query of an older part reads are left to it', () => {
    const cursor = cursorOf({ kept: true });
    cursor.shorten(150 * s);

    expect(seconds(cursor.accept(at(160, 155, 149, 120), false).write)).toEqual([160, 155]);
    expect(cursor.outside).toBe(0);
  });

  test('four rows of an older part are the end, three are not', () => {
    const cursor = cursorOf({ kept: true });
    cursor.shorten(150 * s);

    expect(cursor.accept(at(160, 149, 148, 147), false).past).toBe(false);
    const { past, finished } = cursor.accept(at(146), false);
    expect(past).toBe(true);
    expect(inSeconds(finished)).toEqual([150, 161]);
  });

  test('a row of its very first second is not yet the end', () => {
    const cursor = cursorOf({ kept: true });
    cursor.shorten(150 * s);

    expect(cursor.accept(at(150, 150, 150, 150), false).past).toBe(false);
  });
});

/** A list in order, with up to three rows whose time is not the one that they stand at. */
function someList(chance: Chance, from: number, to: number) {
  const honest = Array.from({ length: chance.int(0, 60) }, () => chance.int(from, to)).sort((a, b) => b - a);
  const rows = honest.map((time, index) => ({ ...recordAt(`h${index}`, time * s), honest: true }));
  const together = chance.is(0.5) ? chance.int(0, rows.length) : undefined;
  for (let lie = chance.int(0, 3); lie > 0; lie--) {
    const time = chance.pick([0, 3, 99, 100, 150, 199, 200, 9999, chance.int(from, to)]) * s;
    rows.splice(together ?? chance.int(0, rows.length), 0, { ...recordAt(`l${lie}`, time), honest: false });
  }
  return rows;
}

describe('of any list in order, with up to three lies', () => {
  test.each([
    ['that the server does not cut', false, 60, 240],
    ['that the server cuts', true, 100, 199],
  ])(
    '%s, every honest row of the range is written once, and no finished part holds one that is not',
    (_, kept, from, to) => {
      for (let seed = 0; seed < 1000; seed++) {
        const chance = new Chance(seed);
        const rows = someList(chance, from, to);
        const cursor = cursorOf({ kept, takesNewer: chance.is(0.5) });
        const written: string[] = [];
        const ended = chance.pick([1, 2, 3, 5, 10, 100]);
        for (let read = 0, past = false; !past && read <= rows.length; read += ended) {
          const step = cursor.accept(rows.slice(read, read + ended), read + ended >= rows.length);
          written.push(...step.write.map(({ key }) => key));
          past = step.past;
          const unseen = rows.slice(read + ended).filter(({ time = 0, honest }) => honest && isIn(time, step.finished));
          expect(unseen, `seed ${seed}: ${JSON.stringify(step.finished)}`).toEqual([]);
        }
        const wanted = rows.filter(({ time = 0, honest }) => honest && isIn(time, range)).map(({ key }) => key);
        expect(
          wanted.filter((key) => !written.includes(key)),
          `seed ${seed}`,
        ).toEqual([]);
        expect(new Set(written).size, `seed ${seed}`).toBe(written.length);
        expect(cursor.position, `seed ${seed}`).toBeLessThanOrEqual(range.start);
      }
    },
  );

  test('lies among rows of the range are written too, where the server cuts', () => {
    for (let seed = 0; seed < 500; seed++) {
      const chance = new Chance(seed);
      const rows = someList(chance, 100, 199);

      const { write } = cursorOf({ kept: true, takesNewer: true }).accept(rows, true);

      expect(write.map(({ key }) => key).sort(), `seed ${seed}`).toEqual(rows.map(({ key }) => key).sort());
    }
  });
});

function isIn(time: number, part: Range | undefined): boolean {
  return part !== undefined && time >= part.start && time < part.end;
}

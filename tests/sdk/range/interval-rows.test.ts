/** Rows with times of their own on a server that shows only so many: what is asked for again, and what is written. */
import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../src/sdk/http/transport.js';
import { IntervalSet, type Range } from '../../../src/sdk/interval-set.js';
import { IntervalReader } from '../../../src/sdk/range/interval-reader.js';
import { WorkQueue } from '../../../src/sdk/range/work-queue.js';
import { isoSeconds, parseDate, second } from '../../../src/sdk/time.js';
import { restStream } from '../../support/rest.js';

const first = Date.UTC(2026, 10, 1);
const pageSize = 10;

interface Options {
  /** Seconds of the rows, oldest first. */
  seconds: readonly number[];
  length?: number;
  mostRows?: number;
  maxRows?: number;
  /** Whether rows come in no order. */
  shuffled?: boolean;
  /** Has the first word on an answer to a range of seconds. */
  answer?: (from: number, to: number) => Exchange | undefined;
  withoutLink?: boolean;
}

/** A list of rows, by pages whose cursors count them. */
function serverOf({ seconds, shuffled = false, answer, withoutLink = false }: Options) {
  const asked: string[] = [];
  const all = seconds.map((at, n) => ({ id: String(n), at: isoSeconds(first + at * second) }));
  if (shuffled) all.reverse();
  const transport = async (url: URL): Promise<Exchange> => {
    const [from = 0, to = 0] = ['start', 'end'].map(
      (name) => ((parseDate(url.searchParams.get(name) ?? '') ?? NaN) - first) / second,
    );
    const cursor = Number(url.searchParams.get('cursor') ?? 0);
    if (cursor === 0) asked.push(`${from}-${to}`);
    await Promise.resolve();
    const said = answer?.(from, to);
    if (said) return said;
    const found = all.filter(
      ({ at }) => at >= isoSeconds(first + from * second) && at < isoSeconds(first + to * second),
    );
    const next = new URL(url);
    next.searchParams.set('cursor', String(cursor + pageSize));
    const link = `<${next.href}>; rel="next"; results="${cursor + pageSize < found.length}"`;
    const body = Buffer.from(JSON.stringify({ data: found.slice(cursor, cursor + pageSize) }));
    return { status: 200, headers: withoutLink ? {} : { link }, body };
  };
  return { asked, transport };
}

async function read(options: Options) {
  const { length = 64, mostRows = 40, maxRows = 60 } = options;
  const server = serverOf(options);
  const rest = restStream({
    transport: server.transport,
    pageSize,
    definition: { primaryKey: ['id'], records: ({ data }) => data },
  });
  const range: Range = { start: first, end: first + length * second };
  const [rows, failures, lacks]: [string[], string[], string[]] = [[], [], []];
  const progress = new IntervalSet(range);
  const intervals = { length: second, most: length, kept: 1000 * length * second, mostRows };
  const window = { params: (sent: { start: string; end: string }) => sent, intervals, maxRows };
  await new IntervalReader(rest, new WorkQueue(() => 4), window, intervals).read({
    at: { context: {} },
    range,
    gaps: [range],
    takesNewer: false,
    onCapped: () => undefined,
    isEnough: () => false,
    onFailed: ({ message }) => failures.push(message),
    onLack: (text) => lacks.push(text),
    onRemark: () => undefined,
    deliver: async ({ records, finished }) => {
      rows.push(...records.map(({ key }) => key));
      if (finished) progress.mark(finished);
      return Promise.resolve(records.length);
    },
  });
  return { ...server, rows, failures, lacks, progress };
}

const every = (count: number, at: (n: number) => number): number[] => Array.from({ length: count }, (_, n) => at(n));
const keys = (count: number): string[] => every(count, (n) => n).map(String);

describe('a range with more rows than are read in one go', () => {
  test('is asked for in halves, and each row is written once', async () => {
    const { asked, rows, progress, failures, lacks } = await read({ seconds: every(128, (n) => Math.floor(n / 2)) });

    expect(asked).toEqual(['0-64', '0-32', '0-16', '16-32', '32-64', '32-48', '48-64']);
    expect(rows).toEqual(keys(128));
    expect(progress.complete).toBe(true);
    expect([failures, lacks]).toEqual([[], []]);
  });

  test('is written once in whatever order its rows come', async () => {
    const { rows } = await read({ seconds: every(128, (n) => Math.floor(n / 2)), shuffled: true });

    expect([...rows].sort()).toEqual(keys(128).sort());
  });

  test('is read as it is, as long as it is shorter', async () => {
    const { asked, rows } = await read({ seconds: every(40, (n) => n) });

    expect(asked).toEqual(['0-64']);
    expect(rows).toEqual(keys(40));
  });

  test('is halved where a page loses the word about the next one', async () => {
    const { rows, progress } = await read({ seconds: every(30, (n) => 2 * n), withoutLink: true });

    expect(rows).toEqual(keys(30));
    expect(progress.complete).toBe(true);
  });
});

describe('a second with more rows than the server shows', () => {
  test('is named, and the rest is read', async () => {
    const seconds = [1, ...every(80, () => 5), 9];
    const { rows, lacks, failures, progress } = await read({ seconds });

    expect(lacks).toEqual([
      'from 2026-11-01T00:00:05Z to 2026-11-01T00:00:06Z one list cannot show all rows; 55 were read',
    ]);
    expect(failures).toEqual([]);
    expect(progress.complete).toBe(true);
    expect([rows[0], rows.at(-1)]).toEqual(['0', '81']);
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows.length).toBe(2 + 55);
  });
});

test('a refusal is no range that is too long: it is not asked for in halves', async () => {
  const refusal = { status: 400, headers: {}, body: Buffer.from('{"detail":"Invalid field"}') };
  const { asked, failures, progress } = await read({ seconds: [1], answer: () => refusal });

  expect(asked).toEqual(['0-64']);
  expect(failures).toEqual([expect.stringContaining('Invalid field')]);
  expect(progress.complete).toBe(false);
});

/** The end of the show: is everything there, what did it cost, what is in it, where is it. */
import { relative } from 'node:path';
import type { Demo } from '../index.js';
import type { Change } from './changes.js';
import { compare, defaultStreams } from './compare.js';
import { type Held, type Row, sizeOf } from './target.js';
import { count, type Terminal } from './terminal.js';

export interface RunFacts {
  /** When it began, by the server's clock. */
  readonly at: number;
  readonly requests: number;
  readonly rows: number;
  readonly routes: Readonly<Record<string, number>>;
}

interface Facts {
  readonly terminal: Terminal;
  readonly demo: Demo;
  readonly held: Held;
  readonly first: RunFacts;
  readonly second: RunFacts;
  readonly changes: readonly Change[];
  /** The target's folder. */
  readonly output: string;
  /** The file with the bookmarks. */
  readonly bookmarks: string;
}

/** Writes the report; false when the target lacks something. */
export function report({ terminal, demo, held, first, second, changes, output, bookmarks }: Facts): boolean {
  const truth = demo.truth();
  const comparisons = defaultStreams.map((stream) => compare(stream, held, truth));
  const shown = changes.map(({ says, seen }) => ({ says, seen: seen(held) }));

  terminal.heading('Is everything in the target?');
  terminal.table(
    ['Stream', 'In Sentry', 'In the target', '', ''],
    comparisons.map(({ stream, real, held: rows, missing, stale, gone, moved }) => [
      stream,
      count(real),
      count(rows),
      missing.length + stale.length === 0 ? '✓' : '✗',
      [
        missing.length > 0 ? `${missing.length} missing` : '',
        stale.length > 0 ? `${stale.length} out of date` : '',
        gone.length > 0 ? `and ${gone.length} that Sentry has merged away` : '',
        moved.length > 0 ? `${moved.length} whose issue was merged later` : '',
      ]
        .filter(Boolean)
        .join(', '),
    ]),
  );
  terminal.line();
  terminal.table(
    ['What happened during the day', 'In the target', ''],
    shown.map(({ says, seen }) => [says, seen ?? 'is not there', seen === undefined ? '✗' : '✓']),
  );

  terminal.heading('What did it cost?');
  const routes = [...new Set([...Object.keys(first.routes), ...Object.keys(second.routes)])].sort();
  terminal.table(
    ['Requests by route', 'First run', 'Second run'],
    [
      ...routes.map((route) => [route, count(first.routes[route] ?? 0), count(second.routes[route] ?? 0)]),
      ['all requests', count(first.requests), count(second.requests)],
      ['rows in the answers', count(first.rows), count(second.rows)],
    ],
  );

  terminal.line();
  terminal.line('  Once a day all issues are read again: a resolve, an assignment or a merge makes no event.');

  terminal.heading('The noisiest issues, from the target');
  terminal.table(
    ['Issue', 'Title', 'Events', 'Users', 'Status', 'Last seen'],
    noisiest([...held.stream('issues').values()]).map((row) => [
      text(row['shortId']),
      cut(text(row['title']), 48),
      count(Number(row['count'])),
      count(Number(row['userCount'])),
      text(row['status']),
      text(row['lastSeen']).slice(0, 16).replace('T', ' '),
    ]),
  );

  terminal.heading('Where is it, and what next?');
  const here = (path: string): string => relative(process.cwd(), path);
  terminal.line(
    `  ${`${here(output)}/`.padEnd(28)} the rows, ${count(Math.round(sizeOf(output) / 1024))} KiB, one file per ` +
      'stream and run',
  );
  terminal.line(`  ${here(bookmarks).padEnd(28)} the state: how far each stream has been read`);
  terminal.line(`  ${'npm run demo -- --keep'.padEnd(28)} the same, and the Sentry stays, to try commands of your own`);
  terminal.line(`  ${'README.md'.padEnd(28)} the same with your own Sentry: "Set-up with Meltano"`);
  return (
    comparisons.every(({ missing, stale }) => missing.length + stale.length === 0) &&
    shown.every(({ seen }) => seen !== undefined)
  );
}

const noisiest = (issues: readonly Row[]): Row[] =>
  [...issues].sort((a, b) => Number(b['count']) - Number(a['count'])).slice(0, 5);

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

const cut = (value: string, length: number): string =>
  value.length > length ? `${value.slice(0, length - 1)}…` : value;

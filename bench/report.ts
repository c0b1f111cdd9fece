/** Results as a table for people. */
import type { Figure, Result, Row } from './workload.js';

const columns: readonly [title: string, of: (row: Row) => string][] = [
  ['wall s', ({ wall }) => wall.toFixed(2)],
  ['cpu s', ({ cpu }) => cpu.toFixed(2)],
  ['rows/cpu s', ({ rows, cpu }) => whole(rows / cpu)],
  ['memory MB', ({ memory }) => whole(memory)],
  ['rows', ({ rows }) => whole(rows)],
  ['requests', ({ requests }) => whole(requests)],
  ['429', ({ tooMany }) => whole(tooMany)],
  ['server cpu', ({ serverShare }) => `${Math.round(serverShare * 100)} %`],
];

export function show({ work, rows, least, figures }: Result): string {
  const lines = [`\n${work}${least === undefined ? '' : `; least possible: ${whole(least)} requests`}`];
  if (rows.length > 0)
    lines.push(
      line(
        '',
        columns.map(([title]) => title),
      ),
    );
  for (const row of rows)
    lines.push(
      line(
        row.who,
        columns.map(([, of]) => of(row)),
      ),
    );
  return `${[...lines, ...figures.map(said)].join('\n')}\n`;
}

function said({ name, value, wanted, ok }: Figure): string {
  const mark = ok === undefined ? '·' : ok ? '✓' : '✗';
  return `  ${mark} ${name}: ${value}${wanted === '' ? '' : ` (wanted ${wanted})`}`;
}

const line = (who: string, cells: readonly string[]): string =>
  `  ${who.padEnd(10)}${cells.map((cell) => cell.padStart(12)).join('')}`;

const whole = (value: number): string => Math.round(value).toLocaleString('en');

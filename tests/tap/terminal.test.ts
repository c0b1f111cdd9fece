/** Progress on a real pseudo-terminal, and in a pipe. */
import { describe, expect, test } from 'vitest';
import { version } from '../../src/built.js';
import { still } from '../support/demos.js';
import { configFor, runTap } from '../support/tap-process.js';
import { runOnTerminal } from '../support/terminal.js';

const dim = '\u001B[2m';
const bare = (text: string): string => text.replace(dim, '').replace('\u001B[0m', '');
const isTable = (line: string): boolean => /^(stream|all|\w+) +[\d,a-z]+ +[\d,a-z]+ +(time|[\d:]+)( |$)/.test(line);

describe('on a terminal of 80 columns', () => {
  test('one line tells rows, pace, requests and streams, and is gone in the end', { timeout: 60_000 }, async () => {
    await using demo = await still({ latencyMs: 60 });

    const { code, live, screen } = await runOnTerminal({ config: configFor(demo), columns: 80 });

    expect(code, screen.join('\n')).toBe(0);
    expect(live.length).toBeGreaterThan(3);
    expect(live.every((text) => text.startsWith(dim) && bare(text).length < 80)).toBe(true);
    expect(live.map(bare).join('\n')).toMatch(/^[\d,]+ rows, \d+ requests \| .*events \d\/5/m);
    expect(bare(live.at(-1) ?? '')).toMatch(/^[\d,]+ rows, [\d,]+\/s, \d+ requests/);
    expect(screen.filter((line) => / requests \|/.test(line))).toEqual([]);
    expect(screen.find((line) => line.includes('Done:'))).toMatch(/Done: [\d,]+ rows of 8 streams in \d+ requests;/);
  });

  test('every line of the log stands alone', { timeout: 60_000 }, async () => {
    await using demo = await still({ latencyMs: 60 });

    const { screen } = await runOnTerminal({ config: configFor(demo), columns: 80 });

    const others = screen.filter((line) => line !== '' && !isTable(line));
    expect(others.length).toBeGreaterThan(3);
    expect(others.filter((line) => !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \| /.test(line))).toEqual([]);
  });

  test('the table at the end fits, and has a line for each stream and one for all', { timeout: 60_000 }, async () => {
    await using demo = await still();

    const { screen } = await runOnTerminal({ config: configFor(demo), columns: 80 });

    const table = screen.filter(isTable);
    expect(table).toHaveLength(1 + 8 + 1);
    expect(table[0]).toMatch(/^stream +rows +requests +time +bookmark +outcome$/);
    expect(table.find((line) => line.startsWith('events'))).toMatch(
      /^events +600 +\d+ +0:\d\d +2026-11-22T12:00Z +ok$/,
    );
    expect(table.at(-1)).toMatch(/^all +[\d,]+ +\d+ +0:\d\d$/);
    expect(table.every((line) => line.length < 80)).toBe(true);
    expect(screen.filter((line) => / events +ok /.test(line))).toEqual([]); // said in the table
  });

  test('NO_COLOR leaves the line without color', { timeout: 60_000 }, async () => {
    await using demo = await still({ latencyMs: 60 });

    const { live, text } = await runOnTerminal({ config: configFor(demo), columns: 80, env: { NO_COLOR: '1' } });

    expect(live.length).toBeGreaterThan(3);
    expect(text.replaceAll('\u001B[K', '')).not.toContain('\u001B');
  });

  test('a terminal that understands nothing gets no such line', { timeout: 60_000 }, async () => {
    await using demo = await still();

    const { text } = await runOnTerminal({ config: configFor(demo), columns: 80, env: { TERM: 'dumb' } });

    expect(text).not.toContain('\u001B');
  });
});

test('on a narrow terminal the line is cut to the width', { timeout: 60_000 }, async () => {
  await using demo = await still({ latencyMs: 60 });

  const { live, text } = await runOnTerminal({ config: configFor(demo), columns: 30 });

  expect(live.length).toBeGreaterThan(3);
  expect(live.filter((line) => bare(line).length >= 30)).toEqual([]);
  expect(text).toContain(dim);
});

test('what a stream has to remark stands below the table, once', { timeout: 60_000 }, async () => {
  await using demo = await still({ inaccessibleProjects: 2 });

  const { screen } = await runOnTerminal({ config: configFor(demo), columns: 80 });

  const end = screen.findIndex((line) => line.startsWith('all '));
  const remarks = screen.filter((line) => /events: 2 refused \(.*\)\.$/.test(line));
  expect(remarks).toHaveLength(1);
  expect(screen.indexOf(remarks[0] ?? '')).toBeGreaterThan(end);
});

test('the share of the limit that is spent stands in the live line', { timeout: 60_000 }, async () => {
  await using demo = await still({ latencyMs: 60, frozen: false, now: Date.now(), limits: 'sentry.io', events: 60 });

  const { live } = await runOnTerminal({ config: configFor(demo), columns: 80 });

  expect(live.map(bare).join('\n')).toMatch(/ requests, limit \d+ %/);
});

describe('in a pipe', () => {
  test('a line for each stream tells all that the table would, and there is no table', async () => {
    await using demo = await still();

    const { stderr } = await runTap({ config: configFor(demo) });

    const lines = messages(stderr).filter((line) => /^\w+ +(ok|empty) /.test(line));
    expect(lines).toHaveLength(8);
    expect(lines.find((line) => line.startsWith('events'))).toMatch(
      /^events +ok +600 rows; \d+ requests in 0:\d\d; bookmark 2026-11-22T12:00Z$/,
    );
    expect(stderr).not.toMatch(/stream +rows/);
  });

  test('the first lines come before any request: what is read, and where each stream begins and why', async () => {
    await using demo = await still();

    const config = configFor(demo, { base_url: 'http://127.0.0.1:1' });
    const { stderr } = await runTap({ config, timeout: 30_000 });

    expect(messages(stderr).slice(0, 2)).toEqual([
      `tap-sentry v${version} reads 8 streams of organization acme at http://127.0.0.1:1, from 2020-01-01T00:00:00Z ` +
        'to now.',
      'events, issues, release, releases: from the start date: there is no bookmark.',
    ]);
  });

  test('a second run says where it resumes', async () => {
    await using demo = await still();
    const config = configFor(demo);
    const first = await runTap({ config });
    const { value: state } = JSON.parse(first.stdout.trimEnd().split('\n').at(-1) ?? '') as { value: unknown };

    const { stderr } = await runTap({ config, state });

    expect(messages(stderr).filter((line) => line.includes('bookmark'))).toContain(
      'events, release: from 2026-11-22T11:00:00Z: its bookmark, less the lookback.',
    );
    expect(stderr).not.toContain('\u001B');
  });
});

const messages = (stderr: string): string[] => stderr.split('\n').map((line) => line.split(' | ').slice(3).join(' | '));

/** A first run against each server: all eleven streams, every row that the server shows, each once. */
import { describe, expect, test } from 'vitest';
import { serverNames, strangerToken, type ServerName } from '../../demo/index.js';
import { allStreams } from '../support/compare.js';
import { configFor, runTap } from '../support/tap-process.js';
import { differences, Pipeline, type Stream } from './records.js';
import * as words from './words.js';

const long = 120_000; // milliseconds of one test: eleven streams, a request for each event

/** What a first run says of a server, beside its rows. It reads everything, so nobody sees whether ranges are kept. */
const says: Record<ServerName, readonly RegExp[]> = {
  'sentry.io': [],
  'sentry-2025': [],
  'sentry-10': [],
  'sentry-9': [
    words.otherRoute('/organizations/{organization}/issues/'),
    words.otherRoute('/organizations/{organization}/issues/{issue_id}/'),
    words.otherRoute('/organizations/{organization}/issues/{issue_id}/events/'),
  ],
  glitchtip: [
    words.otherRoute('/organizations/{organization}/issues/{issue_id}/'),
    words.otherRoute('/organizations/{organization}/issues/{issue_id}/events/'),
  ],
};

describe.each(serverNames)('%s', (server) => {
  test('gives all eleven streams, each row once', { timeout: long }, async () => {
    await using pipeline = await Pipeline.of(server, { behaviour: { slashedVersions: false } });

    const run = await pipeline.run();

    expect(differences(run, pipeline.demo, allStreams)).toEqual({});
    expect(pipeline.wrong(allStreams)).toEqual({});
    expect(run.withoutKey).toEqual([]);
    for (const word of says[server]) expect(run.stderr).toMatch(word);
    expect(run.stderr).not.toMatch(words.anyPartial);
    expect(run.code, run.stderr).toBe(0);
  });

  test('gives whole bodies to who wants them, each event once', { timeout: long }, async () => {
    await using pipeline = await Pipeline.of(server, {}, { fetch_event_details: true });

    const run = await pipeline.run(['events', 'issue_events']);

    expect(differences(run, pipeline.demo, ['events', 'issue_events'])).toEqual({});
    for (const stream of ['events', 'issue_events'] as const) {
      const rows = [...(run.rows.get(stream)?.values() ?? [])];
      expect([stream, rows.filter((row) => !Array.isArray(row['entries'])).length]).toEqual([stream, 0]);
    }
    expect(run.code, run.stderr).toBe(0);
  });

  test('refuses what the token has no scope for: said, and all else comes', { timeout: long }, async () => {
    const scopes = ['org:read', 'project:read', 'team:read', 'member:read', 'project:releases'];
    await using pipeline = await Pipeline.of(server, { scopes, behaviour: { slashedVersions: false } });
    const hidden: readonly Stream[] = ['issues', 'issue_detail', 'issue_events'];

    const run = await pipeline.run();

    expect(differences(run, pipeline.demo, allStreams, hidden)).toEqual({});
    expect(run.stderr).toMatch(words.refused('issues'));
    expect(run.stderr).toMatch(words.partial('issues'));
  });
});

describe('sentry.io', () => {
  test('is asked for no more bodies than ten a page, and for no page twice', { timeout: long }, async () => {
    await using pipeline = await Pipeline.of('sentry.io', { events: 600 }, { fetch_event_details: true });
    const { demo } = pipeline;

    await pipeline.run(['events']);

    const pages = demo.journal.entries.filter(({ name }) => name === 'events');
    const rows = pages.reduce((sum, page) => sum + page.rows, 0);
    expect(rows).toBeLessThan(demo.truth().count('events') * 1.4); // a row of overlap between pages
    expect(pages.length).toBeLessThan((demo.truth().count('events') / 10) * 1.75);
  });

  test('is asked within its limits, those that routes share among them', { timeout: long }, async () => {
    const limits = { preset: 'sentry.io', timeScale: 0.05 } as const;
    await using pipeline = await Pipeline.of('sentry.io', { limits, frozen: false, events: 120, issues: 20 });
    const { demo } = pipeline;

    const run = await pipeline.run();

    expect(demo.journal.gauges().tooMany).toBe(0);
    expect(run.code, run.stderr).toBe(0);
  });
});

describe('sentry-10', () => {
  test('gives releases of several pages that are not in the order of dateCreated', { timeout: long }, async () => {
    await using pipeline = await Pipeline.of('sentry-10', { releases: 250 });

    const run = await pipeline.run(['releases', 'release']);

    expect(differences(run, pipeline.demo, ['releases', 'release'])).toEqual({});
    expect(run.code, run.stderr).toBe(0);
  });
});

describe('glitchtip', () => {
  test('shows releases alone but for those with a slash, which are named', { timeout: long }, async () => {
    await using pipeline = await Pipeline.of('glitchtip');

    const run = await pipeline.run(['releases', 'release']);

    expect(differences(run, pipeline.demo, ['releases', 'release'])).toEqual({});
    expect(run.stderr).toMatch(words.unreadable('release'));
    expect(run.stderr).toMatch(words.partial('release'));
  });

  test.each([
    ['an organization that it does not have', { organization: 'acne' }],
    ['the token of a stranger', { api_token: strangerToken }],
  ])('does not take %s for an empty one', async (_, settings) => {
    await using pipeline = await Pipeline.of('glitchtip');

    const { code, stdout, stderr } = await runTap({ config: configFor(pipeline.demo, settings), timeout: 40_000 });

    expect(stderr).toMatch(words.noOrganization);
    expect(stdout).not.toContain('"RECORD"');
    expect(code).toBe(1);
  });
});

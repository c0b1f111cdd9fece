/** Runs that are cut short, and what the next one reads. */
import { describe, expect, test } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { catalogOf } from '../soak/case.js';
import { configFor, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

const small = { now: '2026-03-01T12:00:00Z', frozen: true, projects: 2, tokenKind: 'integration' } as const;

/** Kills the tap once it has written so many bytes. */
const killAt =
  (limit: number) =>
  (tap: { kill: (signal: 'SIGKILL') => boolean }, bytes: number): void => {
    if (bytes >= limit) tap.kill('SIGKILL');
  };

describe('a run that is killed', () => {
  test.each([60_000, 120_000, 200_000, 300_000])('after %i bytes leaves no issue without its events', async (limit) => {
    await using demo = await createDemo({ ...small, issues: 40, events: 600 });
    const target = new Target();
    const run = { config: configFor(demo, { page_size: 10 }), catalog: catalogOf(['issue_events']) };

    await syncInto(target, { ...run, onOutput: killAt(limit) });
    const { code, stderr } = await syncInto(target, run);

    expect(code, stderr).toBe(0);
    expect(target.keys('issue_events')).toEqual([...demo.truth().keys('issue_events')].sort());
  });

  test.each([150_000, 400_000])('after %i bytes has its issues read on, not read again', async (limit) => {
    await using demo = await createDemo({ ...small, issues: 400, events: 800 });
    const target = new Target();
    const run = { config: configFor(demo, { page_size: 10 }), catalog: catalogOf(['issues']) };

    await syncInto(target, { ...run, onOutput: killAt(limit) });
    const before = target.keys('issues').length;
    const { code, stderr } = await syncInto(target, run);

    expect(code, stderr).toBe(0);
    expect(target.keys('issues')).toEqual([...demo.truth().keys('issues')].sort());
    const again = before + (target.received.get('issues') ?? 0) - demo.truth().count('issues');
    expect(again).toBeLessThan(0.1 * demo.truth().count('issues') + 8 * 10); // a page of each slice that was open
  });

  test('on a server that takes search terms for tags begins its issues again', async () => {
    await using demo = await createDemo({
      ...small,
      issues: 300,
      events: 600,
      behaviour: { unknownTermsFindNothing: true },
    });
    const target = new Target();
    const run = { config: configFor(demo, { page_size: 10 }), catalog: catalogOf(['issues']) };

    await syncInto(target, { ...run, onOutput: killAt(200_000) });
    const { code, stderr } = await syncInto(target, run);

    expect(code, stderr).toBe(0);
    const shown = [...demo.truth().rows('issues')]
      .filter(({ issueCategory }) => issueCategory !== 'feedback')
      .map(({ id }) => String(id));
    expect(shown.filter((id) => !target.keys('issues').includes(id))).toEqual([]);
  });
});

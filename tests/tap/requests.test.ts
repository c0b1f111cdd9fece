/** Not a request more than needed. */
import { describe, expect, test } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { configFor, runTap, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

const day = 86_400_000;
const now = Date.parse('2026-11-22T12:00:00Z');

describe('requests', () => {
  test('for years without data are at most ten', async () => {
    await using demo = await createDemo({ seed: 5, projects: 4, issues: 60, events: 6000, frozen: true, now });
    const count = async (start: number): Promise<number> => {
      demo.journal.clear();
      const { code } = await runTap({ config: configFor(demo, { start_date: new Date(start).toISOString() }) });
      expect(code).toBe(0);
      // Releases are kept: there the rows are more. How lists are shared differs from run to run: what counts is empty.
      const asked = demo.journal.entries.filter(({ name }) => name === 'events' || name === 'issues');
      return asked.filter(({ rows }) => rows === 0).length;
    };

    const recent = await count(now - 90 * day);
    const years = await count(Date.parse('2020-01-01T00:00:00Z'));

    expect(years - recent).toBeLessThanOrEqual(10);
  });

  test('of a later run leave out the events of projects in which nothing happened', async () => {
    await using demo = await createDemo({ seed: 5, projects: 40, issues: 200, events: 2000, frozen: true, now });
    const target = new Target();
    await syncInto(target, { config: configFor(demo) });
    demo.clock.advance(6 * 3600);
    const [issue] = [...demo.truth().rows('issues')];
    demo.world.addEvents({ issue: String(issue?.['id']), count: 3 });
    demo.clock.advance(300);
    demo.journal.clear();

    const { code } = await syncInto(target, { config: configFor(demo) });

    expect(code).toBe(0);
    expect(demo.journal.entries.filter(({ name }) => name === 'events').length).toBeLessThanOrEqual(2);
    expect(target.received.get('events')).toBe(3);
  });

  test('with a small window of the server are spread over its windows, and none is refused', async () => {
    await using demo = await createDemo({
      seed: 5,
      projects: 3,
      issues: 60,
      events: 4000,
      latencyMs: 20,
      limits: [{ route: '*', limit: 15, seconds: 1, concurrent: 5 }],
    });

    const { code } = await runTap({ config: configFor(demo) });

    expect(code).toBe(0);
    expect(demo.journal.gauges().tooMany).toBe(0);
  });
});

/** Things that happen between two pages of one read. */
import { describe, expect, test } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { configFor, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

const when = { now: '2026-03-01T12:00:00Z', frozen: true } as const;

describe('while pages are read', () => {
  test('deleted events hide none of those that stay', async () => {
    await using demo = await createDemo({ ...when, projects: 1, issues: 6, events: 400, tokenKind: 'integration' });
    const { world, journal } = demo;
    const open = journal.open.bind(journal);
    let pages = 0;
    journal.open = () => {
      if (++pages % 6 === 0 && world.openIssues().length > 2) world.deleteIssue(world.openIssues()[0]?.id ?? '');
      return open();
    };
    const target = new Target();

    const { code, stderr } = await syncInto(target, { config: configFor(demo, { page_size: 10, concurrency: 1 }) });

    expect(code, stderr).toBe(0);
    expect(world.history.filter(({ action }) => action === 'deleteIssue').length).toBeGreaterThan(1);
    const held = new Set([...(target.rows.get('events')?.values() ?? [])].map(({ eventID }) => eventID));
    expect([...demo.truth().rows('events')].filter(({ eventID }) => !held.has(eventID))).toEqual([]);
  });

  test('late events come once, and move no other out of sight', async () => {
    await using demo = await createDemo({ ...when, projects: 1, issues: 6, events: 400, tokenKind: 'integration' });
    const { world, journal } = demo;
    const before = [...demo.truth().keys('events')];
    const open = journal.open.bind(journal);
    let pages = 0;
    journal.open = () => {
      if (++pages % 4 === 0) world.addEvents({ count: 3, at: '2026-02-27T00:00:00Z', spacing: 60 });
      return open();
    };
    const target = new Target();

    const { code, stderr } = await syncInto(target, { config: configFor(demo, { page_size: 10, concurrency: 1 }) });

    expect(code, stderr).toBe(0);
    const held = new Set(
      [...(target.rows.get('events')?.values() ?? [])].map(
        ({ projectID, eventID }) => `${String(projectID)}/${String(eventID)}`,
      ),
    );
    expect(before.filter((key) => !held.has(key))).toEqual([]);
    expect(target.received.get('events')).toBe(held.size);
  });
});

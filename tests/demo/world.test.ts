/** A world that moves, and a client that reads all of it: what is read is always the truth. */
import { describe, expect, it } from 'vitest';
import { createDemo, Dice, truthStreams, type Demo } from '../../demo/index.js';
import { all, get, org, project, type Row } from './client.js';

const day = 86_400_000;
const options = { now: '2026-03-01T12:00:00Z', frozen: true, seed: 3, issues: 60, events: 1200 };

/** Reads events and issues as a careful client does. */
async function read(demo: Demo): Promise<{ issues: Row[]; events: Row[] }> {
  const issues = [];
  for (const query of ['', 'issue.category:feedback'])
    issues.push(...(await all(demo, org(demo, `issues/?project=-1&query=${query}&groupStatsPeriod=`))));
  const events = [];
  for (const one of (await all(demo, org(demo, 'projects/'))).filter((row) => row.hasAccess))
    events.push(...(await all(demo, project(demo, String(one.id), 'events/'))));
  return { issues, events };
}

function truth(demo: Demo): { issues: Row[]; events: Row[] } {
  return { issues: [...demo.truth().rows('issues')], events: [...demo.truth().rows('events')] };
}

const byId = (a: Row, b: Row): number =>
  `${String(a.projectID)}${String(a.id)}` < `${String(b.projectID)}${String(b.id)}` ? -1 : 1;
const allTime = ({ lifetime, stats: _stats, filtered: _filtered, ...row }: Row): Row => ({
  ...row,
  ...(lifetime as Row),
  stats: null,
});

async function expectTruth(demo: Demo): Promise<void> {
  const [seen, wanted] = [await read(demo), truth(demo)];
  expect(seen.events.toSorted(byId)).toEqual(wanted.events.toSorted(byId));
  expect(seen.issues.map(allTime).toSorted(byId)).toEqual(wanted.issues.map(allTime).toSorted(byId));
}

describe('world', () => {
  it('is the same for the same seed, and another for another', async () => {
    await using one = await createDemo(options);
    await using two = await createDemo(options);
    await using other = await createDemo({ ...options, seed: 4 });
    const texts = (demo: Demo): string =>
      truthStreams
        .flatMap((stream) => [...demo.truth().each(stream)].map((row) => row.text()))
        .join('\n')
        .replaceAll(demo.origin, '');
    expect(texts(one)).toBe(texts(two));
    expect(texts(one)).not.toBe(texts(other));
  });

  it('has as many of everything as asked for', async () => {
    await using demo = await createDemo({
      projects: 9,
      issues: 70,
      events: 5000,
      releases: 31,
      members: 22,
      teams: 6,
      days: 30,
    });
    const count = (stream: (typeof truthStreams)[number]): number => demo.truth().count(stream);
    expect([count('projects'), count('issues'), count('events'), count('releases'), count('teams')]).toEqual([
      9, 70, 5000, 31, 6,
    ]);
    expect(demo.world.state.members).toHaveLength(22);
  });

  it('is noisy in a few places and quiet in others', async () => {
    await using demo = await createDemo({ issues: 100, events: 10_000 });
    const counts = [...demo.truth().rows('issues')].map((row) => Number(row.count)).sort((a, b) => b - a);
    expect(counts.slice(0, 10).reduce((a, b) => a + b, 0)).toBeGreaterThan(5000);
    expect(new Set([...demo.truth().rows('events')].map((row) => row.platform)).size).toBeGreaterThan(3);
  });

  it('reads as the truth at rest', async () => {
    await using demo = await createDemo(options);
    await expectTruth(demo);
  });

  it('shows new and late events at once, and counts them', async () => {
    await using demo = await createDemo(options);
    const issue = demo.world.newIssue({ count: 3 });
    const late = demo.world.addEvents({ issue: issue.id, count: 2, at: demo.clock.now() - 20 * day, spacing: 60 });
    expect((await get(demo, org(demo, `issues/${issue.id}/`))).json).toMatchObject({ count: '5' });
    const listed = (await all(demo, project(demo, issue.project.id, 'events/'))).map((row) => row.id);
    expect(late.every(({ eventID }) => listed.includes(eventID))).toBe(true);
    await expectTruth(demo);
  });

  it('lets a merged issue vanish: its id and its events answer as the survivor', async () => {
    await using demo = await createDemo({ ...options, prerender: 'bodies' });
    const [parent, child] = demo.world.state.issues.filter(
      (issue) => issue.project.slug === 'storefront' && issue.category === 'error',
    );
    const before = [...demo.truth().rows('events')].filter((row) => row.groupID === child?.id).map((row) => row.id);
    demo.world.merge(child!.id, parent!.id);
    expect((await get(demo, org(demo, `issues/${child!.id}/`))).json).toMatchObject({ id: parent!.id });
    expect((await all(demo, org(demo, `issues/${child!.id}/events/`))).map((row) => row.groupID)).toEqual(
      expect.arrayContaining([parent!.id]),
    );
    const moved = (await all(demo, project(demo, child!.project.id, 'events/'))).filter((row) =>
      before.includes(row.id),
    );
    expect(new Set(moved.map((row) => row.groupID))).toEqual(new Set([parent!.id]));
    expect((await read(demo)).issues.map((row) => row.id)).not.toContain(child!.id);
    await expectTruth(demo);
  });

  it('changes state without an event', async () => {
    await using demo = await createDemo(options);
    const issue = demo.world.state.issues[0]!;
    demo.world.resolve(issue.id);
    demo.world.assign(issue.id, { team: demo.world.state.teams[0]!.slug });
    demo.world.comment(issue.id, 'Fixed in main.');
    expect((await get(demo, org(demo, `issues/${issue.id}/`))).json).toMatchObject({
      status: 'resolved',
      assignedTo: { type: 'team' },
      activity: expect.arrayContaining([expect.objectContaining({ type: 'note' })]) as unknown,
    });
    demo.world.addEvents({ issue: issue.id });
    expect(issue).toMatchObject({ status: 'unresolved', substatus: 'regressed' });
    await expectTruth(demo);
  });

  it('forgets deleted issues and projects', async () => {
    await using demo = await createDemo(options);
    const issue = demo.world.state.issues[0]!;
    demo.world.deleteIssue(issue.id);
    expect((await get(demo, org(demo, `issues/${issue.id}/`))).status).toBe(404);
    demo.world.deleteProject('billing');
    expect((await get(demo, project(demo, 'billing'))).status).toBe(404);
    demo.world.revokeAccess('catalog');
    expect((await get(demo, project(demo, 'catalog'))).status).toBe(403);
    await expectTruth(demo);
  });

  it('lets old events and their issues leave retention as the clock moves', async () => {
    await using demo = await createDemo(options);
    const before = truth(demo);
    demo.clock.advance(30 * 86_400);
    expect(truth(demo).events.length).toBeLessThan(before.events.length);
    expect(truth(demo).issues.length).toBeLessThan(before.issues.length);
    await expectTruth(demo);
    expect(() => demo.clock.advance(-1)).toThrow('only moves forward');
  });

  it('still reads as the truth after two hundred changes', async () => {
    await using demo = await createDemo(options);
    const dice = new Dice(99);
    for (let n = 0; n < 200; n += 1) {
      demo.clock.advance(dice.int(600));
      demo.world.randomChange(dice);
    }
    expect(new Set(demo.world.history.map(({ action }) => action)).size).toBeGreaterThan(8);
    await expectTruth(demo);
  });
});

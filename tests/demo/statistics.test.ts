/** Statistics: their numbers are those of the events, however a range is cut and whatever groups are asked for. */
import { afterAll, describe, expect, it } from 'vitest';
import { createDemo } from '../../demo/index.js';
import { factsOf } from '../../demo/documented/shape.js';
import { statisticsRoutes } from '../../demo/statistics/answers.js';
import { all, get, iso, org, project, type Row } from './client.js';
import { allScopes } from './documented.js';

const options = { now: '2026-03-01T12:00:00Z', frozen: true, events: 500, days: 30, scopes: allScopes };
const demo = await createDemo(options);
afterAll(() => demo.close());

interface Statistics {
  readonly start: string;
  readonly intervals?: string[];
  readonly groups: { by: Row; totals: Record<string, number>; series?: Record<string, number[]> }[];
}

const quantity = 'sum(quantity)';
const day = 86_400_000;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const range = (from: number, to: number): string =>
  `start=${iso(demo.clock.now() - from * day)}&end=${iso(demo.clock.now() - to * day)}&project=-1`;
const ask = async <T>(path: string): Promise<T> => (await get(demo, org(demo, path))).json as T;
const stats = (query: string): Promise<Statistics> => ask(`stats_v2/?field=${quantity}&${query}`);
const errors = ({ groups }: Statistics): number =>
  sum(groups.filter(({ by }) => by.category === 'error').map(({ totals }) => totals[quantity] ?? 0));

describe('statistics', () => {
  it('count as many accepted errors as there are events', async () => {
    const { groups, intervals } = await stats(`${range(40, 0)}&interval=1d&groupBy=category&groupBy=outcome`);
    const accepted = groups.find(({ by }) => by.category === 'error' && by.outcome === 'accepted');
    expect(accepted?.totals[quantity]).toBe(demo.truth().count('events'));
    expect(sum(accepted?.series?.[quantity] ?? [])).toBe(demo.truth().count('events'));
    expect(accepted?.series?.[quantity]).toHaveLength(intervals?.length ?? 0);
  });

  it('are the same in parts and as a whole, by day and by hour', async () => {
    const midnight = 0.5; // the clock stands at noon
    const whole = errors(await stats(`${range(20 + midnight, midnight)}&interval=1d&groupBy=category`));
    const parts = [
      await stats(`${range(20 + midnight, 9 + midnight)}&interval=1d&groupBy=category`),
      await stats(`${range(9 + midnight, midnight)}&interval=1h&groupBy=category`),
    ];
    expect(sum(parts.map(errors))).toBe(whole);
    expect(whole).toBeGreaterThan(0);
  });

  it('widen a range to whole intervals', async () => {
    const { start, intervals } = await stats(`${range(3, 0)}&interval=1d&groupBy=category`);
    expect([start, intervals]).toEqual([
      '2026-02-26T00:00:00Z',
      ['2026-02-26', '2026-02-27', '2026-02-28', '2026-03-01'].map((date) => `${date}T00:00:00Z`),
    ]);
  });

  it('have totals only by project, which are those of its events', async () => {
    const { groups, intervals } = await stats(
      `${range(40, 0)}&interval=1d&groupBy=project&groupBy=category&groupBy=outcome`,
    );
    expect([intervals, groups.some((group) => 'series' in group)]).toEqual([undefined, false]);
    for (const id of demo.truth().keys('projects')) {
      const own = groups.find(
        ({ by }) => by.project === Number(id) && by.category === 'error' && by.outcome === 'accepted',
      );
      expect(own?.totals[quantity]).toBe((await all(demo, project(demo, id, 'events/'))).length);
    }
  });

  it('agree with the summary, with time series, and with the truth', async () => {
    const { projects } = await ask<{ projects: { stats: { category: string; outcomes: { accepted: number } }[] }[] }>(
      `stats-summary/?field=${quantity}&${range(40, 0)}`,
    );
    const accepted = projects.flatMap((one) => one.stats).filter(({ category }) => category === 'error');
    const { timeSeries } = await ask<{ timeSeries: { values: { value: number }[] }[] }>(
      `events-timeseries/?dataset=errors&yAxis=count()&interval=1h&${range(40, 0)}`,
    );
    const truth = [...demo.truth().rows('org_stats')].filter(
      (row) => row.category === 'error' && row.outcome === 'accepted',
    );
    const count = demo.truth().count('events');

    expect(sum(accepted.map(({ outcomes }) => outcomes.accepted))).toBe(count);
    expect(sum(timeSeries[0]?.values.map(({ value }) => value) ?? [])).toBe(count);
    expect(sum(truth.map((row) => Number(row.quantity)))).toBe(count);
  });

  it('have sessions by status that add up', async () => {
    const fields = 'interval=1d&field=sum(session)';
    const [plain, byStatus] = [
      await ask<Statistics>(`sessions/?${fields}&${range(20, 0)}&groupBy=project&groupBy=release`),
      await ask<Statistics>(`sessions/?${fields}&${range(20, 0)}&groupBy=session.status`),
    ];
    const total = ({ groups }: Statistics): number => sum(groups.map(({ totals }) => totals['sum(session)'] ?? 0));
    expect(total(plain)).toBeGreaterThan(0);
    expect(total(plain)).toBe(total(byStatus));
    expect(byStatus.groups.map(({ by }) => by['session.status']).sort()).toEqual([
      'abnormal',
      'crashed',
      'errored',
      'healthy',
    ]);
  });

  it('say what was dropped, hour by hour', async () => {
    const found = await ask<{ acceptedEvents: Row[]; droppedEvents: Row[] }>(
      `events-dropped/?dataset=logs&${range(40, 0)}`,
    );
    const truth = [...demo.truth().rows('events_dropped')].filter((row) => row.dataset === 'logs');
    expect(found.acceptedEvents.length + found.droppedEvents.length).toBe(truth.length);
    expect(found.droppedEvents.length).toBeGreaterThan(0);
  });

  it('grow while a day goes on', async () => {
    await using moving = await createDemo(options);
    const before = moving.truth().count('sessions');
    moving.clock.advance(86_400);
    expect(moving.truth().count('sessions')).toBeGreaterThan(before);
  });

  it('refuse what Sentry refuses', async () => {
    await using narrow = await createDemo({ ...options, scopes: ['event:read'] });
    for (const { template } of statisticsRoutes) {
      const path = org(narrow, template.replace('/organizations/{organization}/', ''));
      expect([path, factsOf(template).scopes.length > 0, (await get(narrow, path)).status]).toEqual([path, true, 403]);
    }
    for (const path of [
      'stats_v2/',
      `stats_v2/?field=${quantity}&interval=1x`,
      'events-timeseries/',
      'sessions/?field=x',
    ])
      expect([path, (await get(demo, org(demo, path))).status]).toEqual([path, 400]);
  });
});

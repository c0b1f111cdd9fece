/**
 * Draws a case: sizes, settings and runs as ordinary users have them, and mostly one to four oddities of the server.
 */
import { day, hour, minute, second } from './clock.js';
import { furtherNames, furtherStream, type FurtherName, isFurther } from './further.js';
import { type Oddity, oddities } from './oddities.js';
import {
  type Change,
  type ListForm,
  type Plan,
  type RunPlan,
  type StreamName,
  listRoutes,
  ordinaryPlan,
  streams,
} from './plan.js';
import { Dice } from './random.js';

const firstMorning = Date.UTC(2026, 2, 1, 8);

export function drawPlan(seed: number, only?: StreamName): Plan {
  const dice = new Dice(seed);
  const sizes = drawSizes(dice);
  const now = firstMorning + dice.int(0, 200) * day + dice.int(0, day / second) * second;
  const plan = ordinaryPlan(seed, dice, {
    sizes,
    now,
    startDate: now - dice.int(30, 90) * day,
    settings: drawSettings(dice),
    runs: drawRuns(dice, sizes, only),
  });
  for (const oddity of drawOddities(dice)) {
    plan.words.push(oddity.apply(plan, dice));
    plan.maySay ||= oddity.maySay;
  }
  leaveAWay(plan);
  drawFurther(plan, new Dice(seed + 31_313_131), only);
  return plan;
}

/** Further streams, whose lists are as odd as one of the others. Their dice are their own: cases stay as they were. */
function drawFurther(plan: Plan, dice: Dice, only: StreamName | undefined): void {
  const drawn = dice.is(0.6) ? dice.some(furtherNames, dice.int(1, 6)) : [];
  const chosen = only === undefined ? drawn : isFurther(only) ? [only] : [];
  for (const name of chosen) {
    plan.further[name] = furtherForm(name, plan.lists[dice.pick(listRoutes)]);
    for (const run of plan.runs) if (!run.streams.includes(name)) run.streams.push(name);
  }
  if (chosen.length > 0) plan.words.push(`with ${chosen.join(', ')}`);
}

function furtherForm(name: FurtherName, like: ListForm): ListForm {
  const { time, ranged } = furtherStream(name);
  const kept: readonly ListForm['range'][] = ['kept', 'kept, end included', 'ignored', 'nothing in any range'];
  return {
    ...like,
    cursor: !time && like.cursor === 'time' ? 'pages' : like.cursor,
    order: time ? like.order : 'newest first',
    range: ranged && kept.includes(like.range) ? like.range : 'kept',
  };
}

function drawSizes(dice: Dice): Plan['sizes'] {
  const events = dice.weighted([
    { weight: 25, low: 0, high: 30 },
    { weight: 45, low: 30, high: 200 },
    { weight: 27, low: 200, high: 400 },
    { weight: 3, low: 1000, high: 2500 },
  ]);
  return {
    projects: dice.is(0.1) ? dice.int(8, 25) : dice.int(1, 5),
    events: dice.int(events.low, events.high),
    releases: dice.is(0.5) ? dice.int(0, 15) : dice.int(15, 150),
    teams: dice.is(0.7) ? dice.int(0, 8) : dice.int(8, 60),
    members: dice.is(0.6) ? dice.int(1, 15) : dice.int(15, 120),
  };
}

function drawSettings(dice: Dice): Plan['settings'] {
  return {
    page_size: dice.is(0.3) ? 100 : dice.int(5, 60),
    lookback: dice.is(0.6) ? 'PT1H' : dice.pick(['PT0S', 'PT10M', 'P1D'] as const),
    retry_time: dice.int(20, 60),
    fetch_event_details: dice.is(0.15),
    issue_query: dice.is(0.08) ? 'is:unresolved' : '',
    issues_full_refresh_interval: dice.is(0.3) ? 'PT0S' : 'P1D',
    emit_activate_version_messages: dice.is(0.25),
    concurrency: dice.is(0.3) ? dice.int(1, 4) : undefined,
    max_events_per_project: dice.is(0.05) ? dice.int(5, 120) : undefined,
    named: dice.is(0.1) ? 1 : undefined,
  };
}

/** One to four runs. The last one asks for all that was asked for before, and is not cut short. */
function drawRuns(dice: Dice, sizes: Plan['sizes'], only: StreamName | undefined): RunPlan[] {
  const possible: StreamName[] = only
    ? [only]
    : sizes.events > 600
      ? streams.filter((name) => name !== 'event_detail')
      : [...streams];
  const selected = new Set(only ? possible : dice.some(possible, dice.is(0.1) ? 11 : dice.int(1, 5)));
  const count = dice.pick([1, 1, 2, 2, 3, 4]);
  return Array.from({ length: count }, (_, index) => {
    if (index > 0 && !only && dice.is(0.25)) selected.add(dice.pick(possible));
    const last = index === count - 1;
    const asked = [...selected].filter(() => last || only || !dice.is(0.05));
    return {
      streams: asked.length > 0 ? asked : [...selected],
      kill: last || !dice.is(0.35) ? undefined : drawKill(dice),
      pause: index === 0 ? 0 : dice.pick([2 * minute, 20 * minute, 3 * hour, 30 * hour]) + dice.int(0, 100) * second,
      changes: index === 0 ? [] : drawChanges(dice),
    };
  });
}

const drawKill = (dice: Dice): RunPlan['kill'] => ({
  signal: dice.pick(['SIGKILL', 'SIGTERM'] as const),
  request: dice.int(2, dice.pick([10, 60])),
});

const between: readonly Change[] = [
  'new events',
  'new events',
  'late events',
  'new release',
  'old release',
  'row deleted',
  'new people',
  'new project',
  'project renamed',
];

const drawChanges = (dice: Dice): Change[] => [
  ...Array.from({ length: dice.int(0, 4) }, () => dice.pick(between)),
  ...(dice.is(0.06) ? (['project deleted'] as const) : []),
];

function drawOddities(dice: Dice): Oddity[] {
  const { count } = dice.weighted([
    { weight: 10, count: 0 },
    { weight: 30, count: 1 },
    { weight: 30, count: 2 },
    { weight: 18, count: 3 },
    { weight: 12, count: 4 },
  ]);
  const drawn: Oddity[] = [];
  while (drawn.length < count) {
    const oddity = dice.weighted(oddities);
    if (!drawn.some(({ kind }) => kind === oddity.kind)) drawn.push(oddity);
  }
  return drawn;
}

/**
 * Where no Link header is ever sent, only a page that is full can show that there may be more: without that
 * nobody could read on, however patient. And what is not sorted has no cursors of time.
 */
function leaveAWay(plan: Plan): void {
  if (plan.runs.length === 1 && plan.moving) plan.moving.lastToo = true;
  const without = listRoutes.filter((route) => plan.lists[route].link === 'absent');
  for (const route of without)
    Object.assign(plan.lists[route], { most: 100, lost: 'none', filtered: 'nothing', endless: 'no', cursor: 'rows' });
  if (without.includes('events') || without.includes('issueEvents')) plan.fullMost = 100;
  for (const route of listRoutes)
    if (plan.lists[route].order !== 'newest first' && plan.lists[route].cursor === 'time')
      plan.lists[route].cursor = 'rows';
  if (without.length > 0) plan.words.push('(nothing else is odd about pages without Link)');
}

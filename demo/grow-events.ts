/**
 * Events over time: some days are busy, nights are quiet, one project and a few issues make most of the
 * noise. They are made oldest first, so that every list is in order as it grows.
 */
import { daySeconds } from './clock.js';
import type { Issue } from './entities.js';
import { Dice, mix } from './random.js';
import type { State } from './state.js';

/** The newest event is this much older than the clock's start. */
const quietEnd = 180;

interface Life {
  readonly issue: Issue;
  readonly weight: number;
  /** Days since the beginning. */
  readonly from: number;
  readonly to: number;
}

export function growEvents(state: State): void {
  const { seed, days, now, events } = state.settings;
  const dice = new Dice(seed, 5);
  const lives = state.issues.map((issue, rank): Life => lifeOf(issue, rank, days, dice));
  const errors = lives.filter(({ issue }) => issue.category === 'error');
  const others = lives.filter(({ issue }) => issue.category !== 'error').flatMap((life) => again(life, days, dice));
  // A little inside the days asked for, so that nothing leaves retention while a test runs.
  const span = Math.floor(days * daySeconds - quietEnd - Math.min(7200, days * daySeconds * 0.1));
  const begin = Math.floor(now / 1000) - quietEnd - span;
  const perDay = share(
    Math.max(0, events - errors.length),
    Array.from({ length: Math.ceil(days) }, (_, day) => busy(day, dice)),
  );

  const scale = span / (perDay.length * daySeconds);
  let twins = 0;

  for (let day = 0; day < perDay.length; day += 1) {
    const born = [...errors, ...others].filter(({ from }) => Math.floor(from) === day);
    const open = cumulative(errors.filter(({ from, to }) => from <= day + 1 && to >= day));
    const count = perDay[day]!;
    // One number holds the second of the day and whose event it is, so that a plain sort puts the day in order.
    const slots = new Float64Array(count + born.length);
    for (let n = 0; n < count; n += 1) slots[n] = secondOfDay(dice) * 2 ** 22 + born.length + (n % 2 ** 20);
    for (let n = 0; n < born.length; n += 1)
      slots[count + n] = Math.floor((born[n]!.from - day) * daySeconds) * 2 ** 22 + n;
    slots.sort();
    for (const slot of slots) {
      const second = begin + Math.floor((day * daySeconds + Math.floor(slot / 2 ** 22)) * scale);
      const newborn = born[slot % 2 ** 22];
      if (!newborn && twins > 0) {
        twins -= 1; // its place in the total is taken
        continue;
      }
      const life = newborn ?? open.pick(dice.next()) ?? errors[0];
      if (life && arrive(state, life.issue, second, day < perDay.length - 1)) twins += 1;
    }
  }
}

/** One event, and sometimes its twin; true when there was one. */
function arrive(state: State, issue: Issue, second: number, mayTwin: boolean): boolean {
  const n = state.events.count;
  const micro = mix(state.settings.seed, n, 11) % 1_000_000;
  const lag = 0.3 + (mix(state.settings.seed, n, 12) % 4000) / 1000;
  // Now and then a device was offline, and sends hours later what it has.
  const offline = n % 43 === 11 ? (mix(state.settings.seed, n, 14) % 300) * 60 : 0;
  const received = Math.min(Math.round((second + micro / 1e6 + lag + offline) * 1000), state.settings.now);
  state.ingest(issue, second, micro, received);
  // Now and then one SDK reports to two projects: the same event id in both.
  if (!mayTwin || issue.category !== 'error' || n % 499 !== 250) return false;
  const other = state.issues.find(
    (one) => one.category === 'error' && one.project !== issue.project && one.firstEvent >= 0,
  );
  if (!other) return false;
  state.events.twins.set(state.ingest(other, second, micro, state.events.received[n]!), n);
  return true;
}

/** Slow spots are seen a few times, feedback once. */
function again(life: Life, days: number, dice: Dice): Life[] {
  if (life.issue.category === 'feedback') return [life];
  return [life, ...Array.from({ length: dice.int(12) }, () => ({ ...life, from: dice.next() * days * 0.999 }))];
}

function lifeOf(issue: Issue, rank: number, days: number, dice: Dice): Life {
  const from = rank < 3 ? 0 : dice.next() * days * 0.999;
  const length = rank < 3 ? days : dice.chance(0.3) ? days : dice.between(0.5, days / 3);
  const inProject = 1 / (1 + issue.project.index) ** 1.1;
  return { issue, from, to: from + length, weight: inProject * dice.between(0.2, 1) * (dice.chance(0.06) ? 25 : 1) };
}

/** How busy a day is: growth, weekends, chance, and a bad day now and then. */
function busy(day: number, dice: Dice): number {
  const weekend = day % 7 >= 5 ? 0.55 : 1;
  return (1 + day / 200) * weekend * dice.between(0.7, 1.3) * (dice.chance(0.05) ? 4 : 1);
}

function secondOfDay(dice: Dice): number {
  // Two throws, the better one wins half the time: afternoons are busier than nights.
  const hour = dice.chance(0.5) ? dice.next() : (dice.next() + dice.next() + 0.3) / 2.3;
  return Math.floor(hour * (daySeconds - 1));
}

/** Whole numbers in the proportion of weights, with exactly that sum. */
function share(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let [passed, given] = [0, 0];
  return weights.map((weight) => {
    passed += weight;
    const upTo = Math.round((total * passed) / sum);
    const part = upTo - given;
    given = upTo;
    return part;
  });
}

function cumulative(lives: readonly Life[]): { pick: (fraction: number) => Life | undefined } {
  const sums = new Float64Array(lives.length);
  let sum = 0;
  for (const [n, life] of lives.entries()) sums[n] = sum += life.weight;
  return {
    pick(fraction) {
      const wanted = fraction * sum;
      let [low, high] = [0, lives.length - 1];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (sums[middle]! <= wanted) low = middle + 1;
        else high = middle;
      }
      return lives[low];
    },
  };
}

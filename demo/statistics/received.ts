/**
 * What was received and dropped, counted from the error events: each stands for itself, for some transactions and
 * spans of its program, and now and then for one that a filter or a quota dropped.
 */
import type { App } from '../app.js';
import type { Project } from '../entities.js';
import { mix } from '../random.js';
import { endOf, type Frame } from './frame.js';

/** Words that tell groups apart, and a number for each interval. */
export interface Group {
  readonly by: Readonly<Record<string, string>>;
  readonly series: number[];
}

export interface Amount {
  readonly category: string;
  readonly outcome: string;
  readonly reason: string;
  readonly quantity: number;
}

/** What an event stands for; of datasets of Explore in `spans`, `logs` and `tracemetrics`. */
export type AmountsOf = (hash: number) => Amount[];

const drops = (category: string, hash: number): Amount[] => [
  ...(hash % 5 === 0 ? [{ category, outcome: 'filtered', reason: 'browser-extensions', quantity: 1 }] : []),
  ...(hash % 17 === 0 ? [{ category, outcome: 'rate_limited', reason: 'key_quota', quantity: 2 }] : []),
];

/** Errors and transactions. */
export const received: AmountsOf = (hash) => [
  { category: 'error', outcome: 'accepted', reason: 'none', quantity: 1 },
  { category: 'transaction', outcome: 'accepted', reason: 'none', quantity: 1 + (hash % 20) },
  ...drops('error', hash),
];

const categories: Readonly<Record<string, string>> = { spans: 'span', logs: 'log_item', tracemetrics: 'trace_metric' };

/** The datasets that say what of them was dropped. */
export const droppingDatasets = Object.keys(categories);

/** Items of a dataset. */
export const itemsOf =
  (dataset: string): AmountsOf =>
  (hash) => {
    const category = categories[dataset] ?? dataset;
    const own = mix(hash, category.length);
    return [{ category, outcome: 'accepted', reason: 'none', quantity: 1 + (own % 30) }, ...drops(category, own)];
  };

/** Groups of the events of these projects, by some of project, category, outcome and reason. */
export function groupsOf(
  app: App,
  projects: readonly Project[],
  frame: Frame,
  groupBy: readonly string[],
  amounts: AmountsOf = received,
): Group[] {
  const groups = new Map<string, Group>();
  for (const [project, second, hash] of eventsIn(app, projects, frame))
    for (const { quantity, ...words } of amounts(hash)) {
      const all: Record<string, string> = { ...words, project: project.id };
      const by = Object.fromEntries(groupBy.map((name) => [name, all[name] ?? '']));
      const key = JSON.stringify(by);
      const group = groups.get(key) ?? { by, series: Array.from({ length: frame.length }, () => 0) };
      group.series[Math.floor((second - frame.start) / frame.step)]! += quantity;
      groups.set(key, group);
    }
  return [...groups.values()];
}

/** Project, second and a number of chance for each event that retention shows. */
function* eventsIn({ state }: App, projects: readonly Project[], frame: Frame): Generator<[Project, number, number]> {
  for (const project of projects) {
    const [from, to] = project.events.within(Math.max(frame.start, state.oldest()), endOf(frame));
    for (let n = from; n < to; n += 1) {
      const event = project.events.get(n);
      yield [project, state.events.second[event]!, mix(state.settings.seed, event, 51)];
    }
  }
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

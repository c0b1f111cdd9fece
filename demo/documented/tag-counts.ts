/** The tags of events and how often each value occurs: of a project, of an issue, or of all that the token can see. */
import type { App } from '../app.js';
import { isoSecond } from '../clock.js';
import type { Issue, Project } from '../entities.js';
import type { EventList } from '../event-index.js';
import type { Row } from '../rows/organization.js';

/** The tags that every issue lists, and whose values the truth knows. */
export const usualTags: readonly string[] = ['environment', 'level', 'os', 'release'];

interface Count {
  count: number;
  first: number;
  last: number;
}

type Counts = ReadonlyMap<string, ReadonlyMap<string, Count>>;

/** What events are counted of: an issue, a project, or all projects. */
interface Counted {
  readonly issue?: Issue;
  readonly project?: Project;
}

/** Counts by tag and value. */
export function tagCounts(app: App, { issue, project }: Counted): Counts {
  const counts = new Map<string, Map<string, Count>>();
  const all = app.state.liveProjects().filter(({ hasAccess }) => hasAccess);
  const lists = issue ? [issue.events] : (project ? [project] : all).map(({ events }) => events);
  for (const list of lists) for (const event of retainedOf(app, list)) count(app, counts, event);
  return counts;
}

/** The events of a list that retention still shows. */
export function* retainedOf({ state }: App, list: EventList): Generator<number> {
  for (let n = list.from(state.oldest()); n < list.length; n += 1) yield list.get(n);
}

function count({ state, events }: App, counts: Map<string, Map<string, Count>>, event: number): void {
  const second = state.events.second[event]!;
  for (const { key, value } of JSON.parse(`[${events.rows.tags(event)}]`) as { key: string; value: string }[]) {
    const values = counts.get(key) ?? new Map<string, Count>();
    const known = values.get(value) ?? { count: 0, first: second, last: second };
    values.set(value, {
      count: known.count + 1,
      first: Math.min(known.first, second),
      last: Math.max(known.last, second),
    });
    counts.set(key, values);
  }
}

/** A row for each value of a tag, the most frequent first. */
export function valueRows(counts: Counts, key: string): Row[] {
  const values = [...(counts.get(key) ?? [])].sort(
    ([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1),
  );
  return values.map(([value, { count: times, first, last }]) => ({
    query: null,
    key,
    name: value,
    value,
    count: times,
    firstSeen: isoSecond(first),
    lastSeen: isoSecond(last),
  }));
}

/** The row of a tag, with its most frequent values. */
export function tagRow(counts: Counts, key: string): Row {
  const values = valueRows(counts, key);
  return {
    key,
    name: key.charAt(0).toUpperCase() + key.slice(1),
    uniqueValues: values.length,
    totalValues: values.reduce((sum, { count: times }) => sum + Number(times), 0),
    topValues: values.slice(0, 9),
  };
}

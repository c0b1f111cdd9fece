/**
 * A day at the demo's organization, between the first run and the second: everything an incremental
 * tap can get wrong happens once.
 */
import type { Demo } from '../index.js';
import type { Held, Row } from './target.js';

export interface Change {
  readonly says: string;
  /** Whether the target knows it, and what it holds that shows it. */
  readonly seen: (held: Held) => string | undefined;
}

/** Seconds between the two runs. */
export const simulated = 25 * 3600;

const hour = 3_600_000;
const minute = 60_000;

/** @param readUpTo where the first run's bookmarks stand, epoch milliseconds. */
export function liveADay(demo: Demo, readUpTo: number): Change[] {
  const { world, clock, truth } = demo;
  const issues = [...truth().rows('issues')].filter(
    (row) => (row['issueCategory'] ?? 'error') === 'error' && row['status'] === 'unresolved',
  );
  const [failing, solved, given, kept, absorbed] = pick(issues);
  const late = pick(issues)[5]!;

  const [lateEvent] = world.addEvents({ issue: id(late), at: readUpTo - 20 * minute });
  clock.advance(simulated);
  const now = clock.now();

  const events = world.addEvents({ issue: id(failing), count: 25, at: now - 3 * hour, spacing: 60 });
  world.resolve(id(solved));
  const member = world.state.members.find((one) => one.active && !one.pending)!;
  world.assign(id(given), { user: member.userId });
  world.merge(id(absorbed), id(kept));
  const [project] = world.state.projects;
  const renamed = `${project!.slug}-v2`;
  const formerly = project!.slug;
  world.renameProject(project!.id, renamed);
  const fresh = world.newProject('Mobile App');
  const first = world.newIssue({ project: fresh.id, count: 7, at: now - hour });
  const release = world.newRelease({ project: project!.id });

  const changes: (Change | false)[] = [
    {
      says: `25 new events of ${name(failing)}`,
      seen: (held) =>
        found(
          events.filter(({ projectID, eventID }) => held.stream('events').has(`${projectID}/${eventID}`)).length,
          25,
          'events',
        ),
    },
    {
      says: `an event of ${name(late)} arrives late: it happened before the first run`,
      seen: (held) =>
        lateEvent && held.stream('events').has(`${lateEvent.projectID}/${lateEvent.eventID}`)
          ? 'it is there'
          : undefined,
    },
    {
      says: `${name(solved)} is resolved, without an event`,
      seen: (held) => is(held.stream('issues').get(id(solved)), 'status', 'resolved'),
    },
    demo.behaviour.assignees && {
      says: `${name(given)} is assigned to ${member.name}`,
      seen: (held) =>
        isObject(held.stream('issues').get(id(given))?.['assignedTo']) ? `assignedTo is ${member.name}` : undefined,
    },
    {
      says: `${name(absorbed)} is merged into ${name(kept)}`,
      seen: (held) => is(held.stream('issues').get(id(kept)), 'count', String(truthOf(demo, id(kept))['count'])),
    },
    {
      says: `the project ${formerly} is renamed`,
      seen: (held) => is(held.stream('projects').get(project!.id), 'slug', renamed),
    },
    {
      says: 'a new project, mobile-app, with an issue and 7 events',
      seen: (held) =>
        held.stream('issues').has(first.id)
          ? found(
              [...held.stream('events').values()].filter((row) => row['projectID'] === fresh.id).length,
              7,
              'events',
            )
          : undefined,
    },
    {
      says: `a new release of ${renamed}`,
      seen: (held) => (held.stream('release').has(release.version) ? `release has ${release.version}` : undefined),
    },
  ];
  return changes.filter((change) => change !== false);
}

/** Six issues: the kept and the absorbed one are of the same project. */
function pick(issues: readonly Row[]): [Row, Row, Row, Row, Row, Row] {
  const projectOf = (row: Row): string => String((row['project'] as Row)['id']);
  const kept = issues.find((row) => issues.filter((other) => projectOf(other) === projectOf(row)).length >= 2);
  const absorbed = issues.find((row) => kept && row !== kept && projectOf(row) === projectOf(kept));
  const [failing, solved, given, late] = issues.filter((row) => row !== kept && row !== absorbed);
  if (!failing || !solved || !given || !kept || !absorbed || !late)
    throw new Error('The demo needs more issues for its day.');
  return [failing, solved, given, kept, absorbed, late];
}

function truthOf(demo: Demo, issue: string): Row {
  for (const row of demo.truth().rows('issues')) if (row['id'] === issue) return row;
  return {};
}

const id = (row: Row): string => String(row['id']);
const name = (row: Row): string => String(row['shortId']);
const found = (n: number, of: number, what: string): string | undefined => (n === of ? `all ${of} ${what}` : undefined);
const is = (row: Row | undefined, field: string, value: string): string | undefined =>
  String(row?.[field]) === value ? `${field} is ${value}` : undefined;
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

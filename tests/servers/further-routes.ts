/** What a server answers on the routes of the further streams. */
import { day } from './clock.js';
import { type FurtherName, type FurtherStream, furtherNames, furtherStream, groupWords } from './further.js';
import type { FurtherRow } from './further-rows.js';
import type { Organization } from './organization.js';
import type { Json } from './rows.js';

/** The part of a request that says which list is meant. */
export interface FurtherRequest {
  readonly name: FurtherName;
  readonly stream: FurtherStream;
  /** What the list is about, as the path names it; empty for the organization. */
  readonly home: string;
}

const escaped = (text: string): string => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&');

const routes = furtherNames.map((name) => {
  const stream = furtherStream(name);
  const { area = 'organizations', path } = stream;
  const form = escaped(path).replace('{}', '([^/]+)');
  return { name, stream, form: new RegExp(`^/api/0/${area}/([^/]+)/${form}$`) };
});

/** The further stream that a URL is about. Two share a route: groups tell them apart. */
export function furtherRequest({ pathname, searchParams }: URL, slug: string): FurtherRequest | undefined {
  const groups = searchParams.getAll('groupBy').join();
  for (const { name, stream, form } of routes) {
    const [, organization, home = ''] = form.exec(pathname) ?? [];
    if (organization !== slug || (stream.groups && stream.groups.join() !== groups)) continue;
    return { name, stream, home: decodeURIComponent(home) };
  }
  return undefined;
}

/** A row as its list has it. */
export function writeFurther({ key = 'id', time, idsAreNumbers }: FurtherStream, home: string, row: FurtherRow): Json {
  const id = idsAreNumbers ? Number(row.id) : row.id;
  return {
    ...(key === '' ? { id: home, raw: `rules of ${home}` } : { [key]: id }),
    name: `Row ${row.id}`,
    ...(time ? { [time]: iso(row.time) } : {}),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** Numbers of each day that a range touches. */
export function statistics({ groups = [], form }: FurtherStream, query: URLSearchParams, projects: string[]): Json {
  const time = (name: string): number => Date.parse(query.get(name) ?? '');
  const [start, end] = [Math.floor(time('start') / day) * day, Math.ceil(time('end') / day) * day];
  const days = Array.from({ length: (end - start) / day }, (_, n) => iso(start + n * day));
  const words: Record<string, readonly string[]> = { ...groupWords, project: projects };
  const bys = groups.reduce<Json[]>(
    (all, name) => all.flatMap((by) => (words[name] ?? []).map((word) => ({ ...by, [name]: valueOf(name, word) }))),
    [{}],
  );
  const series = (value: unknown): Json => Object.fromEntries(query.getAll('field').map((field) => [field, value]));
  const numbers = form === 'series' ? { series: series(days.map((_, n) => n)) } : {};
  return {
    start: iso(start),
    end: iso(end),
    ...(form === 'series' ? { intervals: days } : {}),
    groups: bys.map((by) => ({ by, totals: series(days.length), ...numbers })),
  };
}

function valueOf(name: string, word: string): unknown {
  const number = Number(word);
  return name === 'project' && Number.isSafeInteger(number) ? number : word;
}

/** Whether there is what a list is about. Projects are looked up by the routes of projects. */
export function isThere({ stream: { home: kind }, home }: FurtherRequest, organization: Organization): boolean {
  const alive = ({ died }: { died: number }): boolean => died === Infinity;
  switch (kind) {
    case 'organization':
    case 'project':
      return true;
    case 'team':
      return organization.teams.some((row) => row.id === home && alive(row));
    case 'release':
      return organization.releases.some((row) => row.version === home && alive(row));
    case 'issue': {
      const issue = organization.issuesById.get(home);
      return issue !== undefined && !issue.project.refused && organization.eventsOf(issue).length > 0;
    }
    default:
      return organization.further.of(kind, '').some(({ id }) => id === home);
  }
}

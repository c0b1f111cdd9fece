/** What each row looks like in an answer, and how an answer becomes bytes: exact numbers, odd text, wrong bytes. */
import { hour } from './clock.js';
import type { Event, Issue, Organization, Person, Project, Release, Team } from './organization.js';
import type { Plan } from './plan.js';

export type Json = Record<string, unknown>;

/** Text that stands for a number as it is to be written, and for a byte that is no UTF-8. */
const rawMark = '\u0001raw ';
const wrongByte = '\uf8ff';

/** Numbers that a double cannot hold: they have to leave as they came. */
export const exactInteger = '9007199254740993';
export const exactDecimal = '0.123456789012345678';
export const oddText = '𝕏 e\u0301 \u2028 "quoted" \\ </script> ß';

const raw = (digits: string): string => `${rawMark}${digits}`;

/** The body of an answer. */
export function bytesOf(value: unknown, plan: Plan): Buffer {
  let text = JSON.stringify(value, undefined, plan.bytes.includes('wide JSON') ? 1 : undefined);
  text = text.replace(/"\\u0001raw ([^"]*)"/g, '$1');
  if (plan.bytes.includes('byte order mark')) text = `\ufeff${text}`;
  if (!text.includes(wrongByte)) return Buffer.from(text);
  const parts = text.split(wrongByte).flatMap((part) => [Buffer.from([0xe9]), Buffer.from(part)]);
  return Buffer.concat(parts.slice(1));
}

export class Rows {
  constructor(
    private readonly plan: Plan,
    private readonly organization: Organization,
  ) {}

  project({ id, slug, refused }: Project): Json {
    const access = !(refused && this.plan.refusedProject?.listed);
    return {
      id: this.#id(id),
      slug,
      name: slug,
      platform: 'python',
      hasAccess: access,
      isMember: access,
      dateCreated: this.#date(this.plan.startDate),
    };
  }

  team({ id }: Team): Json {
    return { id: this.#id(id), slug: `team-${id}`, name: `Team ${id}`, memberCount: 3, projects: [] };
  }

  person({ id, active }: Person): Json {
    const account = { id: `9${id}`, username: `user${id}`, email: `user${id}@example.com`, isActive: true };
    const user = active ? account : null;
    return { id: this.#id(id), email: account.email, name: account.username, role: 'member', pending: !active, user };
  }

  release({ id, version, created, released, exact }: Release): Json {
    return {
      ...(this.plan.releaseIds ? { id: raw(id) } : {}),
      version,
      shortVersion: version,
      status: 'open',
      projects: [],
      lastDeploy: null,
      lastEvent: null,
      dateCreated: this.#date(created),
      dateReleased: released === undefined ? null : this.#date(released),
      data: exact ? this.#oddities() : {},
    };
  }

  /** `from` and `to`: the row of a list that is ranged tells of the range, and of all time under `lifetime`. */
  issue(issue: Issue, range?: { from: number; to: number; lifetime: boolean }): Json {
    const all = this.organization.eventsOf(issue);
    const inside = range ? all.filter(({ time }) => time >= range.from && time < range.to) : all;
    const { id, project, status, feedback, exact } = issue;
    return {
      id: this.#id(id),
      shortId: `A-${id}`,
      title: `Issue ${id}`,
      status,
      level: 'error',
      platform: 'python',
      project: { id: this.#id(project.id), slug: project.slug, name: project.slug },
      issueCategory: feedback ? 'feedback' : 'error',
      metadata: exact ? this.#oddities() : { type: 'Error' },
      ...this.#counts(inside.length > 0 ? inside : all),
      ...(range?.lifetime === false ? {} : { lifetime: this.#counts(all) }),
    };
  }

  event({ id, issue, shown, received, exact }: Event, full: boolean): Json {
    const eventID = this.plan.dashedIds ? id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : id;
    return {
      id: eventID,
      eventID,
      projectID: this.#id(issue.project.id),
      groupID: this.#id(issue.id),
      title: `Event of ${issue.id}`,
      message: '',
      platform: 'python',
      tags: [],
      user: null,
      'event.type': 'error',
      dateCreated: this.#date(shown),
      metadata: exact ? this.#oddities() : { type: 'Error' },
      ...(this.#showsArrival() || full ? { dateReceived: this.#date(received) } : {}),
      ...(full ? { entries: [{ type: 'message', data: { formatted: `Event of ${issue.id}` } }], contexts: {} } : {}),
    };
  }

  #showsArrival(): boolean {
    const { events, issueEvents } = this.plan.lists;
    return events.range === 'another date' || issueEvents.range === 'another date';
  }

  #counts(events: readonly Event[]): Json {
    const times = events.map(({ time }) => time);
    const last = times.reduce((high, time) => Math.max(high, time), -Infinity);
    const first = times.reduce((low, time) => Math.min(low, time), Infinity);
    const dates = events.length > 0 ? { firstSeen: this.#date(first), lastSeen: this.#date(last) } : {};
    return { count: String(events.length), userCount: 1, ...dates };
  }

  #oddities(): Json {
    const { bytes } = this.plan;
    return {
      ...(bytes.includes('exact numbers') ? { big: raw(exactInteger), decimal: raw(exactDecimal) } : {}),
      ...(bytes.includes('odd text') ? { text: oddText } : {}),
      ...(bytes.includes('wrong bytes') ? { latin: `caf${wrongByte}` } : {}),
      ...(bytes.includes('lone surrogates') ? { lone: 'half \ud83d of a pair' } : {}),
      ...(bytes.includes('deep') ? { deep: raw(`${'['.repeat(800)}1${']'.repeat(800)}`) } : {}),
    };
  }

  #id(id: string): string {
    return this.plan.numericIds ? raw(id) : id;
  }

  #date(ms: number): string {
    if (ms < 0) return '0001-01-01T00:00:00Z';
    const { dates } = this.plan;
    if (dates === 'fractions')
      return new Date(ms).toISOString().replace('.000Z', `.${String(ms / 1000).slice(-3)}456Z`);
    if (dates === 'offset') return new Date(ms + 2 * hour).toISOString().replace('.000Z', '+02:00');
    return new Date(ms).toISOString().replace('.000Z', 'Z');
  }
}

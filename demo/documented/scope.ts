/** What a row is about: its project, a person, a release, … as the API shows them, under the names that tables use. */
import { isoMilli } from '../clock.js';
import type { Member, Project, Release } from '../entities.js';
import { at } from '../random.js';
import { organizationRow, teamRow, userRow, type Row } from '../rows/organization.js';
import { projectRow, projectSummary } from '../rows/project.js';
import { releaseRow } from '../rows/release.js';
import type { State } from '../state.js';
import { hexOf, type Seat } from './seats.js';

/** Looks up names like `project.slug`; what there is not is undefined. */
export type Scope = (name: string) => unknown;

const nouns = ['checkout', 'invoice', 'basket', 'search', 'login', 'stock', 'mail', 'report', 'payment', 'profile'];
const verbs = ['nightly', 'slow', 'failing', 'new', 'weekly', 'large', 'regional', 'daily'];

/** The scope of a row. */
export function scopeOf(state: State, seat: Seat, origin: string): Scope {
  const { hash, place } = seat;
  const project = place.project ?? at(projectsOf(state), hash >>> 3);
  const person = at(peopleOf(state), hash >>> 5);
  const roots: Readonly<Record<string, () => unknown>> = {
    n: () => seat.n,
    id: () => seat.id,
    number: () => hash % 1000,
    hex32: () => hexOf(hash, 32),
    hex40: () => hexOf(hash, 40),
    uuid: () => uuidOf(hexOf(hash, 32)),
    time: () => isoMilli(seat.at),
    later: () => isoMilli(seat.at + 300_000),
    second: () => Math.floor(seat.at / 1000),
    word: () => `${at(verbs, hash >>> 7)}-${at(nouns, hash >>> 11)}`,
    words: () => `${at(verbs, hash >>> 7)} ${at(nouns, hash >>> 11)}`,
    noun: () => at(nouns, hash >>> 11),
    origin: () => origin,
    environment: () => at(project.environments, hash >>> 13),
    parent: () => place.parent,
    place: () => place.names,
    thing: () => seat.thing,
    issue: () => place.issue && { id: place.issue.id, shortId: place.issue.shortId, title: place.issue.failing.title },
    organization: () => organizationRow(state, origin),
    project: () => ({ ...projectSummary(state, project), ...projectRow(state, project) }),
    team: () => teamRow(state, place.team ?? project.teams[0] ?? state.teams[0]!, false),
    release: () => {
      const release = place.release ?? releaseAt(project, seat.at, hash);
      return release && releaseRow(state, release);
    },
    person: () => personOf(person),
    other: () => personOf(at(peopleOf(state), hash >>> 9)),
  };
  const known = new Map<string, unknown>();
  return (name) => {
    const [root = '', ...rest] = name.split('.');
    if (!known.has(root)) known.set(root, roots[root]?.());
    return rest.reduce((value, key) => (value as Row | null | undefined)?.[key], known.get(root));
  };
}

/** A person: who acts (`id`), and who is shown (`name`, `email`). */
const personOf = (member: Member): Row => ({ ...userRow(member), type: 'user' });

/** Those of the first day: rows stay as they are when people come and go. */
const peopleOf = ({ members, settings }: State): Member[] => {
  const first = members.slice(0, settings.members);
  return first.some(({ pending }) => !pending) ? first.filter(({ pending }) => !pending) : first;
};

/** Those of the first day. */
const projectsOf = ({ projects, settings }: State): Project[] => projects.slice(0, settings.projects);

/** One of the latest releases that a project had at a time. */
function releaseAt({ releases }: Project, ms: number, hash: number): Release | undefined {
  const earlier = releases.filter(({ created }) => created <= ms);
  return earlier.at(-1 - (hash % 3)) ?? releases[0];
}

export const uuidOf = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

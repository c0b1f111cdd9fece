/** A text for a field, by its name: ids, slugs, addresses, times as texts, and else words that anybody may read. */
import { isoMilli } from '../clock.js';
import { type Scope, uuidOf } from './scope.js';
import { hexOf, type Seat } from './seats.js';

interface Naming {
  readonly scope: Scope;
  readonly seat: Seat;
  readonly hash: number;
}

/** The first that fits a name. */
const byName: readonly (readonly [RegExp, (naming: Naming) => unknown])[] = [
  [/^id$/, ({ seat, hash }) => (hash === 0 ? seat.id : String(hash % 1_000_000))],
  [/^(project_?id)$/i, ({ scope }) => scope('project.id')],
  [/^(organization_?id)$/i, ({ scope }) => scope('organization.id')],
  [/^(project_?slug)$/i, ({ scope }) => scope('project.slug')],
  [/^(issue_?id|groupID)$/, ({ scope }) => scope('issue.id')],
  [/^environments?$/, ({ scope }) => scope('environment')],
  [/^(releases?|release_?version)$/, ({ scope }) => scope('release.version') ?? ''],
  [/^platform$/, ({ scope }) => scope('project.platform')],
  [/^uuid$|Uuid$|^debugId$/, ({ hash }) => uuidOf(hexOf(hash, 32))],
  [/^(sha1|checksum)$/, ({ hash }) => hexOf(hash, 40)],
  [/^(\w+_ids|eventID|event_id|hash|trace_id|secret|public|clientId|clientSecret)$/, ({ hash }) => hexOf(hash, 32)],
  [/id$|Id$|ID$/, ({ hash }) => String(hash % 1_000_000)],
  [/email$/i, ({ scope }) => scope('person.email')],
  [/^ip/i, ({ hash }) => `198.51.100.${hash % 256}`],
  [/url$|^web|^icon$/i, ({ scope, hash }) => `https://${String(scope('noun'))}.example.com/${hash % 1000}`],
  [/^date|At$|_at$|Seen$|Date$|^(start|end|rangeStart|rangeEnd|lastVisited)$/, ({ seat }) => isoMilli(seat.at)],
  [/slug$|Slug$/, ({ scope }) => scope('word')],
  [/^(username|identifier)$/, ({ scope }) => scope('person.email')],
  [/version$/i, ({ hash }) => `${hash % 9}.${(hash >>> 4) % 20}.${(hash >>> 8) % 10}`],
  [/^avatarType$/, () => 'letter_avatar'],
  [/^status$/, () => 'active'],
  [/^(name|title|label|displayName)$/, ({ scope }) => scope('words')],
  [/^(message|description|comments|note|raw)$/, ({ scope }) => `About the ${String(scope('words'))}.`],
];

/** The text of a field. */
export function wordFor(scope: Scope, name: string, seat: Seat, hash: number): string {
  const found = byName.find(([pattern]) => pattern.test(name));
  return String((found ? found[1]({ scope, seat, hash }) : scope('noun')) ?? '');
}

/**
 * The part of Sentry's issue search that clients use: `is:`, `issue.category:`, `issue.priority:`,
 * `level:`, times of first and last seen, and plain words, which look at the title.
 */
import { badRequest } from './answer.js';
import type { Issue } from './entities.js';
import type { Behaviour } from './options.js';
import { readPeriod, readTime } from './times.js';

/** An issue as a window shows it; times in unix seconds. */
export interface Candidate {
  readonly issue: Issue;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

type Test = (candidate: Candidate) => boolean;

const nothing: Test = () => false;

/** A test for a query; feedback is found only when the query names a category. */
export function readSearch(query: string, behaviour: Behaviour, now: number): Test {
  const tests: Test[] = [];
  let category = false;
  for (const term of query.matchAll(/(!?)([\w.]+):(\[[^\]]*\]|"[^"]*"|\S+)|"([^"]*)"|(\S+)/g)) {
    const [, not, key, value = '', quoted, word] = term;
    if (key === undefined) {
      const text = (quoted ?? word ?? '').toLowerCase();
      tests.push(({ issue }) => issue.failing.title.toLowerCase().includes(text));
      continue;
    }
    if (key === 'issue.category' || key === 'category') category = true;
    const test = behaviour.unknownTermsFindNothing && key !== 'is' ? nothing : termTest(key, value, now);
    tests.push(not === '!' ? (one) => !test(one) : test);
  }
  if (!category) tests.push(({ issue }) => issue.category !== 'feedback');
  return (candidate) => tests.every((test) => test(candidate));
}

function termTest(key: string, value: string, now: number): Test {
  const values = value
    .replace(/^[["]|[\]"]$/g, '')
    .split(',')
    .map((one) => one.trim());
  switch (key) {
    case 'is':
      return statusTest(value);
    case 'issue.category':
    case 'category':
      return ({ issue }) => values.includes(issue.category);
    case 'issue.priority':
    case 'priority':
      return ({ issue }) => issue.priority !== null && values.includes(issue.priority);
    case 'level':
      return ({ issue }) => values.includes(issue.level);
    case 'project':
      return ({ issue }) => values.includes(issue.project.slug) || values.includes(issue.project.id);
    case 'lastSeen':
      return timeTest(value, now, ({ lastSeen }) => lastSeen);
    case 'firstSeen':
      return timeTest(value, now, ({ firstSeen }) => firstSeen);
    // Sentry takes any other key for a tag; nobody here has such a tag.
    default:
      return nothing;
  }
}

function statusTest(value: string): Test {
  switch (value) {
    case 'unresolved':
    case 'resolved':
    case 'ignored':
      return ({ issue }) => issue.status === value;
    case 'archived':
      return ({ issue }) => issue.status === 'ignored';
    case 'assigned':
      return ({ issue }) => issue.assignee !== null;
    case 'unassigned':
      return ({ issue }) => issue.assignee === null;
    default:
      throw badRequest(
        `Invalid value for "is" search, valid values are ['archived', 'assigned', 'ignored', 'resolved', 'unassigned', 'unresolved']`,
      );
  }
}

/** `>=T`, `>T`, `<=T`, `<T`, `-24h` (newer than), `+24h` (older than). */
function timeTest(value: string, now: number, of: (candidate: Candidate) => number): Test {
  const relative = /^([-+])(\d+[smhdw])$/.exec(value);
  if (relative) {
    const edge = now / 1000 - readPeriod(relative[2]!)!;
    return relative[1] === '-' ? (one) => of(one) >= edge : (one) => of(one) <= edge;
  }
  const parts = /^(>=|<=|>|<)(.+)$/.exec(value);
  if (!parts) throw badRequest(`Error parsing search query: ${value}: Invalid date`);
  const edge = readTime(parts[2]!);
  switch (parts[1]) {
    case '>=':
      return (one) => of(one) >= edge;
    case '<=':
      return (one) => of(one) <= edge;
    case '>':
      return (one) => of(one) > edge;
    default:
      return (one) => of(one) < edge;
  }
}

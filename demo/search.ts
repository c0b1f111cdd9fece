/**
 * The part of Sentry's issue search that clients use: `is:`, `issue.category:`, `issue.priority:`,
 * `level:`, times of first and last seen, and plain words, which look at the title.
 */
import { badRequest } from './answer.js';
import type { Issue } from './entities.js';
import type { Behaviour } from './behaviour.js';
import { readPeriod, readTime } from './times.js';

/** An issue as a window shows it; times in unix seconds. */
export interface Candidate {
  readonly issue: Issue;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

type Test = (candidate: Candidate) => boolean;

const nothing: Test = () => false;

/** A query as a test, and whether it has a term that the server does not know. */
export interface Search {
  readonly test: Test;
  readonly hasUnknownTerm: boolean;
}

/** Reads a query; feedback is found only when it names a category. */
export function readSearch(query: string, behaviour: Behaviour, now: number): Search {
  const tests: Test[] = [];
  let [category, hasUnknownTerm] = [false, false];
  for (const term of query.matchAll(/(!?)([\w.]+):(\[[^\]]*\]|"[^"]*"|\S+)|"([^"]*)"|(\S+)/g)) {
    const [, not, key, value = '', quoted, word] = term;
    if (key === undefined) {
      const text = (quoted ?? word ?? '').toLowerCase();
      tests.push(({ issue }) => issue.failing.title.toLowerCase().includes(text));
    } else if (!isKnown(key, behaviour)) {
      hasUnknownTerm = true;
      if (not !== '!' && !behaviour.unknownTermsIgnored) tests.push(nothing);
    } else {
      if (key === 'issue.category' || key === 'category') category = true;
      const test = termTest(key, value, now);
      tests.push(not === '!' ? (one) => !test(one) : test);
    }
  }
  if (!category) tests.push(({ issue }) => issue.category !== 'feedback');
  return { test: (candidate) => tests.every((test) => test(candidate)), hasUnknownTerm };
}

const olderKeys: readonly string[] = ['level', 'lastSeen', 'firstSeen'];
const newerKeys: readonly string[] = ['issue.category', 'category', 'issue.priority', 'priority', 'project'];

/** Sentry takes any other key for a tag; nobody here has such a tag. */
function isKnown(key: string, behaviour: Behaviour): boolean {
  if (key === 'is') return true;
  if (behaviour.unknownTermsFindNothing || behaviour.unknownTermsIgnored) return false;
  return olderKeys.includes(key) || (behaviour.issueCategories && newerKeys.includes(key));
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
        `Invalid value for "is" search, valid values are ['archived', 'assigned', 'ignored', 'resolved', ` +
          `'unassigned', 'unresolved']`,
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

/**
 * Compares what the runs wrote with the truth. Rows are counted as they come, not as a target would keep them. A row
 * that is in no run is a silent loss, unless the last run says that it could not read the stream, or the run that could
 * have read the row says that the server hides such rows.
 */
import { day, floorSecond, minute, second } from './clock.js';
import { type FurtherStream, furtherStream, isFurther, keyColumns } from './further.js';
import type { Plan, StreamName } from './plan.js';
import { exactDecimal, exactInteger, oddText } from './rows.js';
import type { RecordLine, RunOutput } from './run.js';
import type { Required, Truth } from './truth.js';

/** A run that has ended. */
export interface EndedRun {
  streams: readonly StreamName[];
  output: RunOutput;
  /** It was ended from outside, as the case wanted. */
  cut: boolean;
  hang: string | undefined;
  began: number;
  /** What the clocks showed at its end: the earlier of the server's and the machine's. */
  ended: number;
  remembers: (stream: StreamName, project: string) => boolean;
}

export interface Verdict {
  lost: string[];
  doubled: string[];
  hangs: string[];
  /** Wrong values, wrong states, lines that no target can read, errors without a name. */
  broken: string[];
  /** Streams that were said to be incomplete. */
  said: StreamName[];
  /** Said, though nothing about this server is a reason. */
  needless: string[];
}

const parents: Partial<Record<StreamName, StreamName>> = {
  project_detail: 'projects',
  release: 'releases',
  issues: 'projects',
  issue_detail: 'issues',
  issue_events: 'issues',
  events: 'projects',
  event_detail: 'events',
};

const parentOf: Record<FurtherStream['home'], StreamName | undefined> = {
  organization: undefined,
  project: 'projects',
  team: 'teams',
  release: 'releases',
  issue: 'issues',
  monitors: 'monitors',
  repositories: 'repositories',
  dashboards: 'dashboards',
};

export function judge(plan: Plan, runs: readonly EndedRun[], truth: Truth): Verdict {
  const verdict: Verdict = { lost: [], doubled: [], hangs: [], broken: [], said: [], needless: [] };
  runs.forEach((run, index) => judgeRun(run, index, plan, verdict));
  judgeStates(runs, verdict);
  const last = runs.at(-1);
  if (!last || last.hang) return verdict;
  for (const stream of last.streams) judgeStream(stream, { plan, runs, last, truth }, verdict);
  if (last.output.code !== 0 && verdict.said.length === 0)
    verdict.broken.push(`the last run ended with ${last.output.code ?? last.output.signal}, and names no stream`);
  if (!plan.maySay)
    for (const stream of verdict.said) verdict.needless.push(`${stream}: ${reasonOf(last.output.stderr, stream)}`);
  return verdict;
}

// One stream ---------------------------------------------------------------------------------

interface Compared {
  plan: Plan;
  runs: readonly EndedRun[];
  last: EndedRun;
  truth: Truth;
}

function judgeStream(stream: StreamName, { plan, runs, last, truth }: Compared, verdict: Verdict): void {
  const said = isSaid(stream, plan, last.output);
  if (said) verdict.said.push(stream);
  const required = truth.required(stream);
  const written = byKey(
    stream,
    runs.flatMap(({ output }) => output.records),
  );
  const missing = [...required.keys()].filter((key) => !written.has(key));
  const isTold = said || isClockSaid(plan, last.output) || runs.some((run) => isLimitSaid(stream, run));
  if (missing.length > 0 && !isTold)
    verdict.lost.push(`${stream}: ${missing.length} of ${required.size} rows, such as ${examples(missing, required)}`);
  if (!said) verdict.lost.push(...staleRows(stream, required, written));
  verdict.broken.push(...changedValues(stream, plan, required, written));
  const own = byKey(stream, last.output.records);
  const dropped = [...required.keys()].filter((key) => !own.has(key));
  if (last.output.activated.includes(stream) && dropped.length > 0)
    verdict.lost.push(`${stream}: ACTIVATE_VERSION drops ${dropped.length} of ${required.size} rows`);
  if (said) return;
  verdict.lost.push(...capped(stream, plan, runs, truth));
  verdict.lost.push(...withoutBodies(stream, plan, required, { plan, runs, last, truth }));
  verdict.doubled.push(...readAgain(stream, plan, runs));
}

const examples = (keys: readonly string[], required: Map<string, Required>): string =>
  keys
    .slice(0, 2)
    .map((key) => `${key} (${required.get(key)?.note ?? ''})`)
    .join(' and ');

/** Issues whose newest event no record tells of. */
function staleRows(stream: StreamName, required: Map<string, Required>, written: Map<string, RecordLine[]>): string[] {
  const stale = [...required].filter(([key, { lastSeen }]) => {
    const lines = written.get(key);
    if (!lines || lastSeen === undefined) return false;
    return !lines.some(({ record }) => Date.parse(String(record['lastSeen'])) >= lastSeen);
  });
  const keys = stale.map(([key]) => key);
  return keys.length === 0
    ? []
    : [`${stream}: ${keys.length} of ${required.size} rows are old, such as ${examples(keys, required)}`];
}

/** Numbers and text that did not survive. */
function changedValues(
  stream: StreamName,
  { bytes }: Plan,
  required: Map<string, Required>,
  written: Map<string, RecordLine[]>,
): string[] {
  const wanted = bytes.includes('exact numbers') ? [exactInteger, exactDecimal] : [];
  return [...required].flatMap(([key, { exact }]) => {
    const line = exact ? written.get(key)?.at(-1) : undefined;
    if (!line) return [];
    const lost = wanted.filter((digits) => !line.text.includes(digits));
    if (bytes.includes('odd text') && !JSON.stringify(line.record).includes(JSON.stringify(oddText).slice(1, -1)))
      lost.push('odd text');
    return lost.map((what) => `${stream}: ${what} of row ${key} did not survive`);
  });
}

/** A cap counts distinct rows: a first run has so many of a project, or all that there are. */
function capped(stream: StreamName, { settings, moving }: Plan, runs: readonly EndedRun[], truth: Truth): string[] {
  const cap = settings.max_events_per_project;
  const [first] = runs;
  if (stream !== 'events' || cap === undefined || runs.length > 1 || moving || !first) return [];
  const keys = new Map<string, Set<string>>();
  for (const { record } of first.output.records.filter((line) => line.stream === 'events')) {
    const project = String(record['projectID']);
    keys.set(project, (keys.get(project) ?? new Set()).add(keyOf(stream, record)));
  }
  return [...truth.available()].flatMap(([project, available]) => {
    const [found, wanted] = [keys.get(project)?.size ?? 0, Math.min(cap, available)];
    return found === wanted
      ? []
      : [`events: ${found} distinct rows of project ${project}, where the cap leaves ${wanted}`];
  });
}

/** Bodies that were wanted: each that the server gives must come, and what it refuses must be said. */
function withoutBodies(
  stream: StreamName,
  plan: Plan,
  required: Map<string, Required>,
  { runs, last }: Compared,
): string[] {
  const { settings, routes, bodies, bodiesRefused } = plan;
  if (!settings.fetch_event_details || (stream !== 'events' && stream !== 'issue_events')) return [];
  if (bodies === 'never' && routes.event !== 'there') return [];
  const written = byKey(
    stream,
    runs.flatMap(({ output }) => output.records),
  );
  const bare = [...required.keys()].filter((key) => written.get(key)?.every(({ record }) => !record['entries']));
  if (bare.length === 0) return [];
  const lines = last.output.stderr.split('\n').map(parseLine);
  const isTold = lines.some(({ text }) => text.includes(stream) && /bod(y|ies)|detail/i.test(text));
  const mayLack = bodies === 'never' && bodiesRefused !== 'none';
  return mayLack && isTold ? [] : [`${stream}: ${bare.length} of ${required.size} rows have no body`];
}

/** On an ordinary server a run does not read again what lies before the lookback of the run before it. */
function readAgain(stream: StreamName, { words, settings }: Plan, runs: readonly EndedRun[]): string[] {
  if (stream !== 'events' || words.length > 0) return [];
  return runs.flatMap(({ output }, index) => {
    const before = runs[index - 1];
    if (!before || before.cut || before.output.code !== 0 || !before.streams.includes(stream)) return [];
    const known = new Set(before.output.records.map(({ record }) => record['eventID']));
    const again = output.records.filter(
      ({ stream: name, record }) =>
        name === stream &&
        known.has(record['eventID']) &&
        Date.parse(String(record['dateCreated'])) < before.began - day - minute,
    );
    return again.length <= settings.page_size ? [] : [`run ${index + 1}, events: ${again.length} old rows came again`];
  });
}

function byKey(stream: StreamName, records: readonly RecordLine[]): Map<string, RecordLine[]> {
  const found = new Map<string, RecordLine[]>();
  for (const line of records) {
    if (line.stream !== stream) continue;
    const key = keyOf(stream, line.record);
    const lines = found.get(key);
    if (lines) lines.push(line);
    else found.set(key, [line]);
  }
  return found;
}

function keyOf(stream: StreamName, record: Record<string, unknown>): string {
  if (isFurther(stream))
    return keyColumns(stream)
      .map((column) => String(record[column]))
      .join('/');
  if (stream === 'releases' || stream === 'release') return String(record['version']);
  return stream.includes('event') ? String(record['eventID']).replaceAll('-', '') : String(record['id']);
}

// One run ------------------------------------------------------------------------------------

function judgeRun({ streams, output, cut, hang }: EndedRun, index: number, plan: Plan, verdict: Verdict): void {
  const run = `run ${index + 1}`;
  if (hang) verdict.hangs.push(`${run}: ${hang}`);
  verdict.broken.push(...output.broken.map((what) => `${run}: ${what}`));
  if (!cut && !hang && output.code !== 0 && output.code !== 1)
    verdict.broken.push(`${run} ended with ${output.code ?? output.signal}`);
  if (/^\s+at .+:\d+:\d+/m.test(output.stderr)) verdict.broken.push(`${run} printed a stack trace`);
  for (const stream of streams) {
    const twice = [...byKey(stream, output.records)].filter(([, lines]) => isTwice(stream, lines));
    const [example] = twice.map(([key]) => key);
    if (twice.length > 0) verdict.doubled.push(`${run}, ${stream}: ${twice.length} rows, such as ${example}`);
  }
  if (plan.bytes.length > 0 && output.stderr.includes('Internal error')) verdict.broken.push(`${run}: internal error`);
}

/** Issues move while they are read: another version of one may follow. */
function isTwice(stream: StreamName, lines: readonly RecordLine[]): boolean {
  const moves = stream === 'issues' || stream === 'issue_detail';
  return lines.length > (moves ? new Set(lines.map(({ text }) => text)).size : 1);
}

// States -------------------------------------------------------------------------------------

/** Bookmarks move forward, and never beyond the clocks. */
function judgeStates(runs: readonly EndedRun[], verdict: Verdict): void {
  let before = new Map<string, number>();
  runs.forEach(({ output, ended }, index) => {
    for (const state of output.states) {
      const bookmarks = bookmarksOf(state);
      for (const [name, time] of bookmarks) {
        if (time < (before.get(name) ?? -Infinity))
          verdict.broken.push(
            `run ${index + 1}: the bookmark of ${name} moved back to ${new Date(time).toISOString()}`,
          );
        if (time > ended + second)
          verdict.broken.push(
            `run ${index + 1}: the bookmark of ${name} is in the future: ${new Date(time).toISOString()}`,
          );
      }
      before = bookmarks;
    }
  });
  verdict.broken = [...new Set(verdict.broken)];
}

interface Bookmark {
  start?: string;
  partitions?: { context: unknown; start?: string }[];
}

/** Each bookmark by its stream and context. A stream's own is that of its partitions, where it has any. */
function bookmarksOf(state: unknown): Map<string, number> {
  const { bookmarks = {} } = (state ?? {}) as { bookmarks?: Record<string, Bookmark> };
  const found = new Map<string, number>();
  for (const [stream, { start, partitions = [] }] of Object.entries(bookmarks)) {
    if (partitions.length === 0 && start !== undefined) found.set(stream, floorSecond(Date.parse(start)));
    for (const { context, start: own = start } of partitions)
      if (own !== undefined) found.set(`${stream} ${JSON.stringify(context)}`, floorSecond(Date.parse(own)));
  }
  return found;
}

// What a run says ----------------------------------------------------------------------------

/** Whether a run says that a stream, or one that it hangs on, could not be read wholly. */
function isSaid(stream: StreamName, { refusedProject }: Plan, { code, stderr }: RunOutput): boolean {
  const lines = stderr.split('\n').map(parseLine);
  const chain = chainOf(stream);
  // A refused project makes a stream partial, and is no excuse for the others.
  const isPartial = (text: string): boolean => !refusedProject || text.includes('withdrawn');
  const isIncomplete = (names: readonly string[], text: string): boolean => {
    const [, status] = new RegExp(`^(?:${names.join('|')})\\s+(partial|failed)\\b`).exec(text) ?? [];
    return status === 'failed' || (status === 'partial' && isPartial(text));
  };
  if (code === 0) return lines.some(({ text }) => isIncomplete([stream], text));
  if (lines.some(({ text }) => isIncomplete(chain, text))) return true;
  const errors = lines.filter(({ level }) => level === 'ERROR' || level === 'CRITICAL');
  const fatal = !lines.some(({ text }) => /^\w+\s+(ok|empty|partial|failed)\s/.test(text));
  return errors.some(({ text }) => fatal || new RegExp(`\\b(${chain.join('|')})\\b`).test(withoutPaths(text)));
}

/** A clock that cannot be right, and a warning that says so. */
const isClockSaid = ({ date }: Plan, { stderr }: RunOutput): boolean =>
  date.startsWith('year') &&
  stderr
    .split('\n')
    .map(parseLine)
    .some(({ level, text }) => level === 'WARNING' && /clock|\bDate\b/i.test(text));

/** A run said what the server hides; a later one reads the days since, and so meets nothing to say. */
const isLimitSaid = (stream: StreamName, { cut, output }: EndedRun): boolean =>
  !cut && new RegExp(`\\| ${stream} +partial .*the latest days only`).test(output.stderr);

function chainOf(stream: StreamName): StreamName[] {
  const parent = isFurther(stream) ? parentOf[furtherStream(stream).home] : parents[stream];
  return parent ? [stream, ...chainOf(parent)] : [stream];
}

function parseLine(line: string): { level: string; text: string } {
  const [, level = '', text = line] = /^\S+ \S+ \| (\w+)\s*\| \S+\s*\| (.*)$/.exec(line) ?? [];
  return { level, text };
}

const withoutPaths = (text: string): string => text.replace(/\S*\/\S*/g, ' ');

function reasonOf(stderr: string, stream: StreamName): string {
  const chain = chainOf(stream).join('|');
  const lines = stderr.split('\n').map(parseLine);
  const line = lines.find(({ level, text }) => level === 'ERROR' && new RegExp(`\\b(${chain})\\b`).test(text));
  const outcome = lines.find(({ text }) => new RegExp(`^(${chain})\\s+(partial|failed)\\b`).test(text));
  return (line ?? outcome ?? lines.find(({ level }) => level === 'ERROR'))?.text.slice(0, 240) ?? 'no reason';
}

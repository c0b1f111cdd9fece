/**
 * Whole runs. Where our messages are not the SDK's, these must hold: the same schemas, once each and before the first
 * record; the same records; no STATE twice; bookmarks of streams that are not read stay as they came; no bookmark
 * before what the SDK has read, and none at all behind a failure.
 */
import { parseDate } from '../../../src/sdk/time.js';
import { type Case, type Json, type Result, compare, sameJson } from '../cases.js';
import { type Message, type StreamInput, type SyncInput, runTap } from './state-tap.js';

interface Expected {
  error?: unknown;
  messages: Message[];
  final_state: { bookmarks?: Record<string, Json> };
}

/** Runs the case. @throws Error naming what does not hold. */
export async function runSync({ input: given, expected: wanted }: Case): Promise<Result> {
  const input = given as unknown as SyncInput;
  const expected = wanted as unknown as Expected;
  const { code, messages, asked } = await runTap(input);
  const plain = messages.map(({ time_extracted: _, ...message }) => message);
  const broken = [
    ...schemaProblems(messages, expected.messages),
    ...input.streams.flatMap((stream) => recordProblems(stream, messages, input, expected)),
    ...stateProblems(messages, input),
    ...input.streams.flatMap((stream) => bookmarkProblems(stream, messages, input, expected)),
    ...rangeProblems(asked, input),
    ...(fails(input) === (code !== 0) ? [] : [`the exit code is ${code}`]),
  ];
  if (broken.length > 0) throw new Error(broken.join('; '));
  return compare({ messages: plain }, { messages: expected.messages });
}

/** Whether our run fails: the source does, or rows lack a key that the catalog wants (D38). */
const fails = ({ streams, catalog_patch: patch = {}, mode }: SyncInput): boolean =>
  mode === 'sync' &&
  streams.some(({ name, records, fail_after: limit }) => {
    const keys = (patch[name]?.['key_properties'] ?? []) as string[];
    return limit !== undefined || records?.some((row) => keys.some((key) => (row[key] ?? null) === null)) === true;
  });

const of = (messages: readonly Message[], type: string, stream?: string): Message[] =>
  messages.filter((one) => one.type === type && (stream === undefined || one.stream === stream));

function schemaProblems(ours: readonly Message[], theirs: readonly Message[]): string[] {
  const wanted = new Map(of(theirs, 'SCHEMA').map((message) => [message.stream, message]));
  const found = of(ours, 'SCHEMA');
  const problems = found
    .filter((one) => !sameJson(one, wanted.get(one.stream)))
    .map(({ stream }) => `SCHEMA ${stream}`);
  if (found.length !== wanted.size) problems.push(`${found.length} SCHEMA messages for ${wanted.size}`);
  for (const { stream } of found) {
    const first = ours.findIndex((one) => one.stream === stream);
    if (ours[first]?.type !== 'SCHEMA') problems.push(`${stream}: ${ours[first]?.type} before SCHEMA`);
  }
  return problems;
}

function recordProblems(stream: StreamInput, ours: readonly Message[], input: SyncInput, expected: Expected): string[] {
  const texts = (messages: readonly Message[]): string[] =>
    of(messages, 'RECORD', stream.name).map(({ record }) => JSON.stringify(Object.entries(record ?? {}).sort()));
  const [found, wanted] = [texts(ours), texts(expected.messages)];
  if (input.mode === 'test') return found.length <= 1 ? [] : [`${stream.name}: ${found.length} records in a test`];
  const strange = found.filter((text) => !wanted.includes(text) && !expected.error);
  const missing = fails(input) || expected.error ? [] : wanted.filter((text) => !found.includes(text));
  const twice = found.length - new Set(found).size;
  if (strange.length + missing.length + twice === 0) return [];
  return [`${stream.name}: ${strange.length} strange, ${missing.length} missing and ${twice} repeated records`];
}

function stateProblems(ours: readonly Message[], { state, streams, deselect = [] }: SyncInput): string[] {
  const states = of(ours, 'STATE').map(({ value }) => value as { bookmarks: Record<string, Json> });
  const before = ((state as Json | null)?.['bookmarks'] ?? {}) as Record<string, Json>;
  const isRead = (name: string): boolean => streams.some((one) => one.name === name) && !deselect.includes(name);
  const lost = Object.keys(before).filter(
    (name) => !isRead(name) && states.some(({ bookmarks }) => !sameJson(bookmarks[name], before[name])),
  );
  const repeated = states.some((one, index) => sameJson(one, states[index - 1]));
  const words = /progress_markers|signpost|starting_replication/;
  const running = words.test(JSON.stringify(states)) ? ['a STATE holds words of a run that is under way'] : [];
  return [
    ...lost.map((name) => `the bookmark of ${name} is changed`),
    ...(repeated ? ['a STATE twice'] : []),
    ...running,
  ];
}

/** A stream that was read wholly stands at or behind the SDK's bookmark; one that failed stands where it was. */
function bookmarkProblems(
  stream: StreamInput,
  ours: readonly Message[],
  input: SyncInput,
  expected: Expected,
): string[] {
  if (input.mode !== 'sync' || !stream.replication_key || expected.error) return [];
  if (input.catalog_patch?.[stream.name]?.['replication_method'] === 'FULL_TABLE') return [];
  const bookmarks = of(ours, 'STATE').at(-1)?.value?.bookmarks ?? {};
  const starts = entriesOf(bookmarks[stream.name], 'start');
  const values = entriesOf(expected.final_state.bookmarks?.[stream.name], 'replication_key_value');
  const behind = [...values].filter(([context, value]) => (starts.get(context) ?? -Infinity) < value);
  return behind.map(([context]) => `${stream.name} ${context}: the bookmark is missing, or earlier than the SDK's`);
}

/** Times by context, as text. */
function entriesOf(bookmark: Json | undefined, field: string): Map<string, number> {
  const partitions = (bookmark?.['partitions'] ?? [{ ...bookmark, context: {} }]) as Json[];
  const read = (entry: Json): [string, number][] => {
    const time = parseDate(String(entry[field] ?? ''));
    return time === undefined ? [] : [[JSON.stringify(entry['context']), time]];
  };
  return new Map(partitions.flatMap(read));
}

/** What the SDK's state says is read is not asked for again. */
function rangeProblems(asked: readonly string[], { state, streams }: SyncInput): string[] {
  const before = ((state as Json | null)?.['bookmarks'] ?? {}) as Record<string, Json>;
  return streams.flatMap(({ name }) => {
    const starts = entriesOf(before[name], 'replication_key_value');
    return [...starts].flatMap(([context, start]) => {
      const values = Object.values(JSON.parse(context) as Json).map(String);
      const path = `/${[name, ...values].join('/')}/`;
      const requests = asked.map((one) => new URL(one, 'http://x')).filter(({ pathname }) => pathname === path);
      const early = requests.filter((url) => (parseDate(url.searchParams.get('start') ?? '') ?? start) < start);
      return early.length > 0 ? [`${name} is read from ${early[0]?.searchParams.get('start')} on`] : [];
    });
  });
}

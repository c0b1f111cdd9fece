/**
 * State. Our bookmarks are the ends of ranges that were read completely, so most states look different from the SDK's.
 * What must hold all the same is thrown when it does not, and no deviation excuses it: the SDK's states are
 * understood, partitions are found by their context, a key that changed starts anew, and whatever is not ours is
 * carried along.
 */
import { InputError } from '../../../src/sdk/errors.js';
import { type Context, State } from '../../../src/sdk/singer/state.js';
import { parseDate } from '../../../src/sdk/time.js';
import { type Case, type Json, type Result, type Runner, compare, sameJson } from '../cases.js';
import { runSync } from './state-sync.js';

export const state: Runner = (one) => (one.input['kind'] === 'sync' ? runSync(one) : sequence(one));

interface Step {
  op: string;
  context?: Context;
  config?: { start_date?: string };
}

interface After {
  state: Json;
  result?: unknown;
  error?: { message: string };
}

interface StreamInput {
  name: string;
  replication_key: string;
  replication_method: string;
  timestamp_key: boolean;
}

function sequence({ input, expected }: Case): Result {
  const stream = input['stream'] as StreamInput;
  const steps = input['steps'] as Step[];
  const after = expected['after'] as After[];
  const keys = new Map([[stream.name, stream.replication_key]]);
  const last = after.at(-1);
  if (last?.error?.message.includes('duplicate')) return refuses(input['state'], keys);
  if (stream.timestamp_key) {
    const read = new State(input['state'], keys);
    for (const [index, step] of steps.entries())
      if (step.op === 'start') checkStart(read, stream, step, after[index]?.result);
  }
  const ours = carried(last?.state ?? {}, stream, keys);
  return compare({ state: ours }, { state: last?.state });
}

function refuses(given: unknown, keys: ReadonlyMap<string, string>): Result {
  try {
    return { ours: new State(given, keys), differences: ['no error'] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ours: error.message, differences: [] };
  }
}

/** Where a stream begins: at its bookmark, or at the start date where that is later. */
function checkStart(read: State, stream: StreamInput, { context, config = {} }: Step, wanted: unknown): void {
  if (stream.replication_method !== 'INCREMENTAL') return;
  const times = [read.start(stream.name, context && asTexts(context)), parseDate(config.start_date ?? '')];
  const start = Math.max(...times.map((time) => time ?? -Infinity));
  const expected = typeof wanted === 'string' ? (parseDate(wanted) ?? -Infinity) : -Infinity;
  if (start !== expected) throw new Error(`it starts at ${start} instead of ${expected}`);
}

/** The state after a run of the SDK, read by us and written again. @throws Error when something of it is lost. */
function carried(after: Json, { name, replication_key, timestamp_key }: StreamInput, keys: Map<string, string>): Json {
  if (!timestamp_key) return new State(after, new Map()).toJSON(); // replication keys are times here
  const read = new State(after, keys);
  for (const { context: given, entry } of entriesOf(after, name)) {
    const context = given && asTexts(given);
    const isCurrent = (entry['replication_key'] ?? replication_key) === replication_key;
    const wanted = isCurrent ? parseDate(String(entry['replication_key_value'] ?? '')) : undefined;
    const start = read.start(name, context);
    if (start !== wanted) throw new Error(`${JSON.stringify(context)} stands at ${start} instead of ${wanted}`);
    if (context && !read.knowsPartition(name, context)) throw new Error(`${JSON.stringify(context)} is not found`);
  }
  const written = read.toJSON();
  const strangers = Object.keys(after).filter((key) => key !== 'bookmarks');
  for (const key of strangers) if (!sameJson(written[key], after[key])) throw new Error(`${key} is lost`);
  if (JSON.stringify(written).includes('progress_markers')) throw new Error('old progress markers are still there');
  return written;
}

/** The values of contexts are texts here: they stand in paths. */
const asTexts = (context: Context): Context =>
  Object.fromEntries(Object.entries(context).map(([key, value]) => [key, String(value)]));

function entriesOf(after: Json, name: string): { context: Context | undefined; entry: Json }[] {
  const bookmark = ((after['bookmarks'] as Json | undefined)?.[name] ?? {}) as Json;
  const partitions = (bookmark['partitions'] ?? []) as (Json & { context: Context })[];
  if (partitions.length === 0) return [{ context: undefined, entry: bookmark }];
  return partitions.map((entry) => ({ context: entry.context, entry }));
}

/** The streams of a state case as a tap of ours, with a server that has their rows, and one run of the two. */
import { Writable } from 'node:stream';
import * as z from 'zod';
import type { Run, System } from '../../../src/sdk/cli/program.js';
import {
  BearerAuthenticator,
  type Context,
  type StreamDefinition,
  createTap,
  each,
  parseDate,
  single,
  streamDefiner,
} from '../../../src/sdk/index.js';
import { parseCatalog } from '../../../src/sdk/singer/catalog.js';
import type { JsonSchema } from '../../../src/sdk/singer/json-schema.js';
import { Writer } from '../../../src/sdk/singer/writer.js';
import { JumpingClock, withoutReports } from '../../support/clock.js';
import { keepLog } from '../../support/log.js';
import { type Loopback, loopback, sendJson } from '../../support/loopback.js';
import { type Json, sameJson } from '../cases.js';

export interface StreamInput {
  name: string;
  schema: JsonSchema;
  primary_keys: string[];
  replication_key?: string;
  records?: Json[] | null;
  records_by_context?: { context: Context; records: Json[] }[];
  partitions?: Context[];
  parent?: string;
  child_context_keys?: string[];
  fail_after?: number;
}

export interface SyncInput {
  mode: 'sync' | 'test' | 'test-schema';
  now: string;
  config: { start_date?: string; emit_activate_version_messages?: boolean };
  state: unknown;
  streams: StreamInput[];
  deselect?: string[];
  catalog_patch?: Record<string, Json>;
}

export interface Message {
  type: string;
  stream?: string;
  record?: Json;
  value?: { bookmarks: Record<string, Json> };
  [field: string]: unknown;
}

const define = streamDefiner<object>();
const longAgo = '2000-01-01';

/** Runs a case's streams with our layer. */
export async function runTap(input: SyncInput): Promise<{ code: number; messages: Message[]; asked: string[] }> {
  await using server = await serve(input);
  const streams = definitions(input);
  const tap = createTap<object>({
    name: 'tap-case',
    description: 'The streams of a case.',
    version: '1.0.0',
    capabilities: [],
    settings: z.object({}),
    streams: streams as never,
    connect: () => ({
      baseUrl: server.url,
      authenticator: new BearerAuthenticator('token'),
      startDate: parseDate(input.config.start_date ?? longAgo) ?? 0,
      retryTime: 0,
      activateVersion: input.config.emit_activate_version_messages === true,
    }),
  });
  const stdout: string[] = [];
  const code = await tap.sync(runOf(input, tap.discover(undefined).streams, stdout));
  const lines = stdout.join('').split('\n').filter(Boolean);
  return { code, messages: lines.map((line) => JSON.parse(line) as Message), asked: server.asked };
}

function runOf(input: SyncInput, discovered: readonly object[], stdout: string[]): Run {
  const out = new Writable({
    write(chunk: Buffer, _, done) {
      stdout.push(chunk.toString());
      done();
    },
  });
  const { signal } = new AbortController();
  const clock = new JumpingClock(Date.parse(input.now));
  const system: System = {
    argv: [],
    env: {},
    cwd: '/',
    stdout: out,
    stderr: out,
    clock: withoutReports(clock),
    random: () => 0.5,
    readFile: () => '',
    onSignal: () => undefined,
  };
  return {
    config: {},
    defaulted: new Set(),
    catalog: catalogOf(input, discovered),
    state: input.state ?? undefined,
    mode: input.mode === 'test-schema' ? 'schema' : input.mode,
    log: keepLog().log,
    writer: new Writer(out, signal),
    signal,
    system,
  };
}

/** The catalog that is passed in: undefined where the case changes nothing. */
function catalogOf({ deselect = [], catalog_patch: patch = {} }: SyncInput, discovered: readonly object[]) {
  if (deselect.length === 0 && Object.keys(patch).length === 0) return undefined;
  const streams = (discovered as { tap_stream_id: string }[]).map((entry) => {
    const { tap_stream_id: name } = entry;
    const metadata = [{ breadcrumb: [], metadata: { selected: !deselect.includes(name) && name !== partitionStream } }];
    return { ...entry, metadata, ...patch[name] };
  });
  return parseCatalog(JSON.stringify({ streams }), 'catalog');
}

const partitionStream = 'partitions_of_case';

function definitions({ streams }: SyncInput): StreamDefinition[] {
  const known = new Map<string, StreamDefinition>();
  for (const stream of streams) {
    if (stream.partitions) known.set(partitionStream, partitionsAsStream(stream.partitions));
    known.set(stream.name, definitionOf(stream, streams, known));
  }
  return [...known.values()];
}

/** Partitions that are given are rows of a stream that nobody selects. */
function partitionsAsStream(partitions: readonly Context[]): StreamDefinition {
  const names = Object.keys(partitions[0] ?? {});
  return define({
    name: partitionStream,
    summary: '',
    path: `/${partitionStream}/` as never,
    scope: single(),
    schema: z.looseObject(Object.fromEntries(names.map((name) => [name, z.string()]))),
    primaryKey: names as never,
    optional: true,
  }) as StreamDefinition;
}

function definitionOf(
  stream: StreamInput,
  streams: readonly StreamInput[],
  known: ReadonlyMap<string, StreamDefinition>,
): StreamDefinition {
  const { name, schema, primary_keys: keys, replication_key: key, partitions } = stream;
  const parent = known.get(partitions ? partitionStream : (stream.parent ?? ''));
  const byParent = streams.find((one) => one.name === stream.parent)?.child_context_keys;
  const names = byParent ?? Object.keys(partitions?.[0] ?? {});
  const context = (row: Json): Context => Object.fromEntries(names.map((one) => [one, String(row[one])]));
  return define({
    name,
    summary: '',
    path: `/${[name, ...names.map((one) => `{${one}}`)].join('/')}/` as never,
    scope: (parent ? each(parent as never, { context: context as never }) : single()) as never,
    schema: z.fromJSONSchema(schema as never) as z.ZodObject,
    primaryKey: keys as never,
    ...(key === undefined ? {} : { replicationKey: key as never, window: { params: (range) => range, maxRows: 1000 } }),
  }) as StreamDefinition;
}

/** Newest first, ranges kept. */
const serve = (input: SyncInput): Promise<Loopback> =>
  loopback(({ url }, response) => {
    const [name = '', ...values] = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    const headers = { date: new Date(input.now).toUTCString(), link: '<x>; rel="prev"' };
    const stream = input.streams.find((one) => one.name === name);
    if (!stream) return sendJson(response, partitionsIn(input), { headers });
    const rows = rowsOf(stream, values, url.searchParams);
    if (stream.fail_after === undefined || rows.length === 0) return sendJson(response, rows, { headers });
    if (url.searchParams.has('page')) return sendJson(response, { detail: 'broken' }, { status: 422 });
    const next = new URL(url);
    next.searchParams.set('page', '2');
    const link = `<${next.pathname}${next.search}>; rel="next"`;
    sendJson(response, rows.slice(0, stream.fail_after), { headers: { ...headers, link } });
  });

const partitionsIn = ({ streams }: SyncInput): Context[] => streams.flatMap(({ partitions }) => partitions ?? []);

function rowsOf(stream: StreamInput, values: readonly string[], range: URLSearchParams): Json[] {
  const { records_by_context: groups, replication_key: key } = stream;
  const isPlace = ({ context }: { context: Context }): boolean => sameJson(Object.values(context).map(String), values);
  const rows = groups ? (groups.find(isPlace)?.records ?? []) : (stream.records ?? []);
  if (key === undefined || !range.has('start')) return [...rows];
  const time = (row: Json): number => parseDate(String(row[key])) ?? 0;
  const from = parseDate(range.get('start') ?? '') ?? 0;
  const to = parseDate(range.get('end') ?? '') ?? 0;
  return rows.filter((row) => time(row) >= from && time(row) < to).sort((a, b) => time(b) - time(a));
}

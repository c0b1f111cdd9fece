/**
 * A tap: settings, streams and a connection, put together into discovery and sync. Who reads this
 * file sees the order of a run; how each step is done stands in the file named for it.
 */
import { setMaxListeners } from 'node:events';
import type { z } from 'zod';
import { Bookmarks } from './bookmarks.js';
import type { Logger } from './log/logger.js';
import type { Program, Run } from './cli/program.js';
import type { StreamDefinition } from './define-stream.js';
import { StoppedError } from './errors.js';
import { Node, needed } from './graph.js';
import type { Authenticator } from './http/authenticator.js';
import { HttpClient } from './http/client.js';
import { Limiter } from './http/limiter.js';
import type { Paginator } from './http/paginator.js';
import type { ResponseRules } from './http/response-rules.js';
import { createTransport } from './http/transport.js';
import { type Asking, RESTStream } from './rest-stream.js';
import { type Catalog, type CatalogEntry, catalogEntry, rootMetadata } from './singer/catalog.js';
import { type JsonSchema, rowSchema } from './singer/json-schema.js';
import { stateMessage } from './singer/messages.js';
import { selection } from './singer/selection.js';
import { type Context, State } from './singer/state.js';
import { Stream } from './stream.js';
import { Sync } from './sync.js';
import { floorSecond, isoSeconds, minute } from './time.js';

/** What a tap's settings mean for the layer. Times in milliseconds. */
export interface Connection {
  baseUrl: URL;
  /** Path variables that are the same for every stream. */
  variables: Context;
  authenticator: Authenticator;
  paginator: Paginator;
  rules: ResponseRules;
  headers: Record<string, string>;
  startDate: number;
  endDate?: number | undefined;
  pageSize: number;
  concurrency?: number | undefined;
  rateLimit?: number | undefined;
  timeout: number;
  retryTime: number;
  activateVersion: boolean;
  /** The first requests of a run. @throws FatalError when the server, the token or the settings are wrong. */
  hello(client: HttpClient, log: Logger): Promise<void>;
  /** Brings the states of other taps into this layer's form. */
  adopt?(state: unknown, log: Logger): unknown;
  /** What is worth saying about what was selected. */
  advise?(selected: readonly string[], log: Logger): void;
}

export interface TapDefinition<Config> {
  name: string;
  description: string;
  version: string;
  capabilities: readonly string[];
  settings: z.ZodObject;
  streams: readonly StreamDefinition<never, Config>[];
  /** The text of the catalog, when the build has made it: making it from the schemas takes a moment. */
  catalog?(): string | undefined;
  connect(config: Config, run: Run): Connection;
}

const behindNow = minute; // rows become visible some time after they arrive
const defaultLongest = 50 * 1024 * 1024; // bytes; half of Meltano's default buffer
const stateSeconds = 3; // at the latest so long after the last STATE, if anything moved
const stateShare = 20; // or as soon as a STATE is at most 1/20 of what was written since,
const reread = 0.03; // and that is 3 % of all: what a kill may cost

export function createTap<Config>(definition: TapDefinition<Config>): Program {
  const streams = definition.streams as unknown as readonly StreamDefinition[];
  const entries = (): CatalogEntry[] => {
    const built = definition.catalog?.();
    if (built !== undefined) return [...(JSON.parse(built) as Catalog).streams];
    return streams.map(describe).sort((a, b) => (a.tap_stream_id < b.tap_stream_id ? -1 : 1));
  };
  const { name, description, version, capabilities, settings } = definition;
  return {
    name,
    description,
    version,
    capabilities,
    settings,
    discover: () => ({ streams: entries() }),
    sync: (run) => sync(definition, streams, entries(), run),
  };
}

function describe(stream: StreamDefinition): CatalogEntry {
  return catalogEntry({
    name: stream.name,
    schema: rowSchema(stream.schema, stream.primaryKey),
    keyProperties: stream.primaryKey,
    replicationKey: stream.replicationKey,
    selectedByDefault: !stream.optional,
  });
}

async function sync<Config>(
  definition: TapDefinition<Config>,
  streams: readonly StreamDefinition[],
  discovered: readonly CatalogEntry[],
  run: Run,
): Promise<number> {
  const { log, system, signal } = run;
  setMaxListeners(0, signal); // every request and every wait listens
  const connection = definition.connect(run.config as Config, run);
  const entries = choose(discovered, run.catalog, log);
  connection.advise?.([...entries.keys()], log);
  const state = new State(connection.adopt?.(run.state, log) ?? run.state, new Set(streams.map(({ name }) => name)));
  if (run.mode === 'schema') {
    for (const stream of openStreams(entries, connection, run, undefined).values()) await stream.announce();
    return 0;
  }
  const limiter = new Limiter({
    clock: system.clock,
    signal,
    concurrency: connection.concurrency,
    rateLimit: connection.rateLimit,
    onWait: (route, ms) => {
      if (ms >= 5000) log.info(`The rate limit of ${route} is spent; going on in ${Math.ceil(ms / 1000)} s.`);
    },
  });
  const client = new HttpClient({
    transport: await createTransport({ timeout: connection.timeout, env: system.env, origin: connection.baseUrl }),
    authenticator: connection.authenticator,
    limiter,
    rules: connection.rules,
    headers: { 'user-agent': `${definition.name}/${definition.version}`, ...connection.headers },
    clock: system.clock,
    random: system.random,
    signal,
    log,
    retryTime: connection.retryTime,
  });
  await connection.hello(client, log);
  const now = client.serverDate ?? system.clock.now();
  const end = Math.min(floorSecond(now) - behindNow, floorSecond(connection.endDate ?? Infinity));
  log.debug(`Reading up to ${isoSeconds(end)}.`);
  const open = openStreams(entries, connection, run, Math.floor(now / 1000));
  const asking: Asking = {
    client,
    paginator: connection.paginator,
    turn: () => run.writer.turn(),
    baseUrl: connection.baseUrl,
    variables: connection.variables,
    config: run.config,
    pageSize: connection.pageSize,
  };
  const roots = plant(needed(streams, new Set(entries.keys())), open, asking);
  const fullTable = new Set(
    [...entries].filter(([, entry]) => entry.replication_method === 'FULL_TABLE').map(([stream]) => stream),
  );
  const stateWriter = new StateWriter(run, state);
  const bookmarks = new Bookmarks({ state, config: run.config, startDate: connection.startDate, end, fullTable });
  const progress = reporter(open, run);
  try {
    await new Sync({ roots, bookmarks, config: run.config, log, checkpoint: () => stateWriter.checkpoint() }).run();
  } finally {
    progress();
    stateWriter.last();
    run.writer.close();
  }
  return conclude(definition.name, open, client, run);
}

/** The catalog entries of the streams that are selected. */
function choose(
  discovered: readonly CatalogEntry[],
  catalog: Catalog | undefined,
  log: Logger,
): Map<string, CatalogEntry> {
  const chosen = new Map<string, CatalogEntry>();
  for (const own of discovered) {
    const given = catalog?.streams.find(({ tap_stream_id }) => tap_stream_id === own.tap_stream_id);
    if (catalog && !given) continue;
    const entry = given ? merge(own, given) : own;
    if (selection(entry.metadata)([])) chosen.set(own.tap_stream_id, entry);
  }
  for (const { tap_stream_id } of catalog?.streams ?? [])
    if (!discovered.some((own) => own.tap_stream_id === tap_stream_id))
      log.warning(
        `The catalog names a stream that this tap does not have: ${tap_stream_id}. It is ignored; --discover lists the streams.`,
      );
  if (chosen.size === 0) log.warning('No stream is selected: nothing will be read.');
  return chosen;
}

/** What an incoming entry says replaces the stream's own. Meltano overrides keys in the metadata, and leaves key_properties as they were. */
function merge(own: CatalogEntry, given: CatalogEntry): CatalogEntry {
  const tableKeys = rootMetadata(given)['table-key-properties'];
  const overridden = Array.isArray(tableKeys) && JSON.stringify(tableKeys) !== JSON.stringify(own.key_properties);
  const keys = overridden ? (tableKeys as readonly string[]) : (given.key_properties ?? own.key_properties);
  return {
    ...own,
    schema: given.schema.properties ? given.schema : own.schema,
    key_properties: keys,
    metadata: given.metadata,
    replication_method: methodOf(given) ?? own.replication_method,
  };
}

/** The method that a catalog, or Meltano's metadata, asks for. */
function methodOf(given: CatalogEntry): string | undefined {
  const root = rootMetadata(given);
  return [root['forced-replication-method'], root['replication-method'], given.replication_method].find(
    (method) => typeof method === 'string',
  ) as string | undefined;
}

function openStreams(
  entries: Map<string, CatalogEntry>,
  connection: Connection,
  { writer, log, system, mode }: Run,
  version: number | undefined,
): Map<string, Stream> {
  const buffer = Number(system.env['MELTANO_ELT_BUFFER_SIZE']);
  return new Map(
    [...entries].map(
      ([name, entry]) =>
        [
          name,
          new Stream({
            name,
            schema: entry.schema as JsonSchema,
            keyProperties: entry.key_properties ?? [],
            replicationKey: entry.replication_key,
            selected: selection(entry.metadata),
            writer,
            log: log.child(name),
            longest: buffer > 0 ? Math.floor(buffer / 2) : defaultLongest,
            version: connection.activateVersion && !entry.replication_key ? version : undefined,
            most: mode === 'test' ? 1 : undefined,
          }),
        ] as const,
    ),
  );
}

/** The roots of the graph. */
function plant(definitions: readonly StreamDefinition[], open: Map<string, Stream>, asking: Asking): Node[] {
  const nodes = new Map(
    definitions.map(
      (stream) => [stream, new Node(new RESTStream(stream, asking), open.get(stream.name), asking.pageSize)] as const,
    ),
  );
  for (const [stream, node] of nodes) {
    const parent = stream.scope.parent && nodes.get(stream.scope.parent);
    parent?.children.push(node);
  }
  return [...nodes].filter(([stream]) => !stream.scope.parent).map(([, node]) => node);
}

/** Writes STATE now and then, never more often than its size is worth, and never twice the same. */
class StateWriter {
  #written = '';
  #at: number;
  #bytes: number;

  constructor(
    private readonly run: Run,
    private readonly state: State,
  ) {
    this.#at = run.system.clock.now();
    this.#bytes = run.writer.bytes;
  }

  async checkpoint(): Promise<void> {
    const { writer, system, mode } = this.run;
    const since = writer.bytes - this.#bytes;
    const worth = Math.max(this.#written.length * stateShare, writer.bytes * reread);
    if (mode === 'test' || (since < worth && system.clock.now() - this.#at < stateSeconds * 1000)) return;
    const message = stateMessage(this.state);
    if (message !== this.#written) await writer.write(this.#next(message));
  }

  /** At the end of a run, whatever ended it. */
  last(): void {
    if (this.run.mode === 'test') return; // one row of each stream is no progress
    const message = stateMessage(this.state);
    try {
      if (message !== this.#written) this.run.writer.put(this.#next(message));
    } catch (error) {
      if (!(error instanceof StoppedError)) throw error;
    }
  }

  #next(message: string): string {
    this.#written = message;
    this.#at = this.run.system.clock.now();
    this.#bytes = this.run.writer.bytes + message.length;
    return message;
  }
}

/** A line every 30 s says how far the run is. */
function reporter(open: Map<string, Stream>, { system, log, signal }: Run): () => void {
  const stop = new AbortController();
  const tick = async (): Promise<void> => {
    for (;;) {
      await system.clock.sleep(30_000, AbortSignal.any([stop.signal, signal]));
      const lines = [...open.values()]
        .filter(({ outcome }) => outcome.rows > 0)
        .map(({ name, outcome }) => `${name} ${outcome.rows.toLocaleString('en-US')}`);
      log.info(`So far: ${lines.join(', ') || 'no rows'}.`);
    }
  };
  tick().catch(() => undefined);
  return () => stop.abort();
}

function conclude(name: string, open: Map<string, Stream>, client: HttpClient, { log, mode }: Run): number {
  const outcomes = [...open.values()].map(({ outcome }) => outcome);
  for (const outcome of outcomes) {
    log.metric('counter', 'record_count', outcome.rows, { stream: outcome.stream, context: {} });
    log.info(outcome.describe());
  }
  const rows = outcomes.reduce((sum, outcome) => sum + outcome.rows, 0);
  const requests = [...client.requests.values()].reduce((sum, count) => sum + count, 0);
  const bad = outcomes.filter(({ exitCode }) => exitCode > 0);
  const summary = `${rows.toLocaleString('en-US')} rows of ${outcomes.length} streams in ${requests.toLocaleString('en-US')} requests`;
  if (bad.length === 0) {
    log.info(mode === 'test' ? `The connection works: ${summary}.` : `Done: ${summary}.`);
    return 0;
  }
  log.error(
    `${name} could not read everything: ${bad.map(({ stream, failures, withdrawn }) => `${stream} (${failures[0] ?? `${withdrawn.length} withdrawn`})`).join('; ')}. ${summary}; bookmarks of what is missing stay, so the next run tries again.`,
  );
  return 1;
}

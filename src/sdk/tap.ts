/**
 * A tap: settings, streams and a connection, put together into discovery and sync. Who reads this file sees the order
 * of a run; how each step is done stands in the file that is named for it.
 */
import { setMaxListeners } from 'node:events';
import type { z } from 'zod';
import type { Sizes } from './check/estimate.js';
import { findingsTo } from './check/finding.js';
import { sayOutlook } from './check/outlook.js';
import type { Program, Run } from './cli/program.js';
import { variableOf } from './cli/settings.js';
import { type CompleteConnection, type Connection, withDefaults } from './connection.js';
import { discover } from './define/discover.js';
import type { StreamDefinition } from './define/stream-definition.js';
import { isReadFailure } from './errors.js';
import type { HttpClient } from './http/client.js';
import { createClient } from './http/create-client.js';
import type { RestConnection } from './rest/rest-stream.js';
import { urlOf } from './rest/urls.js';
import { layerCapabilities, withLayerSettings } from './maps/settings.js';
import type { CatalogEntry } from './singer/catalog.js';
import { unmatchedRules } from './singer/select-patterns.js';
import { selectStreams } from './singer/select-streams.js';
import { State } from './singer/state.js';
import { BatchOutput } from './sync/batch-output.js';
import { Bookmarks } from './sync/bookmarks.js';
import type { Mapping } from './sync/mapped-records.js';
import { mapSelection } from './sync/mapping.js';
import { type RunOutputs, longestMessage, openOutputs } from './sync/open-outputs.js';
import type { OutputStream } from './sync/output-stream.js';
import { type RunBounds, refuseFutureStart, runBounds } from './sync/run-bounds.js';
import { openingLines } from './progress/opening.js';
import { endingOf, startReports } from './progress/reports.js';
import { sayIfSilent } from './progress/silence.js';
import { readStates } from './sync/shard-states.js';
import { streamsOfShard } from './sync/shard-streams.js';
import { StateWriter } from './sync/state-writer.js';
import { buildStreamTree } from './sync/stream-tree.js';
import { sinceReader } from './sync/sync-run.js';
import { summarize } from './sync/summary.js';
import { Sync } from './sync/sync.js';
import { isoSeconds, second } from './time.js';

type Streams<Config> = readonly StreamDefinition<never, Config>[];

export interface TapDefinition<Config> {
  name: string;
  description: string;
  version: string;
  capabilities: readonly string[];
  /** Python versions that a Python package of the tap runs with. */
  pythonVersions?: readonly string[];
  settings: z.ZodObject;
  /** All streams; `config` is undefined where the settings are not known, or not valid. */
  streams: Streams<Config> | ((config: Config | undefined) => Streams<Config>);
  /**
   * The text of the catalog of streams that no setting changes, when the build has made it: making it from the schemas
   * takes a moment.
   */
  catalog?(): string | undefined;
  connect(config: Config, run: Run): Connection;
}

/** A program that also shows what it is made of, for the testing kit. */
export interface Tap<Config = never> extends Program {
  readonly definition: TapDefinition<Config>;
}

/** The program of a tap: what `runProcess` runs. */
export function createTap<Config>(definition: TapDefinition<Config>): Tap<Config> {
  const { name, description, version, pythonVersions } = definition;
  return {
    definition,
    name,
    description,
    version,
    capabilities: [...new Set([...definition.capabilities, ...layerCapabilities])].sort(),
    pythonVersions,
    settings: withLayerSettings(definition.settings),
    discover: (config) => ({ streams: discover(definition.catalog?.(), streamsOf(definition, config)) }),
    sync: (run) => new TapRun(definition, streamsOf(definition, run.config), run).sync(),
  };
}

/** The streams of a tap with these settings. */
export function streamsOf<Config>({ streams }: TapDefinition<Config>, config: unknown): readonly StreamDefinition[] {
  const list = typeof streams === 'function' ? streams(config as Config | undefined) : streams;
  return list as unknown as readonly StreamDefinition[];
}

/** One run of a tap. */
class TapRun<Config> {
  readonly #connection: CompleteConnection;

  constructor(
    private readonly definition: TapDefinition<Config>,
    private readonly streams: readonly StreamDefinition[],
    private readonly run: Run,
  ) {
    this.#connection = withDefaults(definition.connect(run.config as Config, run));
  }

  /** Reads what is selected; answers the exit code. */
  async sync(): Promise<number> {
    const { run, definition, streams } = this;
    const { log, system, signal, writer, mode } = run;
    setMaxListeners(0, signal); // every request and every wait listens
    const setting = `start_date (${variableOf(this.definition.name, 'start_date')})`;
    refuseFutureStart(setting, this.#connection.startDate, system.clock.now());
    const discovered = discover(definition.catalog?.(), streams);
    const wanted = selectStreams(discovered, run.catalog, log);
    this.#reviewRules(run.catalog?.streams ?? discovered);
    this.#connection.reviewSelection?.([...wanted.keys()], log);
    const { selected, mapping } = await this.#map(streamsOfShard(wanted, streams, this.#connection.shard, log));
    const state = this.#readState();
    if (mode === 'schema') return this.#announce(selected, mapping);
    const batches = this.#openBatches();
    const began = system.clock.now();
    const client = await this.#createClient();
    if (mode === 'sync') this.#sayOpening(selected, state);
    const sizes = await sayIfSilent(this.#checkConnection(client), this.#connection.baseUrl, run);
    if (client.serverDate === undefined) await this.#askForDate(client);
    const bounds = this.#bounds(client, selected);
    const version = this.#connection.activateVersion ? Math.floor(bounds.latest / second) : undefined;
    const outputs = this.#openOutputs(selected, { mapping, version, batches });
    const roots = buildStreamTree(streams, outputs, this.#restConnection(client, outputs), run.config);
    const bookmarks = this.#createBookmarks(state, bounds, selected);
    const stateWriter = new StateWriter(state, writer, system.clock, batches);
    const endReports = startReports({ client, roots, outputs: [...outputs.values()], clock: system.clock }, run);
    const keepsState = mode !== 'test'; // one row of each stream is no progress
    try {
      const checkpoint = async (): Promise<void> => (keepsState ? stateWriter.checkpoint() : undefined);
      const endsNow = this.#connection.endDate === undefined;
      const sinceOf = sinceReader(streams);
      const { shard } = this.#connection;
      await new Sync({ bookmarks, quiet: new Map(), log, endsNow, sinceOf, shard, checkpoint }, roots).readAll();
    } finally {
      endReports();
      if (keepsState) stateWriter.last();
      writer.close();
    }
    const requests = [...client.requests.values()].reduce((sum, count) => sum + count, 0);
    const { requestsOf } = client;
    const isTest = mode === 'test';
    const ended = { tap: definition.name, outputs: [...outputs.values()], requests, requestsOf, isTest };
    const duration = system.clock.now() - began;
    const ending = isTest
      ? { sayBeforeVerdict: (): void => this.#sayOutlook(client, selected, sizes) }
      : endingOf({ ...ended, activity: client.activity, state, duration }, run);
    return summarize({ ...ended, ...ending }, log);
  }

  /** The first requests; a test also finds out what it can about the server. */
  async #checkConnection(client: HttpClient): Promise<Sizes | undefined> {
    const { log, mode } = this.run;
    if (mode === 'test' && this.#connection.diagnose) return this.#connection.diagnose(client, log, findingsTo(log));
    await this.#connection.checkConnection(client, log);
    return undefined;
  }

  /** What is read, and where each stream resumes. */
  #sayOpening(selected: ReadonlyMap<string, CatalogEntry>, state: State): void {
    const { log, config, system } = this.run;
    const { name, version } = this.definition;
    const { variables, baseUrl, startDate, endDate } = this.#connection;
    const streams = this.streams.filter((stream) => selected.has(stream.name));
    const fullTable = this.#fullTable(selected);
    const { origin } = baseUrl;
    const now = system.clock.now();
    const opening = { name, version, variables, origin, startDate, endDate, now, streams, fullTable, state, config };
    for (const line of openingLines(opening)) log.info(line);
  }

  #sayOutlook(client: HttpClient, selected: ReadonlyMap<string, CatalogEntry>, sizes: Sizes | undefined): void {
    const { log, config } = this.run;
    const streams = this.streams.filter(({ name }) => selected.has(name));
    const { limiter } = client;
    sayOutlook({ limiter, streams, sizes, config, pageSize: this.#connection.pageSize }, findingsTo(log));
  }

  /** What stream maps make of the selected streams. */
  #map(selected: ReadonlyMap<string, CatalogEntry>): ReturnType<typeof mapSelection> {
    const { log, system, config } = this.run;
    const world = { now: () => system.clock.now(), random: () => system.random() };
    return mapSelection(config, selected, { names: this.streams.map(({ name }) => name), world, log });
  }

  /** Says which of Meltano's rules for the catalog match nothing. */
  #reviewRules(entries: readonly CatalogEntry[]): void {
    const { log, system } = this.run;
    const extra = (name: string): string | undefined => system.env[variableOf(this.definition.name, `_${name}`)];
    const rules = { select: extra('select'), metadata: extra('metadata'), schema: extra('schema') };
    for (const warning of unmatchedRules(rules, entries)) log.warning(warning);
  }

  #readState(): State {
    const { run, streams } = this;
    const keys = new Map(streams.map(({ name, replicationKey }) => [name, replicationKey]));
    const connection = this.#connection;
    const read = (value: unknown): State => {
      const state = new State(connection.migrateState?.(value, run.log) ?? value, keys);
      for (const warning of state.warnings) run.log.warning(warning);
      return state;
    };
    return readStates(run.state, read, streams, connection.shard);
  }

  /** Only the SCHEMA messages: for `--test=schema`. */
  async #announce(selected: ReadonlyMap<string, CatalogEntry>, mapping: Mapping | undefined): Promise<number> {
    for (const output of this.#openOutputs(selected, { mapping }).values()) await output.announce();
    return 0;
  }

  #openOutputs(
    selected: ReadonlyMap<string, CatalogEntry>,
    outputs: Pick<RunOutputs, 'mapping' | 'version' | 'batches'>,
  ): Map<string, OutputStream> {
    const { writer, log, system, mode } = this.run;
    const maxBytes = longestMessage(system.env);
    const maxRows = mode === 'test' ? 1 : undefined;
    return openOutputs(selected, { ...outputs, streams: this.streams, writer, log, maxBytes, maxRows });
  }

  /** Undefined where records go out as messages; a test of the connection leaves no files. */
  #openBatches(): BatchOutput | undefined {
    const { system, writer, mode } = this.run;
    const { batch: settings } = this.#connection;
    if (settings === undefined || mode === 'test') return undefined;
    const cwd = system.env['MELTANO_PROJECT_ROOT'] ?? system.cwd;
    return new BatchOutput({ settings, tap: this.definition.name, cwd, writer });
  }

  #createClient(): Promise<HttpClient> {
    const { log, system, signal } = this.run;
    const { clock, random, env } = system;
    const agent = `${this.definition.name}/${this.definition.version}`;
    return createClient(this.#connection, { agent, env, clock, random, signal, log });
  }

  /**
   * A first request, for the server's clock: a bookmark must not pass it. Whether it is answered well does not matter.
   */
  async #askForDate(client: HttpClient): Promise<void> {
    const { baseUrl, variables } = this.#connection;
    const first = this.streams.find(({ scope }) => scope.kind === 'single');
    if (!first) return;
    const url = urlOf({ baseUrl, path: first.path, values: variables, params: {}, stream: first.name });
    await client
      .get({ route: first.path, url, patience: 'short' }, () => undefined)
      .catch((error: unknown) => {
        if (!isReadFailure(error)) throw error;
      });
  }

  #restConnection(client: HttpClient, outputs: ReadonlyMap<string, OutputStream>): RestConnection {
    const { log, writer } = this.run;
    const { paginator, baseUrl, variables, pageSize } = this.#connection;
    return {
      client,
      paginator,
      baseUrl,
      variables,
      pageSize,
      numbers: (stream) => outputs.get(stream)?.numbers ?? 'value',
      turn: () => writer.turn(),
      onOtherWay: (stream, usual, now) =>
        log.child(stream).warning(`${stream}: the server does not answer ${usual}; ${now} is asked instead.`),
      onRepair: (stream, what) => outputs.get(stream)?.outcome.fit('body', what),
      onWarning: (stream, what) => outputs.get(stream)?.outcome.warn(what),
    };
  }

  #bounds(client: HttpClient, selected: ReadonlyMap<string, CatalogEntry>): RunBounds {
    const { log, system, config } = this.run;
    const read = this.streams.filter(({ name, window }) => selected.has(name) && window);
    const lookback = Math.min(...read.map((stream) => stream.lookback?.(config) ?? 0));
    const bounds = runBounds(
      { server: client.serverDate, own: system.clock.now() },
      this.#connection.endDate,
      lookback,
    );
    if (bounds.warning !== undefined) log.warning(bounds.warning);
    log.debug(`Reading up to ${isoSeconds(bounds.end)}.`);
    return bounds;
  }

  #createBookmarks(
    state: State,
    { end, latest, now }: RunBounds,
    selected: ReadonlyMap<string, CatalogEntry>,
  ): Bookmarks {
    const { startDate } = this.#connection;
    const fullTable = this.#fullTable(selected);
    return new Bookmarks({ state, startDate, end, latest, now, fullTable, log: this.run.log });
  }

  /** The streams that the catalog wants to be read wholly each time. */
  #fullTable(selected: ReadonlyMap<string, CatalogEntry>): ReadonlySet<string> {
    // A stream without a replication key has no other method: below a range it is asked for changed rows all the same.
    const keyed = new Set(this.streams.filter(({ replicationKey }) => replicationKey).map(({ name }) => name));
    const isFullTable = ([name, entry]: readonly [string, CatalogEntry]): boolean =>
      entry.replication_method === 'FULL_TABLE' && keyed.has(name);
    return new Set([...selected].filter(isFullTable).map(([name]) => name));
  }
}

/** Checks of the laws of reading, each against small random servers made from the tap's own description. */
import type { StreamDefinition } from '../define/stream-definition.js';
import { type Connection, withDefaults } from '../connection.js';
import type { Program, Run } from '../cli/program.js';
import { type Tap, streamsOf } from '../tap.js';
import { floorSecond, hour, minute } from '../time.js';
import { Chance } from './chance.js';
import { type Check, expectNone } from './check.js';
import { IdleClock } from './idle-clock.js';
import { type Law, laws } from './laws.js';
import { Output, messagesIn } from './output.js';
import { type EndedRun, runTap } from './run-tap.js';
import { standardRoot } from './selecting.js';
import { type Served, ServedApi } from './served-api.js';
import { exactInteger } from './served-rows.js';

export interface LawChecksOptions {
  /** The settings with which the tap reaches a server at this address. */
  readonly config: (url: URL) => Readonly<Record<string, unknown>>;
  /** How many servers are drawn for each law. Default 1. */
  readonly seeds?: number;
}

const usualSeeds = 1;
const usualRows = 15;
const start = Date.UTC(2026, 2, 1, 12);

/** A check for each law. @throws Error for streams of which no server can be made. */
export function lawChecks<Config>(tap: Tap<Config>, options: LawChecksOptions): Check[] {
  const { seeds = usualSeeds } = options;
  return laws.map((law) => ({
    name: law.name,
    run: async () => {
      const problems: string[] = [];
      for (let seed = 1; seed <= seeds; seed++)
        problems.push(...(await new Case(tap, options, law, seed).play()).map((what) => `seed ${seed}: ${what}`));
      expectNone(problems);
    },
  }));
}

/** What a server has to know of a tap. */
async function describe<Config>(tap: Tap<Config>, settings: unknown): Promise<Served> {
  let found: { connection: Connection; config: unknown } | undefined;
  const look = async (run: Run): Promise<number> => {
    found = { connection: tap.definition.connect(run.config as Config, run), config: run.config };
    return 0;
  };
  const { stderr } = await runTap({ ...(tap as Program), sync: look }, { config: settings });
  if (!found) throw new Error(`The tap does not take the settings: ${stderr}`);
  const { variables, paginator } = withDefaults(found.connection);
  const streams = streamsOf(tap.definition, found.config);
  for (const stream of streams) refuseUnserved(stream, paginator.form !== undefined);
  return { streams, variables, form: paginator.form, config: found.config };
}

/** @throws Error for a stream whose answers a server cannot make up. */
function refuseUnserved({ name, records, explode, scope, paginator }: StreamDefinition, hasForm: boolean): void {
  const isServed = typeof records !== 'function' && !explode && scope.kind !== 'batched';
  if (isServed && (paginator ? paginator.form !== undefined : hasForm)) return;
  throw new Error(
    `${name}: no server can be made of functions; say where its rows are, and use a paginator of the layer.`,
  );
}

class Case<Config> {
  readonly #problems: string[] = [];
  readonly #outputs: Output[] = [];
  #state: unknown;

  constructor(
    private readonly tap: Tap<Config>,
    private readonly options: LawChecksOptions,
    private readonly law: Law,
    private readonly seed: number,
  ) {}

  /** Plays the runs; answers what is wrong. */
  async play(): Promise<readonly string[]> {
    const { law, options, tap, seed } = this;
    const served = await describe(tap, options.config(new URL('http://localhost/')));
    const isParent = ({ name }: StreamDefinition): boolean =>
      served.streams.some(({ scope }) => scope.parent?.name === name);
    if (law.needs === 'parents' && !served.streams.some(isParent)) return [];
    const { mostRows = usualRows, isOdd = false, isCrowded = false } = law;
    const api = new ServedApi({ served, chance: new Chance(seed), now: start, mostRows, isOdd, isCrowded });
    const clock = new IdleClock(start, () => api.activity);
    api.clock = () => clock.now();
    const url = await api.open();
    try {
      for (const [index, behaviour] of law.runs.entries()) {
        api.behaviour = behaviour;
        const mustFail = law.mustFail === true && index === law.runs.length - 1;
        await this.#run(api, clock, url, served, mustFail);
        clock.advance(hour);
      }
      api.grow(floorSecond(clock.now() - minute));
      clock.advance(2 * hour);
      api.behaviour = {};
      this.#expectWhole(await this.#run(api, clock, url, served, false), api, served);
    } finally {
      api.close();
    }
    return this.#problems;
  }

  async #run(api: ServedApi, clock: IdleClock, url: URL, served: Served, mustFail: boolean): Promise<EndedRun> {
    const before = api.requests;
    const rows = served.streams.reduce((sum, { name }) => sum + api.rowsOf(name).length, 0);
    api.mostRequests = before + 200 + 5 * rows + 60 * api.lists;
    const existed = new Map(served.streams.map(({ name }) => [name, rowsOf(api, served, name)]));
    const catalog = { streams: this.tap.discover(served.config).streams.map((entry) => standardRoot(entry, true)) };
    const ended = await runTap(this.tap, { config: this.options.config(url), catalog, state: this.#state, clock });
    const output = new Output(messagesIn(ended.stdout));
    this.#outputs.push(output);
    this.#state = output.states.at(-1) ?? this.#state;
    if (api.requests > api.mostRequests) this.#problems.push(`the run does not end: ${api.requests - before} requests`);
    if (mustFail && ended.code === 0) this.#problems.push('the run says that it is whole');
    if (ended.code === 0)
      for (const { name } of served.streams) this.#compare(name, existed.get(name) ?? new Map(), api, served);
    return ended;
  }

  /** A run that says that it is whole: with those before it, it has all rows that were there and are as they were. */
  #compare(stream: string, existed: ReadonlyMap<string, number>, api: ServedApi, served: Served): void {
    const current = rowsOf(api, served, stream);
    const wanted = [...existed].flatMap(([key, time]) => (current.get(key) === time ? [key] : []));
    const written = new Set(this.#outputs.flatMap((output) => output.keysOf(stream)));
    const lost = wanted.filter((key) => !written.has(key));
    if (lost.length > 0)
      this.#problems.push(`${stream} lacks ${lost.length} of ${wanted.length} rows, such as ${lost[0] ?? ''}`);
  }

  /** The run against a good server: nothing is missing, old, written twice, or forgotten in the state. */
  #expectWhole({ code, stderr, stdout }: EndedRun, api: ServedApi, served: Served): void {
    if (code !== 0) this.#problems.push(`the last run ends with ${code}: ${stderr.slice(-1000)}`);
    const last = this.#outputs.at(-1);
    for (const { name } of served.streams) {
      this.#compare(name, rowsOf(api, served, name), api, served);
      this.#expectNew(name, api, served);
      const keys = last?.keysOf(name) ?? [];
      if (new Set(keys).size < keys.length) this.#problems.push(`${name}: rows are written twice`);
    }
    const all = `${stdout}${JSON.stringify(this.#outputs[0]?.messages)}`;
    if (this.law.isOdd && served.streams.some(hasInteger) && !all.includes(exactInteger.slice(0, 15)))
      this.#problems.push(`${exactInteger} has not survived`);
    this.#expectSmallState(api, served);
  }

  /** Rows that have changed are written as they are now. */
  #expectNew(stream: string, api: ServedApi, served: Served): void {
    const definition = served.streams.find(({ name }) => name === stream);
    const { replicationKey, primaryKey = [] } = definition ?? {};
    if (replicationKey === undefined) return;
    const rows = this.#outputs.flatMap((output) => output.recordsOf(stream));
    const newest = new Map(
      rows.map((row) => [JSON.stringify(primaryKey.map((name) => row[name])), row[replicationKey]]),
    );
    const old = api.rowsOf(stream).filter(({ row }) => {
      const held = newest.get(JSON.stringify(primaryKey.map((name) => row[name])));
      return held !== undefined && held !== row[replicationKey];
    });
    if (old.length > 0) this.#problems.push(`${stream}: ${old.length} rows are old`);
  }

  /** A state grows with the lists, and not with their rows. */
  #expectSmallState(api: ServedApi, served: Served): void {
    const bookmarks = JSON.stringify(this.#state ?? {}).split('"start"').length - 1;
    if (bookmarks > served.streams.length + api.lists) this.#problems.push(`the state has ${bookmarks} bookmarks`);
  }
}

const hasInteger = ({ schema, primaryKey, replicationKey }: StreamDefinition): boolean =>
  Object.entries(schema.shape).some(
    ([name, type]) => name !== replicationKey && !primaryKey.includes(name) && JSON.stringify(type).includes('number'),
  );

/** The keys of the rows that a stream has now, with their times (epoch ms). */
function rowsOf(api: ServedApi, served: Served, stream: string): Map<string, number> {
  const { primaryKey = [] } = served.streams.find(({ name }) => name === stream) ?? {};
  const rows = api.rowsOf(stream);
  return new Map(rows.map(({ row, time }) => [JSON.stringify(primaryKey.map((name) => row[name] ?? null)), time]));
}

/** The tap that is looked at. What several checks look at is read once. */
import type { Program } from '../cli/program.js';
import type { Catalog, CatalogEntry } from '../singer/catalog.js';
import { standardRoot } from './selecting.js';
import { Output, messagesIn } from './output.js';
import { type EndedRun, type TapRun, runTap } from './run-tap.js';
import type { Clock } from '../time.js';

export interface TapChecksOptions {
  /** Settings with which the tap reaches a server that has rows. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The streams to look at. Default: all. */
  readonly streams?: readonly string[];
  /** Streams that may have no record. */
  readonly mayBeEmpty?: readonly string[] | 'all';
  /** Columns that may come in no record, each as `stream.column`. */
  readonly mayBeAbsent?: readonly string[] | 'all';
  /** How often a run is stopped in the middle and resumed. Default 5. */
  readonly stops?: number;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** A run that has ended well, and what it wrote. */
export interface WholeRun extends EndedRun {
  readonly output: Output;
}

export class Subject {
  #catalog: Promise<Catalog> | undefined;
  #whole: Promise<WholeRun> | undefined;
  #verbose: Promise<EndedRun> | undefined;

  constructor(
    readonly tap: Program,
    readonly options: TapChecksOptions,
  ) {}

  /** The streams to look at, by name. */
  get streams(): string[] {
    const { streams } = this.options;
    const config = this.tap.settings.safeParse(this.options.config);
    const names = this.tap.discover(config.success ? config.data : undefined).streams.map((one) => one.tap_stream_id);
    return streams ? names.filter((name) => streams.includes(name)) : names;
  }

  /** What discovery prints. */
  catalog(): Promise<Catalog> {
    this.#catalog ??= this.run({ args: ['--discover'] }).then(({ stdout }) => JSON.parse(stdout) as Catalog);
    return this.#catalog;
  }

  /** What discovery prints of one stream. @throws Error when it does not name it. */
  async entry(stream: string): Promise<CatalogEntry> {
    const { streams } = await this.catalog();
    const found = streams.find(({ tap_stream_id }) => tap_stream_id === stream);
    if (!found) throw new Error(`${stream} is not in the catalog.`);
    return found;
  }

  /** The catalog with these streams selected, and no others. */
  async selecting(names: readonly string[] = this.streams): Promise<Catalog> {
    const { streams } = await this.catalog();
    return { streams: streams.map((entry) => standardRoot(entry, names.includes(entry.tap_stream_id))) };
  }

  run(run: Omit<TapRun, 'config'>): Promise<EndedRun> {
    const { config, clock } = this.options;
    return runTap(this.tap, { config, clock, ...run });
  }

  /** A sync of all streams. @throws Error when it fails. */
  whole(): Promise<WholeRun> {
    this.#whole ??= this.sync();
    return this.#whole;
  }

  /** A sync with a line for each request. */
  verbose(): Promise<EndedRun> {
    this.#verbose ??= this.selecting().then((catalog) => this.run({ catalog, args: ['-v'] }));
    return this.#verbose;
  }

  /** A sync. @throws Error when it fails. */
  async sync({ catalog, state }: Pick<TapRun, 'catalog' | 'state'> = {}): Promise<WholeRun> {
    const ended = await this.run({ catalog: catalog ?? (await this.selecting()), state });
    if (ended.code !== 0) throw new Error(`The run ended with ${ended.code}:\n${ended.stderr.slice(-2000)}`);
    return { ...ended, output: new Output(messagesIn(ended.stdout)) };
  }
}

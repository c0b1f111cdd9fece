/** A Meltano project with the tap, one target and the demo's Sentry; loads run as a user runs them. */
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Demo, TruthStream } from '../../demo/index.js';
import { bundle } from '../../scripts/build.js';
import { prepareMeltano } from '../../scripts/meltano-venv.js';
import { Folder, repository, succeed } from '../packaging/commands.js';
import { type Difference, differences, type StreamSchema, type Values } from './expected.js';
import type { Postgres } from './postgres.js';
import type { Target } from './targets.js';

export const defaultStreams = [
  'projects',
  'teams',
  'users',
  'releases',
  'release',
  'project_detail',
  'issues',
  'events',
] as const;

/** Some SDKs send one event to two projects; with Sentry's id alone a target would keep one of the two. */
const eventKey = ['projectID', 'eventID'];

/** The server that is read; its truth, where a test compares with it. */
export type Source = Pick<Demo, 'url' | 'token' | 'organization'> & Partial<Pick<Demo, 'truth'>>;

export interface Options {
  readonly demo: Source;
  readonly target: Target;
  readonly postgres?: Postgres | undefined;
  /** Default: the streams that are on by default. */
  readonly select?: readonly string[];
  /** More settings of the tap. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The project's own word on the schema of columns. */
  readonly schema?: Readonly<Record<string, unknown>>;
}

export class Load {
  readonly folder = new Folder();
  private constructor(
    private readonly meltano: string,
    private readonly options: Options,
  ) {}

  static async prepare(options: Options): Promise<Load> {
    const load = new Load(await prepareMeltano(), options);
    const tap = await install(load.folder.in('tap-sentry'));
    mkdirSync(load.folder.in('output'));
    writeFileSync(load.folder.in('meltano.yml'), JSON.stringify(load.#project(tap), null, 2)); // JSON is YAML
    writeFileSync(
      load.folder.in('.env'),
      Object.entries(options.target.env ?? {})
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    await load.command('install');
    return load;
  }

  command(...args: string[]): Promise<string> {
    return succeed(this.meltano, args, { cwd: this.folder.path, env: { MELTANO_HUB_URL: 'http://127.0.0.1:9' } });
  }

  run(): Promise<string> {
    return this.command('run', 'tap-sentry', this.options.target.name);
  }

  /** The discovered catalog, with the project's longer key of events. */
  async #catalog(): Promise<{ streams: StreamSchema[] }> {
    const { streams } = JSON.parse(
      await succeed(process.execPath, [this.folder.in('tap-sentry/bin/tap-sentry'), '--discover']),
    ) as { streams: StreamSchema[] };
    return {
      streams: streams.map((stream) => (stream.stream === 'events' ? { ...stream, key_properties: eventKey } : stream)),
    };
  }

  /** How the target differs from the server, stream by stream. */
  async differences(streams: readonly TruthStream[] = defaultStreams): Promise<Difference[]> {
    const { demo, target, postgres } = this.options;
    const catalog = await this.#catalog();
    const found: Difference[] = [];
    for (const name of streams) {
      const stream = catalog.streams.find((one) => one.stream === name);
      if (!stream) throw new Error(`The tap has no stream ${name}.`);
      const held = await target.held(stream, { folder: this.folder.path, postgres, schema: 'sentry' });
      found.push(...(await differences(rowsOf(demo, name), held, stream, target)));
    }
    return found;
  }

  remove(): void {
    this.folder.remove();
  }

  #project(tap: string): object {
    const { demo, target, postgres, settings, select = defaultStreams, schema = {} } = this.options;
    const config = {
      api_token: demo.token,
      base_url: demo.url,
      organization: demo.organization,
      start_date: '2020-01-01',
      fetch_event_details: true,
      ...settings,
    };
    const names = Object.keys(config).map((name) => ({ name }));
    const extractor = {
      name: 'tap-sentry',
      namespace: 'tap_sentry',
      executable: tap,
      capabilities: ['catalog', 'discover', 'state', 'structured-logging'],
      settings: names,
      select: select.map((name) => `${name}.*`),
      metadata: { events: { 'table-key-properties': eventKey } },
      schema,
      config,
    };
    const own = target.config(this.folder.path, postgres);
    const loader = {
      name: target.name,
      namespace: target.name.replaceAll('-', '_'),
      pip_url: target.pip,
      executable: target.executable,
      settings: Object.keys(own).map((name) => ({ name })),
      config: own,
    };
    return {
      default_environment: 'dev',
      environments: [{ name: 'dev' }],
      send_anonymous_usage_stats: false,
      plugins: { extractors: [extractor], loaders: [loader] },
    };
  }
}

/** The server's rows: whole events, and an issue's all-time values as its list writes them. */
function* rowsOf({ truth }: Source, stream: TruthStream): Generator<Values> {
  if (!truth) throw new Error('This server has no truth to compare with.');
  for (const row of truth().rows(truthOf(stream))) {
    yield stream === 'issues' ? { ...row, lifetime: { ...(row['lifetime'] as object), stats: null } } : row;
  }
}

/** Where the truth of a stream is: bodies are asked for, and users are read from the list of members. */
function truthOf(stream: TruthStream): TruthStream {
  if (stream === 'events') return 'events_full';
  return stream === 'users' ? 'members' : stream;
}

/** The tap as an installation: a folder without node_modules. Gives the executable. */
export async function install(folder: string): Promise<string> {
  for (const name of ['package.json', 'bin/package.json', 'bin/tap-sentry']) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    copyFileSync(join(repository, name), join(folder, name));
  }
  chmodSync(join(folder, 'bin/tap-sentry'), 0o755);
  await bundle({ outdir: join(folder, 'dist') });
  return join(folder, 'bin/tap-sentry');
}

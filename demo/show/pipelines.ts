/** The two ways to move the data: real Meltano into target-jsonl, or the tap by itself into files. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NoMeltano } from '../../scripts/meltano-venv.js';
import { createProject, isTargetInstalled, targetVersion } from './meltano-project.js';
import { run } from './processes.js';

export interface Pipeline {
  /** The command, as a person would type it. */
  readonly command: string;
  /** Runs once; what it says goes line by line to `say`. Resolves with the exit code. */
  run(say: (line: string) => void): Promise<number>;
  /** Where the target writes. */
  readonly output: string;
  /** The bookmarks after the last run, as text. */
  state(): Promise<string>;
  /** Commands to go on with by hand, while the demo at `origin` still runs. */
  next(origin: string): string[];
}

export interface Place {
  readonly folder: string;
  /** The tap's executable. */
  readonly tap: string;
  readonly settings: { readonly api_token: string; readonly base_url: string; readonly organization: string };
  readonly signal: AbortSignal;
}

interface LogLine {
  readonly event?: string;
  readonly level?: string;
  readonly metric_info?: unknown;
  readonly string_id?: string;
}

export class MeltanoPipeline implements Pipeline {
  readonly command = 'meltano run tap-sentry target-jsonl';
  readonly output: string;

  constructor(
    private readonly meltano: string,
    private readonly place: Place,
  ) {
    this.output = join(place.folder, 'output');
  }

  /** The project, and the target in it. @throws NoMeltano when `meltano install` fails. */
  async prepare(): Promise<string> {
    const { folder, tap, settings } = this.place;
    createProject({
      folder,
      executable: tap,
      env: Object.fromEntries(
        Object.entries(settings).map(([name, value]) => [`TAP_SENTRY_${name.toUpperCase()}`, value]),
      ),
    });
    if (isTargetInstalled(folder)) return `target-jsonl ${targetVersion} is there`;
    const lines: string[] = [];
    const code = await this.#meltano(['install'], (line) => lines.push(line));
    if (code !== 0 || !isTargetInstalled(folder))
      throw new NoMeltano(`meltano install failed: ${lines.at(-1) ?? `exit code ${code}`}`);
    return `target-jsonl ${targetVersion}`;
  }

  run(say: (line: string) => void): Promise<number> {
    return this.#meltano(['--log-format=json', 'run', 'tap-sentry', 'target-jsonl'], (line) => {
      const shown = readable(line);
      if (shown !== undefined) say(shown);
    });
  }

  async state(): Promise<string> {
    const lines: string[] = [];
    await this.#meltano(
      ['state', 'get', 'dev:tap-sentry-to-target-jsonl'],
      () => undefined,
      (line) => lines.push(line),
    );
    return JSON.stringify((JSON.parse(lines.join('\n')) as { singer_state?: unknown }).singer_state ?? {}, null, 2);
  }

  next(origin: string): string[] {
    return [
      `cd ${this.place.folder}`,
      `curl -X POST ${origin}/_demo/act -d '{"action": "newIssue", "count": 5}'`,
      `curl -X POST ${origin}/_demo/clock -d '{"advance": 120}'`,
      `${this.meltano} run tap-sentry target-jsonl`,
      `${this.meltano} select tap-sentry --list`,
    ];
  }

  #meltano(
    args: readonly string[],
    onStderr: (line: string) => void,
    onStdout?: (line: string) => void,
  ): Promise<number> {
    const { folder, signal } = this.place;
    return run(this.meltano, args, { cwd: folder, env: {}, signal, onStderr, onStdout: onStdout ?? (() => undefined) });
  }
}

/** A line of Meltano's log for people; undefined for metrics and for what says nothing here. */
function readable(line: string): string | undefined {
  if (!line.startsWith('{')) return line;
  const { event = '', level, metric_info: metric, string_id: source } = JSON.parse(line) as LogLine;
  if (metric !== undefined || event === 'METRIC' || /^(Using |Reading state from|Meltano \d|Environment )/.test(event))
    return undefined;
  const who = (source ?? 'meltano').padEnd(11);
  return `${who}  ${level === 'info' ? '' : `${level ?? ''}: `}${event.split('\n')[0] ?? ''}`;
}

/** Without Meltano: the tap's standard output is all a target would get, so here it goes to files. */
export class TapAlone implements Pipeline {
  readonly output: string;
  readonly #state: string;
  #runs = 0;

  constructor(private readonly place: Place) {
    this.output = join(place.folder, 'output');
    this.#state = join(place.folder, 'state.json');
    rmSync(this.output, { recursive: true, force: true });
    rmSync(this.#state, { force: true });
    mkdirSync(this.output, { recursive: true });
    writeFileSync(
      join(place.folder, 'config.json'),
      `${JSON.stringify({ ...place.settings, start_date: '2020-01-01' }, null, 2)}\n`,
    );
  }

  get command(): string {
    return `tap-sentry ${this.#args().join(' ')} > output/run-${this.#runs + 1}.singer`;
  }

  async run(say: (line: string) => void): Promise<number> {
    const { folder, tap, signal } = this.place;
    const args = this.#args();
    this.#runs += 1;
    const transcript = join(this.output, `run-${this.#runs}.singer`);
    let waiting: string[] = [];
    const flush = (): void => {
      if (waiting.length > 0) appendFileSync(transcript, `${waiting.join('\n')}\n`);
      waiting = [];
    };
    const code = await run(process.execPath, [tap, ...args], {
      cwd: folder,
      env: {},
      signal,
      onStderr: (line) => {
        if (!/METRIC/.test(line)) say(line);
      },
      onStdout: (line) => {
        if (waiting.push(line) >= 500) flush();
      },
    });
    flush();
    this.#load(transcript);
    return code;
  }

  async state(): Promise<string> {
    return existsSync(this.#state) ? JSON.stringify(JSON.parse(readFileSync(this.#state, 'utf8')), null, 2) : '{}';
  }

  next(origin: string): string[] {
    const { folder, tap } = this.place;
    return [
      `cd ${folder}`,
      `curl -X POST ${origin}/_demo/act -d '{"action": "newIssue", "count": 5}'`,
      `curl -X POST ${origin}/_demo/clock -d '{"advance": 120}'`,
      `${tap} --config config.json --state state.json -v`,
    ];
  }

  #args(): string[] {
    return ['--config', 'config.json', ...(existsSync(this.#state) ? ['--state', 'state.json'] : [])];
  }

  /** What a target does: rows to a file per stream, the last STATE kept. */
  #load(transcript: string): void {
    if (!existsSync(transcript)) return;
    const rows = new Map<string, string[]>();
    for (const line of readFileSync(transcript, 'utf8').split('\n')) {
      if (line === '') continue;
      const message = JSON.parse(line) as { type: string; stream?: string; record?: unknown; value?: unknown };
      if (message.type === 'STATE') writeFileSync(this.#state, JSON.stringify(message.value));
      if (message.type !== 'RECORD' || message.stream === undefined) continue;
      const own = rows.get(message.stream) ?? [];
      own.push(JSON.stringify(message.record));
      rows.set(message.stream, own);
    }
    for (const [stream, lines] of rows) appendFileSync(join(this.output, `${stream}.jsonl`), `${lines.join('\n')}\n`);
  }
}

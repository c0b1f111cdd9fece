/** A folder in which the commands of a recipe are typed, with the tap as an installation and a demo as its Sentry. */
import { writeFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import type { Demo } from '../../demo/index.js';
import { prepareMeltano } from '../../scripts/meltano-venv.js';
import { Folder, succeed } from '../packaging/commands.js';
import { install } from '../targets/load.js';

/** Where the pages say that the tap is. */
const documented = '/path/to/tap-sentry/bin/tap-sentry';

export class RecipeProject {
  readonly folder = new Folder();
  readonly #env: Record<string, string> = {};

  private constructor(
    /** The executable. */
    readonly tap: string,
    private readonly installed: Folder,
  ) {}

  /** A folder where `tap-sentry` and, if wanted, `meltano` are commands that reach the demo. */
  static async open(demo: Demo, { meltano = false } = {}): Promise<RecipeProject> {
    const installed = new Folder();
    const tap = await install(installed.in('tap-sentry'));
    const project = new RecipeProject(tap, installed);
    const programs = [dirname(tap), ...(meltano ? [dirname(await prepareMeltano())] : []), process.env['PATH']];
    Object.assign(project.#env, {
      PATH: programs.join(delimiter),
      MELTANO_HUB_URL: 'http://127.0.0.1:9',
      MELTANO_SEND_ANONYMOUS_USAGE_STATS: 'false',
      TAP_SENTRY_API_TOKEN: demo.token,
      TAP_SENTRY_ORGANIZATION: demo.organization,
      TAP_SENTRY_BASE_URL: demo.url,
    });
    return project;
  }

  /** A file of the recipe; the tap is the one that is tried. */
  write(name: string, text: string, mode = 0o644): void {
    writeFileSync(this.folder.in(name), text.replaceAll(documented, this.tap), { mode });
  }

  /** The lines of a block of commands, as one script that ends at the first that fails. Gives stdout. */
  shell(commands: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const script = commands.replaceAll(documented, this.tap);
    return succeed('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: this.folder.path,
      env: { ...this.#env, ...env },
    });
  }

  close(): void {
    this.folder.remove();
    this.installed.remove();
  }
}

/** A PostgreSQL server for one test file: a new cluster in a folder, on a free port of loopback, gone at the end. */
import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linesOf, succeed } from '../packaging/commands.js';

/** PostgreSQL refuses to run as root; Debian's package makes this user. */
const account = 'postgres';

/** The folder of initdb and pg_ctl, or undefined where no server is installed. */
export function postgresPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')));
}

export class Postgres {
  private constructor(
    private readonly programs: string,
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(): Promise<Postgres> {
    const programs = postgresPrograms();
    if (programs === undefined) throw new Error('There is no PostgreSQL server: apt-get install postgresql');
    const folder = mkdtempSync(join(tmpdir(), 'tap-sentry-postgres-'));
    const isRoot = process.getuid?.() === 0;
    if (isRoot) {
      const [uid = 0, gid = 0] = (/^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [])
        .slice(1)
        .map(Number);
      chownSync(folder, uid, gid);
    }
    const server = new Postgres(programs, folder, await freePort());
    await server.#asOwner(
      'initdb',
      '-D',
      join(folder, 'data'),
      '-U',
      account,
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--no-sync',
    );
    const options =
      `-p ${server.port} -k ${folder} -c listen_addresses=127.0.0.1 ` + '-c fsync=off -c timezone=Europe/Vienna';
    await server.#asOwner(
      'pg_ctl',
      '-D',
      join(folder, 'data'),
      '-w',
      '-l',
      join(folder, 'log'),
      '-o',
      options,
      'start',
    );
    return server;
  }

  /** The lines of a query's answer, one column. */
  async *query(sql: string, database = 'postgres'): AsyncGenerator<string> {
    const args = [
      '-h',
      '127.0.0.1',
      '-p',
      String(this.port),
      '-U',
      account,
      '-d',
      database,
      '-X',
      '-A',
      '-t',
      '-v',
      'ON_ERROR_STOP=1',
      '-c',
      sql,
    ];
    const psql = spawn(join(this.programs, 'psql'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    psql.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => psql.once('close', resolve));
    yield* linesOf(psql.stdout);
    if ((await ended) !== 0) throw new Error(`psql: ${errors}`);
  }

  async all(sql: string, database?: string): Promise<string[]> {
    const lines: string[] = [];
    for await (const line of this.query(sql, database)) lines.push(line);
    return lines;
  }

  async stop(): Promise<void> {
    await this.#asOwner('pg_ctl', '-D', join(this.folder, 'data'), '-m', 'immediate', 'stop').catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #asOwner(program: string, ...args: string[]): Promise<string> {
    const path = join(this.programs, program);
    const where = { cwd: this.folder };
    return process.getuid?.() === 0
      ? succeed('runuser', ['-u', account, '--', path, ...args], where)
      : succeed(path, args, where);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The tap on a real pseudo-terminal: stderr is the terminal, stdout goes to a file, as in `tap > rows`. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable } from './tap-process.js';

/** Python has what Node lacks. Arguments: columns, the file for stdout, the command. */
const script = `
import fcntl, os, pty, struct, sys, termios
columns, file, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(columns), 0, 0))
    os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    os.execvp(command[0], command)
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if not piece:
        break
    os.write(1, piece)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

export interface TerminalRun {
  readonly config: Record<string, unknown>;
  readonly columns: number;
  readonly env?: Record<string, string>;
}

export interface TerminalResult {
  readonly code: number | null;
  /** All that the terminal got, in order. */
  readonly text: string;
  /** What it shows in the end. */
  readonly screen: readonly string[];
  /** Each text of the live line. */
  readonly live: readonly string[];
}

/** Runs the tap to its end. */
export async function runOnTerminal({ config, columns, env = {} }: TerminalRun): Promise<TerminalResult> {
  const folder = mkdtempSync(join(tmpdir(), 'tap-terminal-'));
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(config));
  const command = [process.execPath, executable, '--config', file];
  const child = spawn('python3', ['-c', script, String(columns), join(folder, 'rows'), ...command], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TZ: 'UTC', TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  rmSync(folder, { recursive: true, force: true });
  const text = Buffer.concat(pieces).toString();
  return { code, text, screen: screenOf(text), live: liveOf(text) };
}

const erase = '\r\u001B[K';

/** What is left of each line when everything before an erasure is gone. */
function screenOf(text: string): string[] {
  return text.split('\r\n').map((line) => line.split(erase).at(-1) ?? '');
}

function liveOf(text: string): string[] {
  return text
    .split('\r\n')
    .flatMap((line) => line.split(erase).slice(1))
    .filter((piece) => piece !== '' && !/^\d{4}-\d\d-\d\d |^stream /.test(piece));
}

/**
 * `npm run demo` begins here, in plain JavaScript: nothing may be installed yet. It sees to
 * node_modules and hands over to main.ts.
 */
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`The demo needs Node.js 20.19 or newer; this is ${process.version}.\n`);
  process.exit(1);
}

// Ctrl-C reaches the children too: they clean up, and this process ends after them.
process.on('SIGINT', () => undefined);

const started = performance.now();
if (!isInstalled()) {
  process.stdout.write('Installing node modules (npm ci) ...\n');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], process.platform === 'win32');
  if (code !== 0) {
    process.stderr.write('npm ci failed; its message is above.\n');
    process.exit(code);
  }
}
process.exit(
  await run(process.execPath, [
    '--import',
    'tsx',
    'demo/show/main.ts',
    `--installed-in=${Math.round(performance.now() - started)}`,
    ...process.argv.slice(2),
  ]),
);

/** npm writes its own lock file last, so an interrupted or outdated installation shows. */
function isInstalled() {
  const inside = `${root}node_modules/.package-lock.json`;
  return (
    existsSync(inside) &&
    existsSync(`${root}node_modules/tsx`) &&
    statSync(inside).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs
  );
}

function run(command, args, shell = false) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', shell });
    const pass = () => child.kill('SIGTERM');
    process.once('SIGTERM', pass);
    child.once('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(1);
    });
    child.once('close', (code, signal) => {
      process.off('SIGTERM', pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

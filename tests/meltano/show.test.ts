/** `npm run demo`: what a stranger runs first. */
import { expect, test } from 'vitest';
import { repository, run } from '../packaging/commands.js';

test('npm run demo ends with a target that holds what the server has', { timeout: 180_000 }, async () => {
  const { code, stdout, stderr } = await run('npm', ['run', '--silent', 'demo'], { cwd: repository });

  expect(code, stdout + stderr).toBe(0);
  expect(stdout).not.toContain('✗');
  expect(stdout).toMatch(/All this took/);
});

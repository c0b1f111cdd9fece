/** A check, as any test runner takes it, and how it fails. */

/** `test(name, run)` makes a test of it: `run` rejects with what is wrong. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<void>;
}

const mostShown = 5;

/** @throws Error that names the problems, unless there are none. */
export function expectNone(problems: readonly string[], more = ''): void {
  if (problems.length === 0) return;
  const rest = problems.length > mostShown ? `\n… and ${problems.length - mostShown} more` : '';
  throw new Error(`${problems.slice(0, mostShown).join('\n')}${rest}${more && `\n${more}`}`);
}

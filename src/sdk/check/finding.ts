/** What a test of the connection finds out: a line each, with what to do where something is to be done. */
import type { Logger } from '../log/logger.js';

/** One thing that was looked at, such as the server or the token. */
export interface Finding {
  readonly topic: string;
  readonly text: string;
  /** What to do about it: set when something is not as it should be. */
  readonly remedy?: string | undefined;
}

/** Says a finding at once: a test may take a while. */
export type Say = (finding: Finding) => void;

/** Says findings as lines of the log; those with a remedy are warnings. */
export const findingsTo =
  (log: Logger): Say =>
  ({ topic, text, remedy }) =>
    remedy === undefined ? log.info(`${topic}: ${text}.`) : log.warning(`${topic}: ${text}. ${remedy}`);

/**
 * What the command line needs of a tap, and of the machine. Nothing below reads `process`: all of
 * it is handed in here, so that a whole run can be played in a test.
 */
import type { Writable } from 'node:stream';
import type { z } from 'zod';
import type { Catalog } from '../singer/catalog.js';
import type { Writer } from '../singer/writer.js';
import type { Clock } from '../time.js';
import type { LiveLine, Terminal } from '../log/live-line.js';
import type { Logger } from '../log/logger.js';

export type Env = Readonly<Record<string, string | undefined>>;
export type ReadFile = (path: string) => string;
export type StopSignal = 'SIGINT' | 'SIGTERM';

export interface System {
  readonly argv: readonly string[];
  readonly env: Env;
  readonly cwd: string;
  readonly stdin?: NodeJS.ReadableStream;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Set when stderr is a terminal that may show a live line. */
  readonly terminal?: Terminal | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  /** The text of a file. Throws what `readFileSync` throws. */
  readonly readFile: ReadFile;
  readonly onSignal: (handler: (signal: StopSignal) => void) => void;
  /** What nobody caught. */
  readonly onCrash?: (handler: (error: unknown) => void) => void;
}

export type Mode = 'sync' | 'test' | 'schema';

export interface Run {
  readonly config: unknown;
  /** Settings that were not given. */
  readonly defaulted: ReadonlySet<string>;
  readonly catalog: Catalog | undefined;
  readonly state: unknown;
  readonly mode: Mode;
  readonly log: Logger;
  /** Set on a terminal. */
  readonly live?: LiveLine | undefined;
  readonly writer: Writer;
  readonly signal: AbortSignal;
  readonly system: System;
}

export interface Program {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly settings: z.ZodObject;
  readonly capabilities: readonly string[];
  /** Python versions that a Python package of the tap runs with. */
  readonly pythonVersions?: readonly string[] | undefined;
  /** The catalog, without any network; `config` is undefined when the settings are not valid. */
  discover(config: unknown): Catalog;
  /** The exit code. */
  sync(run: Run): Promise<number>;
}

/** Taps that are broken in one way, made of a good one: what it writes, or how it ends, is changed. */
import { Writable } from 'node:stream';
import type { Program, Run } from '../../../src/sdk/cli/program.js';
import { Writer } from '../../../src/sdk/singer/writer.js';

export interface AnyMessage {
  type: string;
  stream?: string;
  record?: Record<string, unknown>;
  schema?: { properties: Record<string, unknown> };
  key_properties?: string[];
  value?: { bookmarks: Record<string, unknown> };
}

/** What becomes of a message: others, or the same. `run`: what the tap was asked. */
export type Change = (message: AnyMessage, run: Run) => readonly AnyMessage[];
/** One that does not depend on the run. */
export type PlainChange = (message: AnyMessage) => readonly AnyMessage[];

/** The tap with each message changed as it is written. */
export const writing = <T extends Program>(tap: T, change: Change): T => ({
  ...tap,
  sync: (run) => tap.sync({ ...run, writer: new Writer(changed(run, change), run.signal) }),
});

function changed(run: Run, change: Change): Writable {
  let rest = '';
  const pass = (line: string): string =>
    change(JSON.parse(line) as AnyMessage, run)
      .map((message) => `${JSON.stringify(message)}\n`)
      .join('');
  return new Writable({
    write(chunk: Buffer, _, done) {
      const lines = `${rest}${chunk.toString()}`.split('\n');
      rest = lines.pop() ?? '';
      run.system.stdout.write(lines.filter(Boolean).map(pass).join(''));
      done();
    },
  });
}

/** Changes the records of a stream alone. */
export const inRecordsOf =
  (stream: string, change: (record: Record<string, unknown>) => Record<string, unknown>): PlainChange =>
  (message) =>
    message.type === 'RECORD' && message.stream === stream
      ? [{ ...message, record: change(message.record ?? {}) }]
      : [message];

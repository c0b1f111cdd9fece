/** Where the records of a stream go: RECORD messages on stdout, or files that BATCH messages name (batch-files.ts). */
import { recordFrame } from './messages.js';
import type { Writer } from './writer.js';

export interface RecordSink {
  /**
   * Takes records as JSON text. `extracted`: when they were read (epoch ms). @throws StoppedError as the writer does.
   */
  write(records: readonly Buffer[], extracted: number): Promise<void>;
  /** Hands out what is held back: after this a STATE may cover all records. */
  flush(): void;
  /** BATCH messages so far. */
  readonly batches: number;
}

/** Bytes of a record's message without the record. */
export function frameLength(stream: string, extracted: number, version: number | undefined): number {
  const { before, after } = recordFrame(stream, extracted, version);
  return Buffer.byteLength(before + after);
}

/** RECORD messages, a page in one piece. */
export class RecordMessages implements RecordSink {
  readonly batches = 0;

  constructor(
    private readonly stream: string,
    private readonly version: number | undefined,
    private readonly writer: Writer,
  ) {}

  async write(records: readonly Buffer[], extracted: number): Promise<void> {
    const { before, after } = recordFrame(this.stream, extracted, this.version);
    await this.writer.write(frameAll(records, Buffer.from(before), Buffer.from(after)));
  }

  flush(): void {
    // nothing is held back
  }
}

/** Each record between the same two texts, in one piece of memory. */
export function frameAll(records: readonly Buffer[], before: Buffer, after: Buffer): Buffer {
  const length = records.reduce((sum, record) => sum + record.length, records.length * (before.length + after.length));
  const chunk = Buffer.allocUnsafe(length);
  let at = 0;
  for (const record of records) {
    chunk.set(before, at);
    chunk.set(record, (at += before.length));
    chunk.set(after, (at += record.length));
    at += after.length;
  }
  return chunk;
}

/** One stream on its way out: its SCHEMA once, its RECORDs a page at a time, its outcome. */
import { Outcome } from './outcome.js';
import type { Logger } from '../log/logger.js';
import type { JsonSchema } from '../singer/json-schema.js';
import { activateVersionMessage, recordFrame, schemaMessage } from '../singer/messages.js';
import { RecordShape } from '../singer/record-shape.js';
import { type Selection, deselected, selectedSchema } from '../singer/selection.js';
import type { SourceRow } from '../json/source-rows.js';
import type { Writer } from '../singer/writer.js';

export interface OutputOptions {
  name: string;
  schema: JsonSchema;
  keyProperties: readonly string[];
  replicationKey?: string | undefined;
  selected: Selection;
  writer: Writer;
  log: Logger;
  /** Bytes of the longest message that the pipe takes. */
  maxBytes: number;
  /** Set when ACTIVATE_VERSION messages are wanted. */
  version?: number | undefined;
  /** At most this many records (a connection test wants one). */
  maxRows?: number | undefined;
}

export class OutputStream {
  readonly name: string;
  readonly outcome: Outcome;
  readonly #options: OutputOptions;
  readonly #shape: RecordShape;
  #announced = false;

  constructor(options: OutputOptions) {
    this.#options = options;
    this.name = options.name;
    this.outcome = new Outcome(options.name, options.log);
    this.#shape = new RecordShape(
      options.schema,
      options.keyProperties,
      deselected(options.schema, options.selected),
      (field, what) => {
        this.outcome.fit(field, what);
      },
    );
  }

  /** Writes the SCHEMA message, the first time it is called. */
  async announce(): Promise<void> {
    if (this.#announced) return;
    this.#announced = true;
    const { name, schema, keyProperties, replicationKey, selected, writer } = this.#options;
    await writer.write(
      schemaMessage({
        stream: name,
        schema: selectedSchema(schema, selected),
        keyProperties,
        bookmarkProperties: replicationKey ? [replicationKey] : undefined,
      }),
    );
  }

  /** Writes rows as RECORD messages; false when one of them could not be written (its outcome says why). */
  async write(rows: readonly SourceRow[], extracted: number): Promise<boolean> {
    if (rows.length === 0) return true;
    await this.announce();
    const frame = recordFrame(this.name, extracted, this.#options.version);
    const [before, after] = [Buffer.from(frame.before), Buffer.from(frame.after)];
    const { maxBytes, writer } = this.#options;
    const records: Buffer[] = [];
    let complete = true;
    for (const row of rows) {
      if (this.outcome.rows + records.length >= (this.#options.maxRows ?? Infinity)) break;
      const record = this.#record(row);
      if (record !== undefined && before.length + record.length + after.length <= maxBytes) {
        records.push(record);
        continue;
      }
      complete = false;
      if (record !== undefined)
        this.outcome.fail(
          `${this.name}: a row of ${record.length} bytes is longer than the pipe takes (${maxBytes} bytes) and was left out; raise MELTANO_ELT_BUFFER_SIZE. Its bookmark stays.`,
        );
    }
    this.outcome.rows += records.length;
    if (records.length > 0) await writer.write(frameAll(records, before, after));
    return complete;
  }

  /** Whether as many records are out as are wanted. */
  get isEnough(): boolean {
    return this.outcome.rows >= (this.#options.maxRows ?? Infinity);
  }

  /** Tells the target that rows of other versions are gone: only after a complete read. */
  async activate(): Promise<void> {
    const { version, writer, name } = this.#options;
    if (version !== undefined) await writer.write(activateVersionMessage(name, version));
  }

  /** The record's bytes; undefined for a row without its key. */
  #record({ row, text }: SourceRow): Buffer | undefined {
    if (text !== undefined && this.#shape.fits(row)) return text;
    const key = this.#shape.missingKey(row);
    if (key === undefined) return Buffer.from(this.#shape.write(row));
    this.outcome.fail(
      `${this.name}: a row has no ${key}, which is its key; it was left out, and the bookmark stays before it.`,
    );
    return undefined;
  }
}

/** Each record between the same two texts, in one piece of memory. */
function frameAll(records: readonly Buffer[], before: Buffer, after: Buffer): Buffer {
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

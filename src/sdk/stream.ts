/**
 * One stream on its way out: its SCHEMA once, its RECORDs a page at a time, its outcome. Knows
 * nothing of where rows come from.
 */
import { Outcome } from './outcome.js';
import type { Logger } from './cli/logger.js';
import { needsCare, parseExact } from './singer/exact-json.js';
import type { JsonSchema } from './singer/json-schema.js';
import { activateVersionMessage, recordFrame, schemaMessage } from './singer/messages.js';
import { RecordShape, type Row } from './singer/record-shape.js';
import { rowTexts } from './singer/row-text.js';
import { type Selection, deselected, selectedSchema } from './singer/selection.js';
import type { Writer } from './singer/writer.js';

export interface StreamOptions {
  name: string;
  schema: JsonSchema;
  keyProperties: readonly string[];
  replicationKey?: string | undefined;
  selected: Selection;
  writer: Writer;
  log: Logger;
  /** Bytes of the longest message that the pipe takes. */
  longest: number;
  /** Set when ACTIVATE_VERSION messages are wanted. */
  version?: number | undefined;
  /** At most this many records (a connection test wants one). */
  most?: number | undefined;
}

/** A row, and the text it came as (undefined when it has been changed, or was no part of a list). */
export interface SourceRow {
  row: Row;
  text?: string | undefined;
}

/** Escapes that may hide NUL or half a surrogate pair. */
const dirtyText = /\\u(?:0000|[dD][89a-fA-F])/;

export class Stream {
  readonly name: string;
  readonly outcome: Outcome;
  readonly #options: StreamOptions;
  readonly #shape: RecordShape;
  #announced = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.name = options.name;
    this.outcome = new Outcome(options.name, options.log);
    this.#shape = new RecordShape(options.schema, options.keyProperties, deselected(options.schema, options.selected), (field, what) => {
      this.outcome.fit(field, what);
    });
  }

  /** Writes the SCHEMA message, the first time it is called. */
  async announce(): Promise<void> {
    if (this.#announced) return;
    this.#announced = true;
    const { name, schema, keyProperties, replicationKey, selected, writer } = this.#options;
    await writer.write(schemaMessage({ stream: name, schema: selectedSchema(schema, selected), keyProperties, bookmarkProperties: replicationKey ? [replicationKey] : undefined }));
  }

  /** Writes rows as RECORD messages; false when one of them could not be written (its outcome says why). */
  async write(rows: readonly SourceRow[], extracted: number): Promise<boolean> {
    if (rows.length === 0) return true;
    await this.announce();
    const { before, after } = recordFrame(this.name, extracted, this.#options.version);
    const { longest } = this.#options;
    let chunk = '';
    let complete = true;
    for (const { row, text } of rows) {
      if (this.enough) break;
      const record = this.#record(row, text);
      if (record === undefined || (record.length > longest / 4 && Buffer.byteLength(record) + before.length + after.length > longest)) {
        if (record !== undefined) this.outcome.fail(`${this.name}: a row of ${Buffer.byteLength(record)} bytes is longer than the pipe takes (${longest} bytes) and was left out; raise MELTANO_ELT_BUFFER_SIZE. Its bookmark stays.`);
        complete = false;
        continue;
      }
      chunk += before + record + after;
      this.outcome.rows++;
    }
    if (chunk !== '') await this.#options.writer.write(chunk);
    return complete;
  }

  /** Whether as many records are out as are wanted. */
  get enough(): boolean {
    return this.outcome.rows >= (this.#options.most ?? Infinity);
  }

  /** Tells the target that rows of other versions are gone: only after a complete read. */
  async activate(): Promise<void> {
    const { version, writer, name } = this.#options;
    if (version !== undefined) await writer.write(activateVersionMessage(name, version));
  }

  #record(row: Row, text: string | undefined): string | undefined {
    const careful = text !== undefined && needsCare(text);
    const dirty = text === undefined || dirtyText.test(text);
    if (text !== undefined && !careful && !dirty && this.#shape.fits(row)) return text;
    const exact = careful ? (parseExact(text) as Row) : row;
    const key = this.#shape.missingKey(exact);
    if (key === undefined) return this.#shape.write(exact);
    this.outcome.fail(`${this.name}: a row has no ${key}, which is its key; it was left out, and the bookmark stays before it.`);
    return undefined;
  }
}

/** The rows of a page with their texts; null elements are dropped. */
export function sourceRows(value: unknown, body: Buffer): SourceRow[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  const text = body.toString('utf8').trim();
  const texts = Array.isArray(value) ? rowTexts(text, list) : text.includes('\n') ? undefined : [text];
  const care = texts === undefined && needsCare(text) ? (parseExact(text) as unknown[]) : undefined;
  return list.flatMap((row, index) => (isRow(row) ? [{ row: care && isRow(care[index]) ? care[index] : row, text: texts?.[index] }] : []));
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One stream on its way out: its SCHEMA once, its RECORDs a page at a time, its outcome. */
import { type Mapping, MappedRecords } from './mapped-records.js';
import { Outcome } from './outcome.js';
import type { Logger } from '../log/logger.js';
import { type JsonSchema, typesOf } from '../singer/json-schema.js';
import { activateVersionMessage, schemaMessage } from '../singer/messages.js';
import { RecordShape } from '../singer/record-shape.js';
import { type RecordSink, RecordMessages, frameLength } from '../singer/record-sink.js';
import { type Selection, deselected, selectedSchema } from '../singer/selection.js';
import type { NumberReading } from '../json/parse-exact.js';
import type { Row, SourceRow } from '../json/source-rows.js';
import type { Writer } from '../singer/writer.js';

export interface OutputOptions {
  name: string;
  schema: JsonSchema;
  keyProperties: readonly string[];
  /** The key where the first row lacks the other. */
  alternateKey?: readonly string[] | undefined;
  replicationKey?: string | undefined;
  selected: Selection;
  writer: Writer;
  /** Where the records of an output go; default: RECORD messages. */
  openSink?: ((stream: string) => RecordSink) | undefined;
  log: Logger;
  /** Bytes of the longest message that the pipe takes. */
  maxBytes: number;
  /** Set when ACTIVATE_VERSION messages are wanted. */
  version?: number | undefined;
  /** At most this many records (a connection test wants one). */
  maxRows?: number | undefined;
  /** The stream maps of the run, if there are any. */
  mapping?: Mapping | undefined;
}

export class OutputStream {
  readonly name: string;
  readonly outcome: Outcome;
  readonly #options: OutputOptions;
  readonly #sink: RecordSink | undefined;
  #keyProperties: readonly string[];
  #schema: JsonSchema;
  #shape: RecordShape;
  #mapped: MappedRecords | undefined;
  readonly #maxRows: number;
  #leftOut = 0;
  #isAnnounced = false;

  constructor(options: OutputOptions) {
    const { maxRows = Infinity } = options;
    this.#options = options;
    this.#maxRows = maxRows;
    this.name = options.name;
    this.outcome = new Outcome(options.name, options.log);
    this.#keyProperties = options.keyProperties;
    this.#schema = options.schema;
    this.#shape = this.#createShape();
    this.#mapped = this.#createMapped();
    this.#sink = this.#mapped ? undefined : this.#openSink(options.name);
  }

  /** Writes the SCHEMA message, the first time it is called. */
  async announce(first?: Row): Promise<void> {
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    const { alternateKey, writer } = this.#options;
    if (first && alternateKey && !hasKey(first, this.#keyProperties) && hasKey(first, alternateKey)) {
      this.#schema = withoutKey(this.#schema, this.#keyProperties);
      this.#keyProperties = alternateKey;
      this.#shape = this.#createShape();
      this.#mapped = this.#createMapped();
      this.outcome.note(
        `rows have the key ${alternateKey.join(', ')}, since the server sends no ` +
          `${this.#options.keyProperties.join(', ')}`,
      );
    }
    await writer.write(this.#mapped?.schemaMessages() ?? this.#schemaMessage());
  }

  #schemaMessage(): string {
    const { name, replicationKey, selected } = this.#options;
    return schemaMessage({
      stream: name,
      schema: selectedSchema(this.#schema, selected),
      keyProperties: this.#keyProperties,
      bookmarkProperties: replicationKey ? [replicationKey] : undefined,
    });
  }

  #openSink(stream: string): RecordSink {
    const { version, writer, openSink } = this.#options;
    return openSink?.(stream) ?? new RecordMessages(stream, version, writer);
  }

  #createShape(): RecordShape {
    const hidden = deselected(this.#schema, this.#options.selected);
    return new RecordShape(this.#schema, this.#keyProperties, hidden, (field, what) => this.outcome.fit(field, what));
  }

  #createMapped(): MappedRecords | undefined {
    const { name, selected, replicationKey, mapping } = this.#options;
    const source = { name, schema: this.#schema, keyProperties: this.#keyProperties, selected, replicationKey };
    const report = (field: string, what: string): void => this.outcome.fit(field, what);
    return MappedRecords.create(mapping, source, { report, open: (stream) => this.#openSink(stream) });
  }

  /** Writes rows as RECORD messages; false when one of them could not be written (its outcome says why). */
  async write(rows: readonly SourceRow[], extracted: number): Promise<boolean> {
    if (rows.length === 0) return true;
    await this.announce(rows[0]?.row);
    if (this.#mapped) return this.#writeMapped(this.#mapped, rows, extracted);
    const { maxBytes, version } = this.#options;
    const longest = maxBytes - frameLength(this.name, extracted, version);
    const records: Buffer[] = [];
    let complete = true;
    for (const row of rows) {
      if (this.outcome.rows + records.length >= this.#maxRows) break;
      const record = this.#record(row);
      if (record !== undefined && record.length <= longest) {
        records.push(record);
        continue;
      }
      complete = false;
      if (record !== undefined) this.#tooLong(record.length);
    }
    this.outcome.rows += records.length;
    if (records.length > 0) await this.#sink?.write(records, extracted);
    return complete;
  }

  /** The same through stream maps. @throws MapExpressionError */
  async #writeMapped(mapped: MappedRecords, rows: readonly SourceRow[], extracted: number): Promise<boolean> {
    const { maxBytes, version } = this.#options;
    const longest = maxBytes - frameLength(this.name, extracted, version);
    let complete = true;
    for (const { row } of rows) {
      if (this.isEnough) break;
      const { records, missingKey, tooLong } = mapped.take(row, longest);
      const isWhole = missingKey === undefined && tooLong === undefined;
      complete &&= isWhole;
      if (missingKey !== undefined) this.#keyless(missingKey);
      if (tooLong !== undefined) this.#tooLong(tooLong);
      if (records > 0) this.outcome.rows++;
      else if (isWhole) this.#leaveOut();
    }
    await mapped.write(extracted);
    return complete;
  }

  #leaveOut(): void {
    this.#leftOut++;
    this.outcome.count('left out by stream maps');
  }

  /** Whether as many records are out as are wanted. A record that a map leaves out has been read all the same. */
  get isEnough(): boolean {
    return this.outcome.rows + this.#leftOut >= this.#maxRows;
  }

  /** What is kept of numbers when rows are read. */
  get numbers(): NumberReading {
    return this.#mapped ? 'digits' : 'value';
  }

  /** Whether what is below a row is asked for: not where a filter leaves the row out. */
  keepsBelow(row: Row): boolean {
    return this.#mapped?.keeps(row) ?? true;
  }

  /** Where records go: through stream maps, or out as they are. */
  get #way(): MappedRecords | RecordSink | undefined {
    return this.#mapped ?? this.#sink;
  }

  /** Hands out what is held back, so that a STATE may cover it. */
  flush(): void {
    this.#way?.flush();
  }

  /** BATCH messages so far. */
  get batches(): number {
    return this.#way?.batches ?? 0;
  }

  /** Tells the target that rows of other versions are gone: only after a complete read. */
  async activate(): Promise<void> {
    const { version, writer, name } = this.#options;
    this.flush();
    if (version === undefined) return;
    await writer.write(this.#mapped?.activateMessages(version) ?? activateVersionMessage(name, version));
  }

  /** The record's bytes; undefined for a row without its key. */
  #record({ row, text }: SourceRow): Buffer | undefined {
    if (text !== undefined && this.#shape.fits(row)) return text;
    const key = this.#shape.missingKey(row);
    if (key === undefined) return Buffer.from(this.#shape.write(row));
    this.#keyless(key);
    return undefined;
  }

  #keyless(key: string): void {
    this.outcome.fail(`${this.name}: skipped a record without its key ${key}; the bookmark stays before it.`);
  }

  #tooLong(bytes: number): void {
    const { maxBytes } = this.#options;
    this.outcome.fail(
      `${this.name}: skipped a record of ${bytes} bytes, since the pipe takes ${maxBytes}. ` +
        'Raise MELTANO_ELT_BUFFER_SIZE; the bookmark stays before it.',
    );
  }
}

const hasKey = (row: Row, key: readonly string[]): boolean => key.every((name) => (row[name] ?? null) !== null);

/** The schema of rows that do not have this key: its properties may be null. */
function withoutKey(schema: JsonSchema, key: readonly string[]): JsonSchema {
  const properties = { ...schema.properties };
  for (const name of key)
    properties[name] = { ...properties[name], type: [...typesOf(properties[name] ?? {}), 'null'] };
  return { ...schema, properties };
}

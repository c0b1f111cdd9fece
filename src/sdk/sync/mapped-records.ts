/** Records of a stream on their way through its stream maps: to one output or several, or to none. */
import type { Row } from '../json/source-rows.js';
import { targetSchema } from '../maps/flattening.js';
import type { MapSource } from '../maps/stream-map.js';
import type { MappedOutput, StreamOutput } from '../maps/stream-maps.js';
import { conform } from '../singer/conform.js';
import type { JsonSchema } from '../singer/json-schema.js';
import { activateVersionMessage, schemaMessage } from '../singer/messages.js';
import { RecordShape, type Report } from '../singer/record-shape.js';
import type { RecordSink } from '../singer/record-sink.js';
import { type Selection, deselected, selectedSchema, withoutDeselected } from '../singer/selection.js';

/** What is written in a stream's place; undefined: the stream as it is. */
export type Mapping = (source: MapSource) => readonly MappedOutput[] | undefined;

/** A stream before its maps. */
export interface Unmapped {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly keyProperties: readonly string[];
  readonly selected: Selection;
  readonly replicationKey: string | undefined;
}

/** An output, the form that its records must have, and those of a page that are not written yet. */
interface Place {
  readonly output: StreamOutput;
  readonly schema: JsonSchema;
  readonly shape: RecordShape;
  readonly sink: RecordSink;
  page: Buffer[];
}

/** What became of a row. */
export interface Taken {
  /** Records that will be written, in all outputs. */
  records: number;
  /** The key property that a record lacks. */
  missingKey: string | undefined;
  /** Bytes of a record that is too long. */
  tooLong: number | undefined;
}

/** What outputs are opened with. */
export interface Surroundings {
  readonly report: Report;
  readonly open: (stream: string) => RecordSink;
}

export class MappedRecords {
  readonly #source: Unmapped;
  readonly #selectedSchema: JsonSchema;
  readonly #hidden: ReturnType<typeof deselected>;
  readonly #primary: MappedOutput | undefined;
  readonly #places: readonly Place[];

  private constructor(source: Unmapped, outputs: readonly MappedOutput[], surroundings: Surroundings) {
    this.#source = source;
    this.#selectedSchema = selectedSchema(source.schema, source.selected);
    this.#hidden = deselected(source.schema, source.selected);
    this.#primary = outputs[0];
    this.#places = outputs
      .filter((output): output is StreamOutput => !('removed' in output))
      .map((output) => placeOf(output, source.name, surroundings));
  }

  /** Undefined for a stream that no map changes. */
  static create(mapping: Mapping | undefined, source: Unmapped, surroundings: Surroundings): MappedRecords | undefined {
    const { name, keyProperties } = source;
    const outputs = mapping?.({ name, keyProperties, schema: selectedSchema(source.schema, source.selected) });
    return outputs && new MappedRecords(source, outputs, surroundings);
  }

  /** The SCHEMA message of each output. */
  schemaMessages(): string {
    const { replicationKey } = this.#source;
    const messages = this.#places.map(({ output, schema }) => {
      const isThere = replicationKey !== undefined && Object.hasOwn(schema.properties ?? {}, replicationKey);
      return schemaMessage({
        stream: output.stream,
        schema,
        keyProperties: output.keyProperties ?? [],
        bookmarkProperties: isThere ? [replicationKey] : undefined,
      });
    });
    return messages.join('');
  }

  /** The ACTIVATE_VERSION message of each output. */
  activateMessages(version: number): string {
    return this.#places.map(({ output }) => activateVersionMessage(output.stream, version)).join('');
  }

  /** Whether the filter of the stream's own map keeps a row: else nothing below it is asked for. */
  keeps(row: Row): boolean {
    const primary = this.#primary;
    if (!primary || 'removed' in primary || !primary.keeps) return true;
    return primary.keeps(this.#conform(row));
  }

  /** Brings a row through all maps. Records longer than `longest` bytes are left out. @throws MapExpressionError */
  take(row: Row, longest: number): Taken {
    const record = this.#conform(row);
    const taken: Taken = { records: 0, missingKey: undefined, tooLong: undefined };
    for (const place of this.#places) {
      const mapped = place.output.transform(record);
      if (mapped) put(place, withoutLeftovers(mapped, place), longest, taken);
    }
    return taken;
  }

  /** Writes the records that were taken. */
  async write(extracted: number): Promise<void> {
    for (const place of this.#places) {
      const { page } = place;
      place.page = [];
      if (page.length > 0) await place.sink.write(page, extracted);
    }
  }

  /** Hands out what is held back. */
  flush(): void {
    for (const { sink } of this.#places) sink.flush();
  }

  /** BATCH messages so far. */
  get batches(): number {
    return this.#places.reduce((sum, { sink }) => sum + sink.batches, 0);
  }

  #conform(row: Row): Record<string, unknown> {
    return conform(this.#hidden ? withoutDeselected(row, this.#hidden) : row, this.#selectedSchema);
  }
}

function put({ shape, page }: Place, record: Row, longest: number, taken: Taken): void {
  const key = shape.missingKey(record);
  if (key !== undefined) {
    taken.missingKey = key;
    return;
  }
  const bytes = Buffer.from(shape.write(record));
  if (bytes.length > longest) {
    taken.tooLong = bytes.length;
    return;
  }
  page.push(bytes);
  taken.records++;
}

function placeOf(output: StreamOutput, original: string, { report, open }: Surroundings): Place {
  const schema = output.isFlattened ? targetSchema(output.schema) : output.schema;
  const isOwn = output.stream === original;
  const reportOf: Report = isOwn ? report : (field, what) => report(`${output.stream}.${field}`, what);
  const shape = new RecordShape(schema, output.keyProperties ?? [], undefined, reportOf);
  return { output, schema, shape, sink: open(output.stream), page: [] };
}

/** An object that is null leaves nothing under its own name, which is no column after flattening. */
function withoutLeftovers(record: Row, { output, schema: { properties = {} } }: Place): Row {
  if (!output.isFlattened) return record;
  const isLeftover = ([name, value]: [string, unknown]): boolean => value === null && !Object.hasOwn(properties, name);
  const entries = Object.entries(record);
  return entries.some(isLeftover) ? Object.fromEntries(entries.filter((entry) => !isLeftover(entry))) : record;
}

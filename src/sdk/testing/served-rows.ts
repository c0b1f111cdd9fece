/** Rows that a server of a law has: drawn from the schema of a stream, each with keys of its own. */
import type { StreamDefinition } from '../define/stream-definition.js';
import type { Row } from '../json/source-rows.js';
import { type JsonSchema, isDateTime, propertiesOf, rowSchema, typesOf } from '../singer/json-schema.js';
import { day, isoSeconds, second } from '../time.js';
import type { Chance } from './chance.js';

/** A row in its list. */
export interface ServedRow {
  row: Row;
  /** Epoch ms, whole second. */
  time: number;
  readonly serial: number;
  /** Asked for no more. */
  gone: boolean;
}

/** What a JSON body has instead of this is an integer that no double holds. */
export const exactInteger = '9007199254740993';
export const exactMark = '@exact';
const oddText = '𝕏 \u2028 "quoted" \\ ß';

export class RowMaker {
  #serial = 0;

  constructor(
    private readonly chance: Chance,
    private readonly now: number,
    /** Numbers and texts that are hard to carry. */
    private readonly isOdd: boolean,
    /** All rows are of one second. */
    private readonly isCrowded: boolean,
  ) {}

  /** A row of a stream; `time`: epoch ms. Columns that the context fills are left out. */
  make(definition: StreamDefinition, isParent: boolean, time: number = this.#time()): ServedRow {
    const serial = ++this.#serial;
    const { schema, primaryKey, path, replicationKey } = definition;
    const columns = propertiesOf(rowSchema(schema, primaryKey)).filter(([name]) => !path.includes(`{${name}}`));
    const isNull = (name: string): boolean => !isParent && name !== replicationKey && !primaryKey.includes(name);
    const values = columns.map(([name, column]) => [
      name,
      isNull(name) && this.chance.is(0.2) ? null : this.#value(name, column, serial, isNull(name)),
    ]);
    const row = Object.fromEntries(values) as Row;
    return { row: withTime(definition, row, time), time, serial, gone: false };
  }

  #time(): number {
    const ago = this.isCrowded ? day : this.chance.below(20 * day) + day;
    return this.now - Math.floor(ago / second) * second;
  }

  #value(name: string, column: JsonSchema, serial: number, mayBeOdd: boolean): unknown {
    const isOdd = mayBeOdd && this.isOdd;
    switch (typesOf(column).find((type) => type !== 'null')) {
      case 'integer':
        return isOdd ? exactMark : serial;
      case 'number':
        return serial + 0.5;
      case 'boolean':
        return this.chance.is(0.5);
      case 'array':
        return [];
      case 'object':
        return Object.fromEntries(
          propertiesOf(column).map(([inner, one]) => [inner, this.#value(inner, one, serial, false)]),
        );
      default:
        return isDateTime(column) ? isoSeconds(this.now - day) : `${name}-${serial}${isOdd ? oddText : ''}`;
    }
  }
}

/** The row as of another time. */
export function withTime({ schema, replicationKey }: StreamDefinition, row: Row, time: number): Row {
  if (replicationKey === undefined) return row;
  const isNumber = typesOf(
    propertiesOf(rowSchema(schema, [])).find(([name]) => name === replicationKey)?.[1] ?? {},
  ).includes('integer');
  return { ...row, [replicationKey]: isNumber ? time / second : isoSeconds(time) };
}

/**
 * Date-times that a tap's own code puts into a row. JavaScript's `Date` knows neither microseconds nor the zone that a
 * time was written in; `DateTime` keeps both.
 */
const form = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/;

/** A date-time in the form of the Python SDK: six fraction digits, its own offset, UTC where it has none. */
export class DateTime {
  readonly #text: string;

  /** @throws RangeError when the text is no ISO 8601 date-time with seconds. */
  constructor(text: string) {
    const [, date, time, fraction = '', zone = 'Z'] = form.exec(text) ?? [];
    if (date === undefined || time === undefined) throw new RangeError(`Not a date-time: ${text}`);
    const offset = zone === 'Z' ? '+00:00' : zone;
    this.#text = `${date}T${time}.${fraction.padEnd(6, '0').slice(0, 6)}${offset}`;
  }

  toString(): string {
    return this.#text;
  }

  toJSON(): string {
    return this.#text;
  }
}

/** The text of a date-time object; undefined for any other value. */
export function dateTimeText(value: unknown): string | undefined {
  if (value instanceof DateTime) return value.toString();
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  return new DateTime(value.toISOString()).toString();
}

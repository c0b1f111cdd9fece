/** What a run wrote, as a target would take it. */
import type { Row } from '../json/source-rows.js';
import type { JsonSchema } from '../singer/json-schema.js';

/** A Singer message, as far as checks look at it. */
export interface Message {
  readonly type?: string;
  readonly stream?: string;
  readonly record?: Row;
  readonly schema?: JsonSchema;
  readonly key_properties?: readonly string[];
  readonly value?: unknown;
}

/** @throws SyntaxError for a line that is no JSON. */
export function messagesIn(stdout: string): Message[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Message);
}

export class Output {
  readonly schemas = new Map<string, Message>();
  readonly records = new Map<string, Row[]>();
  readonly states: unknown[] = [];

  constructor(readonly messages: readonly Message[]) {
    for (const message of messages) this.#take(message);
  }

  recordsOf(stream: string): readonly Row[] {
    return this.records.get(stream) ?? [];
  }

  /** What tells the records of a stream apart: their keys, or all of them where there is no key. */
  keysOf(stream: string): string[] {
    const { key_properties: names = [] } = this.schemas.get(stream) ?? {};
    return this.recordsOf(stream).map((row) =>
      JSON.stringify(names.length === 0 ? row : names.map((name) => row[name] ?? null)),
    );
  }

  #take(message: Message): void {
    const { type, stream = '', record, value } = message;
    if (type === 'SCHEMA') this.schemas.set(stream, message);
    else if (type === 'STATE') this.states.push(value);
    else if (type === 'RECORD' && record) {
      const rows = this.records.get(stream);
      if (rows) rows.push(record);
      else this.records.set(stream, [record]);
    }
  }
}

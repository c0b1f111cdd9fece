import { describe, expect, test } from 'vitest';
import { ExactNumber } from '../../../src/sdk/json/exact-number.js';
import type { JsonSchema } from '../../../src/sdk/singer/json-schema.js';
import { activateVersionMessage, recordFrame, schemaMessage, stateMessage } from '../../../src/sdk/singer/messages.js';
import { haveVectors, vectors } from '../../support/vectors.js';

interface MessageFields {
  type: string;
  stream: string;
  schema: JsonSchema;
  key_properties: string[] | null;
  bookmark_properties: string[] | null;
  record: unknown;
  version?: number;
  time_extracted?: string;
  value: unknown;
}

describe('a message', () => {
  test('of a schema names keys, and the bookmark where there is one', () => {
    const schema = { type: 'object', properties: {} };

    expect(schemaMessage({ stream: 's', schema, keyProperties: ['id'], bookmarkProperties: ['at'] })).toBe(
      '{"type":"SCHEMA","stream":"s","schema":{"type":"object","properties":{}},"key_properties":["id"],' +
        '"bookmark_properties":["at"]}\n',
    );
    expect(schemaMessage({ stream: 's', schema, keyProperties: [] })).toBe(
      '{"type":"SCHEMA","stream":"s","schema":{"type":"object","properties":{}},"key_properties":[]}\n',
    );
  });

  test('of a record is its text in a frame that all records of a page share', () => {
    const { before, after } = recordFrame('a"b', Date.UTC(2026, 0, 2, 3, 4, 5, 678), 17);

    const line = `${before}{"id":12345678901234567890}${after}`;

    expect(line).toBe(
      '{"type":"RECORD","stream":"a\\"b","record":{"id":12345678901234567890},"version":17,' +
        '"time_extracted":"2026-01-02T03:04:05.678Z"}\n',
    );
  });

  test('is one line, whatever text it holds', () => {
    const line = stateMessage({ text: 'a\nb\r\u2028' });

    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({ type: 'STATE', value: { text: 'a\nb\r\u2028' } });
  });

  test('keeps the digits of numbers that JavaScript cannot hold', () => {
    const big = new ExactNumber('9007199254740993');
    const state = { toJSON: () => ({ bookmarks: { other: big } }) };

    expect(stateMessage(state)).toBe('{"type":"STATE","value":{"bookmarks":{"other":9007199254740993}}}\n');
    expect(stateMessage({ other: big })).toBe('{"type":"STATE","value":{"other":9007199254740993}}\n');
    expect(schemaMessage({ stream: 's', schema: { maximum: big }, keyProperties: [] })).toContain(
      '"schema":{"maximum":9007199254740993}',
    );
  });

  test('of a version names it', () => {
    expect(JSON.parse(activateVersionMessage('s', 17))).toEqual({ type: 'ACTIVATE_VERSION', stream: 's', version: 17 });
  });
});

describe.runIf(haveVectors)('the Python SDK writes the same message', () => {
  test.each(vectors<MessageFields, { text: string }>('typing', 'message'))('$name', ({ input, expected }) => {
    const wanted = JSON.parse(expected.text) as Record<string, unknown>;
    const written = JSON.parse(write(input)) as Record<string, unknown>;

    // Instants are compared as such: ours are written with Z, in milliseconds.
    const time = wanted['time_extracted'];
    if (time !== undefined) expect(Date.parse(String(written['time_extracted']))).toBe(Date.parse(String(time)));
    expect({ ...written, time_extracted: undefined }).toEqual({ ...wanted, time_extracted: undefined });
    expect(Object.keys(written).filter((key) => key !== 'time_extracted')).toEqual(
      Object.keys(wanted).filter((key) => key !== 'time_extracted'),
    );
  });
});

function write({
  type,
  stream,
  schema,
  key_properties,
  bookmark_properties,
  record,
  version,
  time_extracted,
  value,
}: MessageFields): string {
  switch (type) {
    case 'SCHEMA':
      return schemaMessage({
        stream,
        schema,
        keyProperties: key_properties ?? [],
        bookmarkProperties: bookmark_properties ?? undefined,
      });
    case 'RECORD': {
      const { before, after } = recordFrame(stream, Date.parse(time_extracted ?? '2026-01-01T00:00:00Z'), version);
      return before + JSON.stringify(record) + after;
    }
    case 'STATE':
      return stateMessage(value);
    default:
      return activateVersionMessage(stream, version ?? 0);
  }
}

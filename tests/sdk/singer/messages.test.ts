import { describe, expect, test } from 'vitest';
import { ExactNumber } from '../../../src/sdk/json/exact-number.js';
import { activateVersionMessage, recordFrame, schemaMessage, stateMessage } from '../../../src/sdk/singer/messages.js';

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
        '"time_extracted":"2026-01-02T03:04:05.678000+00:00"}\n',
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

    expect(stateMessage(state.toJSON())).toBe('{"type":"STATE","value":{"bookmarks":{"other":9007199254740993}}}\n');
    expect(stateMessage({ other: big })).toBe('{"type":"STATE","value":{"other":9007199254740993}}\n');
    expect(schemaMessage({ stream: 's', schema: { maximum: big }, keyProperties: [] })).toContain(
      '"schema":{"maximum":9007199254740993}',
    );
  });

  test('of a version names it', () => {
    expect(JSON.parse(activateVersionMessage('s', 17))).toEqual({ type: 'ACTIVATE_VERSION', stream: 's', version: 17 });
  });
});

import { describe, expect, test } from 'vitest';
import { parseState } from '../../../src/sdk/cli/inputs.js';
import { InputError } from '../../../src/sdk/errors.js';

const state = { bookmarks: { rows: { start: '2024-01-01T00:00:00Z' } } };
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

describe('state file', () => {
  test.each([
    ['the bare value', JSON.stringify(state, null, 2), 0],
    ['a STATE message', line({ type: 'STATE', value: state }), 1],
    ["Meltano's wrapper", line({ singer_state: state }), 1],
    ['the wrapper in a message', line({ type: 'STATE', value: { singer_state: state } }), 2],
    [
      'the output of a tap',
      line({ type: 'STATE', value: {} }) + line({ type: 'STATE', value: state }) + line({ type: 'RECORD', record: {} }),
      2,
    ],
    ['the output of a target', line({ bookmarks: {} }) + line(state), 1],
    ['a byte order mark', `\uFEFF${JSON.stringify(state)}`, 0],
  ])('is understood as %s', (_form, text, warnings) => {
    const found = parseState(text, 'state.json');
    expect(found.state).toEqual(state);
    expect(found.warnings).toHaveLength(warnings);
  });

  test.each(['', ' \n', 'null', '{"singer_state": null}'])('%j is no state', (text) => {
    expect(parseState(text, 'state.json').state).toBeUndefined();
  });

  test.each(['[1]', '5', '"x"', '{"bookmarks": ', line({ type: 'RECORD' }) + line({ type: 'SCHEMA' })])(
    '%j is an error, not a fresh start',
    (text) => {
      expect(() => parseState(text, 'state.json')).toThrow(InputError);
    },
  );
});

test('numbers that JavaScript cannot hold keep their digits', () => {
  const bare = '{"bookmarks":{"other":{"id": 9007199254740993}}}';

  for (const text of [bare, `{"type":"STATE","value":{}}\n{"type":"STATE","value":${bare}}`]) {
    const { state } = parseState(text, 'state.json');
    expect(JSON.stringify(state)).toBe('{"bookmarks":{"other":{"id":"9007199254740993"}}}');
  }
});

import { describe, expect, test } from 'vitest';
import { parseJson, readSource } from '../../../src/sdk/json/source-rows.js';
import { deepestLevel } from '../../../src/sdk/json/survey.js';
import { writeExact } from '../../../src/sdk/json/write-exact.js';
import { Chance } from '../../support/random.js';
import { sameJson, someJson } from './some-json.js';

/** The text that each row leaves as; rows that are rewritten in brackets. */
const leaving = (body: string | Buffer): string[] | undefined =>
  readSource(Buffer.from(body))?.rows.map(({ text, row }) => text?.toString() ?? `(${writeExact(row)})`);

/** The text that each row leaves as, rewritten or not. */
const written = (body: string | Buffer): string[] =>
  (readSource(Buffer.from(body))?.rows ?? []).map(({ text, row }) => text?.toString() ?? writeExact(row));

describe('what is no JSON', () => {
  test.each([
    '',
    ' \r\n\t',
    '\uFEFF',
    '\uFEFF \n',
    '[{"id":1}',
    '[{"id":1},{"id":2}',
    '[{"id":1},]',
    '[{"id":1},{"id":}]',
    '[{"id":1}{"id":2}]',
    '[{"id":1},,{"id":2}]',
    '[{"id": 1}, ,{"id": 2}]',
    '[{"id": 1}, {"id": 2},]',
    '[{"id":1},{"id":2}}]',
    '[{"id":1},{"id":2}]]',
    '<html>',
    '[{"id',
  ])('%j is told', (text) => {
    expect(readSource(Buffer.from(text))).toBeUndefined();
  });
});

describe('rows', () => {
  test.each([
    ['an object', '{"id":1}', ['{"id":1}']],
    ['an object with white space around', ' \n{"id":1}\r\n', ['{"id":1}']],
    ['an object on several lines', '{\n"id":1}', ['({"id":1})']],
    ['an object with a bare carriage return', '{\r"id":1}', ['({"id":1})']],
    ['a list', '[{"id":1},{"id":2}]', ['{"id":1}', '{"id":2}']],
    [
      'a list with spaces',
      '[{"id": 1, "a": "x"}, {"id": 2, "a": "y"}]',
      ['{"id": 1, "a": "x"}', '{"id": 2, "a": "y"}'],
    ],
    ['a list with a line break at the end', '[{"id":1},{"id":2}]\n', ['{"id":1}', '{"id":2}']],
    ['a list on several lines', '[{"id":1},\n{"id":2}]', ['({"id":1})', '({"id":2})']],
    [
      'other elements, without a key',
      '[{"id":1},null,3,"a",[{"id":2}],{"id":4}]',
      ['{"id":1}', '({})', '({})', '({})', '{"id":4}'],
    ],
    ['an empty list', '[]', []],
    ['no row at all', '12', []],
    ['null', 'null', []],
  ])('are found in %s', (_, text, rows) => {
    expect(leaving(text)).toEqual(rows);
    expect(readSource(Buffer.from(text))?.value).toEqual(JSON.parse(text));
  });

  test('are taken care of one by one: the others leave as they came', () => {
    const body = '[{"id":1},{"id":12345678901234567890},{"id":2,"t":"\\u0000"},{"id":3.0},{"id":3}]';
    const source = readSource(Buffer.from(body));

    expect(source?.rows.map(({ text }) => text?.toString())).toEqual([
      '{"id":1}',
      undefined,
      undefined,
      undefined,
      '{"id":3}',
    ]);
    expect(source?.value).toEqual(JSON.parse(body));
    expect(String(source?.rows[1]?.row['id'])).toBe('12345678901234567890');
  });

  test('are taken care of one by one with spaces, too', () => {
    expect(leaving('[{"id": 1, "a": 1.0}, {"id": 2, "a": [1e3]}, {"id": 3, "a": 1}]')).toEqual([
      '({"id":1,"a":1})',
      '({"id":2,"a":[1000]})',
      '{"id": 3, "a": 1}',
    ]);
  });

  test.each([
    ['NUL', '\\u0000'],
    ['half a surrogate pair', '\\ud800'],
    ['half a surrogate pair in capitals', '\\uDFFF'],
  ])('do not leave as they came with %s, wherever it stands', (_, escape) => {
    for (const text of [
      `{"a":"${escape}"}`,
      `{"${escape}":1}`,
      `[{"a":"x${escape}"}]`,
      `[{"a": {"${escape}": "b"}}, 1]`,
    ])
      expect(readSource(Buffer.from(text))?.rows[0]?.text, text).toBeUndefined();
  });

  test('leave as they came with other escapes', () => {
    expect(leaving('[{"a":"\\u00e9\\n\\u0001"}]')).toEqual(['{"a":"\\u00e9\\n\\u0001"}']);
  });
});

describe('bytes', () => {
  const latin1 = Buffer.from('[{"a":"caf\xe9"},{"a":"b"}]', 'latin1');
  const surrogate = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]);

  test.each([
    ['a Latin-1 byte', latin1, ['{"a":"caf\uFFFD"}', '{"a":"b"}']],
    ['a raw surrogate', surrogate, ['{"a":"\uFFFD\uFFFD\uFFFD"}']],
    [
      'a character cut off',
      Buffer.from([0x5b, 0x7b, 0x22, 0xe2, 0x82, 0x22, 0x3a, 0x31, 0x7d, 0x5d]),
      ['{"\uFFFD":1}'],
    ],
  ])('that are not UTF-8 are replaced, and reported: %s', (_, body, rows) => {
    const source = readSource(body);

    expect(leaving(body)).toEqual(rows);
    expect(source?.repairs).toEqual(['bytes that are not UTF-8 were replaced by U+FFFD']);
    expect(JSON.stringify(source?.value)).toBe(body[0] === 0x5b ? `[${rows.join()}]` : rows[0]);
  });

  test('that are UTF-8 need no repair, and are the bytes of the body', () => {
    const body = Buffer.from('[{"a":"é😀"},{"a":"\uFFFD"}]');
    const source = readSource(body);

    expect(source?.repairs).toEqual([]);
    expect(source?.rows.map(({ text }) => text?.buffer === body.buffer)).toEqual([true, true]);
    expect(source?.rows.map(({ row }) => row['a'])).toEqual(['é😀', '\uFFFD']);
    expect(leaving(body)).toEqual(['{"a":"é😀"}', '{"a":"\uFFFD"}']);
  });

  test.each(['[{"id":1},{"id":2}]', '{"id":1}', '[{"id": 1}]'])('of a byte-order mark are skipped: %s', (text) => {
    const source = readSource(Buffer.from(`\uFEFF${text}`));

    expect(source?.value).toEqual(JSON.parse(text));
    expect(source?.repairs).toEqual([]);
    expect(leaving(`\uFEFF${text}`)).toEqual(leaving(text));
    expect(parseJson(`\uFEFF${text}`)).toEqual(JSON.parse(text));
  });
});

describe('numbers', () => {
  test.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    '1.234567890123456789',
    '0.1',
    '1e400',
    '-0',
  ])('keep their digits: %s', (digits) => {
    for (const text of [
      `{"a":${digits},"b":"\\u0000"}`,
      `[{"a":${digits},"b":1.0}]`,
      `[{"a": ${digits}, "b": [${digits}, {"c": ${digits}}]}, {"a": "\\u0000"}]`,
      `[{"a":1,"b": ${digits}}]`,
      `[{"a":["x",${digits}]},{"a":["y"]}]`,
      `[\n{"a"\n:\n${digits}\n}]`,
      `[{"a":[[${digits}]]},{"x":[ ${digits} ]}]`,
    ]) {
      const value: unknown = JSON.parse(text.replaceAll(digits, '"#"'));
      const rows = Array.isArray(value) ? (value as unknown[]) : [value];
      expect(
        written(text).map((one) => one.replaceAll(' ', '')),
        text,
      ).toEqual(rows.map((row) => JSON.stringify(row).replaceAll('"#"', digits).replace('"b":1.0', '"b":1')));
    }
  });

  test.each([
    ['1.0', '1'],
    ['1E5', '100000'],
    ['-3.00', '-3'],
  ])('that are whole in another form leave as whole numbers: %s', (digits, whole) => {
    expect(leaving(`[{"a":${digits}},{"a":2}]`)).toEqual([`({"a":${whole}})`, '{"a":2}']);
    expect(leaving(`{"a": ${digits} }`)).toEqual([`({"a":${whole}})`]);
  });
});

describe('any document', () => {
  test('leaves as it came: in its white space, escapes, digits and order', () => {
    let rewritten = 0;
    for (let seed = 0; seed < 1500; seed++) {
      const chance = new Chance(seed);
      const elements = Array.from({ length: chance.int(0, 5) }, () =>
        someJson(chance, { depth: 3, exact: chance.is(0.3) }),
      );
      const text = chance.pick(['', '\uFEFF', ' ', '\n']) + `[${elements.join(chance.pick([',', ', ', ' ,\n']))}]`;
      const isObject = (one: string): boolean => one.trim().startsWith('{');
      const rows = elements.filter((one) => one.trim() !== 'null').map((one) => (isObject(one) ? one : '{}'));
      const source = readSource(Buffer.from(text));

      expect(source?.rows.length, text).toBe(rows.length);
      expect(source?.value, text).toEqual(parseJson(text));
      for (const [index, { row, text: bytes }] of (source?.rows ?? []).entries()) {
        const out = bytes?.toString() ?? writeExact(row);
        if (bytes === undefined) rewritten++;
        expect(sameJson(out, rows[index] ?? ''), `${rows[index] ?? ''}\n${out}`).toBe(true);
        expect(out).not.toMatch(/[\r\n]/);
      }
    }
    expect(rewritten).toBeGreaterThan(100);
  });

  test('with any wrong bytes leaves as valid UTF-8, or is no JSON', () => {
    let repaired = 0;
    for (let seed = 0; seed < 1500; seed++) {
      const chance = new Chance(seed);
      const body = Buffer.from(`[{"a":${someJson(chance, { depth: 2, exact: true })},"é":"😀"},{"a":1}]`);
      for (let times = chance.int(1, 3); times > 0; times--)
        body[chance.int(0, body.length - 1)] = chance.int(0x80, 0xff);
      const source = readSource(body);
      if (source === undefined) continue;
      repaired += source.repairs.length;
      for (const { row, text } of source.rows) {
        const out = text ?? Buffer.from(writeExact(row));
        expect(Buffer.from(out.toString('utf8')).equals(out), body.toString('latin1')).toBe(true);
        expect(() => JSON.parse(out.toString('utf8')) as unknown).not.toThrow();
      }
    }
    expect(repaired).toBeGreaterThan(100);
  });
});

describe('depth', () => {
  const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  test.each([
    ['a row by itself', (text: string) => text],
    ['a list', (text: string) => `[${text},{"a":1}]`],
    ['a list on several lines', (text: string) => `[${text},{"b":1}]`],
    ['a list with spaces', (text: string) => `[${text.replaceAll(':', ': ')}, {"a": 1}]`],
  ])('within the limit leaves as it came, deeper does not: %s', (_, around) => {
    const [fine, deep] = [`{"a":${nested(deepestLevel + 1)}}`, `{"a":${nested(deepestLevel + 2)}}`];

    expect(
      readSource(Buffer.from(around(fine)))
        ?.rows[0]?.text?.toString()
        .replaceAll(' ', ''),
    ).toBe(fine);
    expect(readSource(Buffer.from(around(deep)))?.rows[0]?.text).toBeUndefined();
  });

  test('counts objects and lists alike, and what stands beside them', () => {
    const levels = (deepestLevel + 2) / 2;
    const mixed = (more: string): string =>
      `{"x":1,"a":${'[{"y":"[{","b":'.repeat(levels)}${more}${'},2]'.repeat(levels)}}`;

    expect(readSource(Buffer.from(mixed('[]')))?.rows[0]?.text).toBeUndefined();
    expect(
      readSource(Buffer.from(`{"a":${'[{"b":'.repeat(levels - 1)}[1]${'},2]'.repeat(levels - 1)}}`))?.rows[0]?.text,
    ).toBeDefined();
  });

  test('of 100,000 levels is read, also with care', () => {
    for (const inner of ['1', '12345678901234567890', '"\\u0000"']) {
      const text = `[{"a":1},{"a":${'[{"b":'.repeat(50_000)}${inner}${'}]'.repeat(50_000)}}]`;
      const source = readSource(Buffer.from(text));

      expect(source?.rows.map(({ text: own }) => own === undefined)).toEqual([false, true]);
      expect(writeExact(source?.rows[1]?.row).length).toBe(text.length - '[{"a":1},]'.length);
    }
  });
});

describe('size', () => {
  test('of 200,000 rows in one answer is no matter', () => {
    const rows = '{"id":1,"a":"b"},'.repeat(200_000);

    expect(readSource(Buffer.from(`[${rows}{"id":2,"a":"b"}]`))?.rows.length).toBe(200_001);
    expect(readSource(Buffer.from(`[${rows}{"other":2}]`))?.rows.length).toBe(200_001);
    expect(readSource(Buffer.from(`[${rows}{"id":12345678901234567890}\n]`))?.rows.length).toBe(200_001);
  });

  test('of a row of 50 MB of text is no matter', () => {
    const text = `{"id":1,"a":"${'1.'.repeat(25_000_000)}","b":12345678901234567890}`;

    expect(written(`[${text}]`)[0] === text).toBe(true);
  });
});

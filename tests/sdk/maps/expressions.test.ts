/** Expressions mean what they mean in Python. Each expected text is what Python's `repr` says. */
import { describe, expect, test } from 'vitest';
import { ExactNumber } from '../../../src/sdk/json/exact-number.js';
import { evaluated, written } from './evaluation.js';

type Facts = readonly (readonly [expression: string, value: string])[];

const check = (facts: Facts): void => {
  test.each(facts)('%s is %s', (expression, value) => {
    expect(evaluated(expression)).toBe(value);
  });
};

describe('operators bind as in Python', () => {
  check([
    ['1 + 2 * 3 - 4 // 3 % 2', '6'],
    ['-2 ** 2, 2 ** 3 ** 2, 2 ** -1', '(-4, 512, 0.5)'],
    ['not 1 == 2, not 1 and 0 or 5, 1 and not 0 or 3', '(True, 5, True)'],
    ['not 0 if 1 else 2', 'True'],
    ['1 | 2 == 2, 1 + 2 << 3, 7 & 3 | 8 ^ 1', '(False, 24, 11)'],
    ['1 < 2 < 3, 1 < 3 < 2, 1 == 1 == 2', '(True, False, False)'],
    ['1 if 0 else 2 if 0 else 3', '3'],
    ['1; 2', '1'],
  ]);
});

describe('numbers', () => {
  check([
    ['7 / 2, 4 / 2, 7 // 2, 7.0 // 2', '(3.5, 2.0, 3, 3.0)'],
    ['-7 // 2, -7 % 3, 7 % -3, -7.5 % 2', '(-4, 2, -2, 0.5)'],
    ['10 ** 20 // 7, 2 ** 63 + 1', '(14285714285714285714, 9223372036854775809)'],
    ['1e16, 1e15, 1e-5, 0.1 + 0.2', '(1e+16, 1000000000000000.0, 1e-05, 0.30000000000000004)'],
    ['0x1F, 0b101, 1_000', '(31, 5, 1000)'],
    ['6 & 3, 6 | 3, 6 ^ 3, ~6, 1 << 4, 256 >> 2', '(2, 7, 5, -7, 16, 64)'],
    ['True + 1, True & False, 1 == True, 1 == 1.0', '(2, False, True, True)'],
    ["int('42'), int(' -7 '), int(3.9), int(-3.9), int('ff', 16)", '(42, -7, 3, -3, 255)'],
    ["float('1.5'), float(3), float('inf')", '(1.5, 3.0, inf)'],
    ['rand(), randint(10)', '(0.5, 5)'],
  ]);
});

describe('truth', () => {
  check([
    ["bool(''), bool('0'), bool([]), bool({}), bool(0.0), bool(())", '(False, True, False, False, False, False)'],
    ["'' or 'd', 0 and 1, None or 0, [] and 1", "('d', 0, 0, [])"],
    ['None is None, 1 is not None, None == 0', '(True, True, False)'],
    ["'a' in 'abc', 1 in [1.0], 'x' in {'x': 1}, 3 not in (1, 2)", '(True, True, True, True)'],
  ]);
});

describe('texts', () => {
  check([
    ['str(True) + str(None) + str(1.0)', "'TrueNone1.0'"],
    [`str([1, 'a', None, 2.5]), str({'a': (1,)}), str("it's")`, `("[1, 'a', None, 2.5]", "{'a': (1,)}", "it's")`],
    ["'abc'[1], 'abc'[-1], 'abc'[::-1], 'abc'[1:], 'abc'[:-1], 'abc'[5:]", "('b', 'c', 'cba', 'bc', 'ab', '')"],
    ["'a\\U0001F600b'[1], 'a\\U0001F600b'[::-1]", "('\u{1F600}', 'b\u{1F600}a')"],
    ["'a,b,,c'.split(','), 'a  b '.split(), 'a,b,c'.rsplit(',', 1)", "(['a', 'b', '', 'c'], ['a', 'b'], ['a,b', 'c'])"],
    ["'aaa'.replace('a', 'b', 2), 'x'.zfill(3), '-7'.zfill(4)", "('bba', '00x', '-007')"],
    ["\"they're here\".title(), 'aBc'.swapcase(), 'hELLO'.capitalize()", `("They'Re Here", 'AbC', 'Hello')`],
    ["'a-b-c'.partition('-'), 'a-b-c'.rpartition('-')", "(('a', '-', 'b-c'), ('a-b', '-', 'c'))"],
    ["'abc'.startswith(('x', 'a')), 'ab1'.isalnum(), '1.2'.isdigit()", '(True, True, False)'],
    ["'-'.join(['a', 'b']), ' x '.strip(), 'xxaxx'.strip('x')", "('a-b', 'x', 'a')"],
    ["md5('h\u00e9llo'), sha256('')[:8]", "('be50e8478cf24ff3595bc7307fb91b50', 'e3b0c442')"],
    ["'a' 'b' f'{1}' r'\\n'", "'ab1\\\\n'"],
  ]);
});

describe('formats', () => {
  check([
    ["f'{1.23456:.2f} {5:05d} {1234567:,} {0.5:.1%} {255:x}'", "'1.23 00005 1,234,567 50.0% ff'"],
    [`f'{"x":<4}|{"x":^5}|{5:>4}|{-5:05d}|{3.0}'`, "'x   |  x  |   5|-0005|3.0'"],
    ["f'{{}} {5:{3}}'", "'{}   5'"],
    ["'%s %05d %.2f %x %5s|%-5s| %%' % ('a', 42, 3.14159, 255, 'r', 'l')", "'a 00042 3.14 ff     r|l    | %'"],
    ["'%(a)s' % {'a': 3}", "'3'"],
  ]);
});

describe('lists, dictionaries and comprehensions', () => {
  check([
    ['[x * 2 for x in [1, 2, 3] if x > 1]', '[4, 6]'],
    ["[a + b for a in 'xy' for b in '12']", "['x1', 'x2', 'y1', 'y2']"],
    ["{k: v for k, v in {'a': 1}.items()}", "{'a': 1}"],
    ['list(x for x in (1, 2)), [a + b for a, b in [(1, 2, 3)]]', '([1, 2], [3])'],
    ['{1} <= {1, 2}, {1} < {1}, {1, 2} >= {2}, {1} <= {2}', '(True, False, True, False)'],
    ["{**{'a': 1}, 'a': 2}, [*[1, 2], 3]", "({'a': 2}, [1, 2, 3])"],
    ["{'a': 1}.get('b'), {'a': 1}.get('b', 2), {'a': 1}.a", '(None, 2, 1)'],
    ['[1, 2] * 2 + [3], (1,) + (2,), [1, 2] < [1, 3]', '([1, 2, 1, 2, 3], (1, 2), True)'],
    ['{1, 2} & {2, 3}, {1} | {2} == {1, 2}', '({2}, True)'],
  ]);
});

describe('json', () => {
  check([
    [`json.dumps({'a': [1, 2.0, None, True, '\u00e9']})`, `'{"a": [1, 2.0, null, true, "\\\\u00e9"]}'`],
    [`json.dumps({'b': 1, 'a': 2}, sort_keys=True, separators=(',', ':'))`, `'{"a":2,"b":1}'`],
    [`json.loads('{"a": [1, 2.5, null]}')['a']`, '[1, 2.5, None]'],
  ]);
});

describe('dates', () => {
  check([
    ['str(datetime.date(2024, 2, 29)), datetime.date(2024, 2, 29).weekday()', "('2024-02-29', 3)"],
    ["datetime.datetime.fromisoformat('2024-03-05T10:20:30+02:00').timestamp()", '1709626830.0'],
    ["datetime.datetime.fromisoformat('2024-03-05T10:20:30Z').isoformat()", "'2024-03-05T10:20:30+00:00'"],
    ['str(datetime.datetime(2024, 3, 5, 1) - datetime.datetime(2024, 3, 1, 12))', "'3 days, 13:00:00'"],
    ['(datetime.date(2024, 3, 5) + datetime.timedelta(days=30)).isoformat()', "'2024-04-04'"],
    [
      "datetime.datetime(2024, 3, 5, 13, 2).strftime('%d/%m/%Y %I:%M %p %j %a %B')",
      "'05/03/2024 01:02 PM 065 Tue March'",
    ],
    ["datetime.datetime.strptime('05/03/2024', '%d/%m/%Y').date() < datetime.date(2024, 3, 6)", 'True'],
    ['datetime.datetime.now().isoformat()', "'2026-03-01T10:20:30'"],
    ['str(datetime.datetime.now(datetime.timezone.utc))', "'2026-03-01 10:20:30+00:00'"],
  ]);
});

describe('values of a record', () => {
  const record = '{"big": 12345678901234567890, "price": 10.50, "whole": 2.0, "none": null, "user": {"name": "Ada"}}';

  test('keep their digits as long as nothing changes them', () => {
    expect(written('big', record)).toEqual(new ExactNumber('12345678901234567890'));
    expect(written('[big + 1]', record)).toEqual([new ExactNumber('12345678901234567891')]);
    expect(written('str(price) + str(whole)', record)).toBe('10.502.0');
    expect(written('price * 2', record)).toBe(21);
  });

  test('are reached by name, by subscript and by attribute', () => {
    expect(written("user['name'] + user.name + user.get('name')", record)).toBe('AdaAdaAda');
    expect(written('none', record)).toBe(null);
  });

  test('leave as JSON', () => {
    expect(written("(1, 2.0, {'a': [None]}, datetime.date(2024, 1, 2))")).toEqual([1, 2, { a: [null] }, '2024-01-02']);
    expect(written("float('nan')")).toBe(null);
  });
});

describe('what Python does that JavaScript does not', () => {
  check([
    ["'%.0f %.0f %.0f' % (0.5, 1.5, 2.5), f'{2.5:.0f} {0.125:.2f} {1234.5:.4g}'", "('0 2 2', '2 0.12 1234')"],
    ["float('nan') == float('nan'), float('nan') != 1", '(False, True)'],
    ["'%#x %#o %r %c %c' % (255, 8, 'a', 65, 'b')", `"0xff 0o10 'a' A b"`],
    ["'%*d|%.*f' % (4, 7, 1, 2.55)", "'   7|2.5'"],
    ["'ab'.replace('', '-'), 'ab'.replace('', '-', 2)", "('-a-b-', '-a-b')"],
    ["'a b'.isprintable(), 'a\\n'.isprintable()", '(True, False)'],
    ["int('0x1f', 0), int('12', 0), str(object=5)", "(31, 12, '5')"],
  ]);
});

describe('JSON text', () => {
  check([
    ["json.dumps({'a': [1, {}]}, indent=2)", String.raw`'{\n  "a": [\n    1,\n    {}\n  ]\n}'`],
    ["json.dumps({'on': datetime.date(2024, 1, 2)}, default=str)", `'{"on": "2024-01-02"}'`],
  ]);
});

describe('dates count as in Python', () => {
  const time = 'datetime.datetime(2024, 3, 5, 1, 2, 3)';
  check([
    ['str(datetime.date(2024, 3, 5) - datetime.timedelta(hours=30))', "'2024-03-04'"],
    [
      `${time}.isoformat(timespec='minutes'), ${time}.isoformat(' ', 'milliseconds')`,
      "('2024-03-05T01:02', '2024-03-05 01:02:03.000')",
    ],
    [`${time}.strftime('%c|%D|%R|%e|%-d|%-m|%h')`, "'Tue Mar  5 01:02:03 2024|03/05/24|01:02| 5|5|3|Mar'"],
    [
      'datetime.date(2024, 3, 5).toordinal(), datetime.date(2024, 3, 5).ctime()',
      "(738950, 'Tue Mar  5 00:00:00 2024')",
    ],
  ]);
});

test.each(["md5('a', 'b')", 'int(1, 2, 3)', 'json.dumps()', 'rand(1)'])('%s has too many or too few values', (text) => {
  expect(() => evaluated(text)).toThrow(/tak/);
});

test('an f-string describes its field where that ends with =', () => {
  expect(evaluated("f'{s=} {n = :03d}', f'{65:c}'", '{"s": "a", "n": 5}')).toBe("('s=a n = 005', 'A')");
});

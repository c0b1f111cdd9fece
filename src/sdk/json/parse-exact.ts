/**
 * JSON text to values, with an `ExactNumber` where JavaScript cannot hold a number. Slower than JSON.parse,
 * so only texts with such a number come here. It does not recurse: rows may be nested as deep as they like.
 */
import { exactNumber, sameDigits } from './exact-number.js';
import { endOfString } from './json-strings.js';
import { numberCare } from './number-care.js';
import { isRecord, setMember } from './objects.js';

type Container = unknown[] | Record<string, unknown>;

/** The value of a JSON text. @throws SyntaxError as JSON.parse. */
export function parseJsonExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return numberCare(text) === 'exact' ? parseExact(text) : value;
}

/** What becomes of the numbers: the same number, or also the same digits (1.10 is not 1.1 then). */
export type NumberReading = 'value' | 'digits';

/** The value of a text that JSON.parse has found valid. */
export function parseExact(text: string, reading: NumberReading = 'value'): unknown {
  const number = reading === 'value' ? exactNumber : sameDigits;
  const open: Container[] = [];
  let root: unknown;
  let name: string | undefined;
  const put = (value: unknown): void => {
    const parent = open.at(-1);
    if (parent === undefined) root = value;
    else if (Array.isArray(parent)) parent.push(value);
    else setMember(parent, name ?? '', value);
    name = undefined;
  };
  const begin = (container: Container): void => {
    put(container);
    open.push(container);
  };
  for (let at = 0; at < text.length; ) {
    const end = endOfToken(text, at);
    const token = text.slice(at, end);
    at = end;
    switch (token[0]) {
      case '{':
        begin({});
        break;
      case '[':
        begin([]);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"':
        if (name === undefined && isRecord(open.at(-1))) name = textOf(token);
        else put(textOf(token));
        break;
      default:
        if (!isSeparator(token)) put(literals.has(token) ? literals.get(token) : number(token));
    }
  }
  return root;
}

const punctuation = '{}[],: \t\n\r';
const isSeparator = (token: string): boolean => ',: \t\n\r'.includes(token);

function endOfToken(text: string, start: number): number {
  const first = text[start] ?? '';
  if (first === '"') return endOfString(text, start);
  if (punctuation.includes(first)) return start + 1;
  let end = start + 1;
  while (end < text.length && !punctuation.includes(text[end] ?? '')) end++;
  return end;
}

const textOf = (token: string): string => (token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1));

const literals = new Map<string, unknown>([
  ['null', null],
  ['true', true],
  ['false', false],
]);

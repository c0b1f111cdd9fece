/**
 * The rows of a response body, each with the bytes that it came as where these may leave unchanged. A list
 * whose rows can be told apart is parsed row by row, which spares a text of the whole page; anything else at once.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { type NumberCare, numberCare } from './number-care.js';
import { mendJson } from './mend-json.js';
import { isRecord } from './objects.js';
import { type NumberReading, parseExact } from './parse-exact.js';
import { breaksLines, likelyRows, rowTexts } from './row-text.js';
import { survey } from './survey.js';

/** A JSON object. Numbers that JavaScript cannot hold are `ExactNumber`s. */
export type Row = Readonly<Record<string, unknown>>;

/** A row, and the bytes that it came as (undefined when these may not leave as they are). */
export interface SourceRow {
  row: Row;
  text?: Buffer | undefined;
}

/** What a response body holds. */
export interface Source {
  /** The JSON value, numbers as JavaScript holds them. */
  value: unknown;
  /** The elements of a list, or an object by itself, as `asRow` sees them. */
  rows: readonly SourceRow[];
  /** What had to be repaired before the body could be read. Nearly always empty. */
  repairs: readonly string[];
}

/**
 * An element of a list as a row. Null is none. Whatever else is no object is a row without a key, and reported as one:
 * nobody knows what it stands for.
 */
export function asRow(element: unknown): Row | undefined {
  if (element === null) return undefined;
  return isRecord(element) ? element : {};
}

/** The rows of a body; undefined for a body that is not JSON. With `digits`, numbers keep the digits they came with. */
export function readSource(body: Buffer, numbers: NumberReading = 'value'): Source | undefined {
  if (isUtf8(body)) return sourceOf(body, numbers, []);
  return sourceOf(Buffer.from(body.toString('utf8')), numbers, ['bytes that are not UTF-8 were replaced by U+FFFD']);
}

function sourceOf(body: Buffer, numbers: NumberReading, repairs: readonly string[]): Source | undefined {
  const bytes = trim(body);
  const content = numbers === 'digits' ? withDigits(bytes) : (rowByRow(bytes) ?? atOnce(bytes));
  if (content) return { ...content, repairs };
  const mended = mendJson(bytes.toString('utf8'));
  return mended && sourceOf(Buffer.from(mended.text), numbers, [...repairs, ...mended.repairs]);
}

type Content = Omit<Source, 'repairs'>;

/** Valid parts with a comma between each two make a valid list of just these: nothing else needs to be proved. */
function rowByRow(bytes: Buffer): Content | undefined {
  const parts = likelyRows(bytes);
  if (!parts) return undefined;
  const isPlain = isAscii(bytes);
  const value: unknown[] = [];
  const rows: SourceRow[] = [];
  for (const part of parts) {
    const text = part.toString(isPlain ? 'latin1' : 'utf8'); // the quicker way to the same text
    const row = parseJson(text);
    if (!isRecord(row)) return undefined;
    value.push(row);
    rows.push(sourceRow(row, text, part));
  }
  return { value, rows };
}

/** Rows that will be changed anyhow: none has its bytes. */
function withDigits(bytes: Buffer): Content | undefined {
  const text = bytes.toString('utf8');
  const plain = parseJson(text);
  if (plain === undefined) return undefined;
  const value = hasOtherDigits(text) ? parseExact(text, 'digits') : plain;
  return { value: plain, rows: plainRows(elementsOf(value)) };
}

/** The elements of a list, or an object by itself. */
function elementsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? [value] : [];
}

/** The rows of a list, without the bytes that they came as. */
export const plainRows = (elements: readonly unknown[]): SourceRow[] =>
  elements.flatMap((element) => {
    const row = asRow(element);
    return row ? [{ row }] : [];
  });

/** A number that JavaScript may write in another way. It also matches inside strings, and then costs a little time. */
const hasOtherDigits = (text: string): boolean => /\d\.\d*0(?!\d)|\d[eE][-+\d]|[\d.]{16}|-0|\.0{5}/.test(text);

function sourceRow(row: Row, text: string, bytes: Buffer): SourceRow {
  const { numbers, listedNumbers, tooDeep } = survey(row);
  const care = numbers || listedNumbers ? numberCare(text, listedNumbers) : 'none';
  if (care === 'exact') return { row: parseExact(text) as Row, text: undefined };
  const mayLeave = care === 'none' && !tooDeep && !hidesBadText(text);
  return { row, text: mayLeave ? bytes : undefined };
}

function atOnce(bytes: Buffer): Content | undefined {
  const text = bytes.toString('utf8');
  const value = parseJson(text);
  if (value === undefined) return undefined;
  const care = numberCare(text);
  const exact = care === 'exact' ? parseExact(text) : value;
  const texts = elementTexts(bytes, text, care, exact);
  const rows: SourceRow[] = [];
  for (const [index, element] of elementsOf(exact).entries()) {
    const row = asRow(element);
    if (!row) continue;
    const text = row === element ? texts[index] : undefined;
    rows.push({ row, text: text && survey(row).tooDeep ? undefined : text });
  }
  return { value, rows };
}

/** The bytes of the elements of a list, or of one value, if all of them may leave as they came; else none. */
function elementTexts(bytes: Buffer, text: string, care: NumberCare, value: unknown): readonly Buffer[] {
  if (care !== 'none' || breaksLines(bytes) || hidesBadText(text)) return [];
  return Array.isArray(value) ? (rowTexts(bytes, value.length) ?? []) : [bytes];
}

/** The value of a JSON text; undefined for what is not JSON. A byte-order mark is skipped. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text) as unknown;
  } catch {
    return undefined;
  }
}

/** Without a byte-order mark, and without white space around. */
function trim(body: Buffer): Buffer {
  let start = body.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  let end = body.length;
  while (start < end && spaces.has(body[start])) start++;
  while (start < end && spaces.has(body[end - 1])) end--;
  return body.subarray(start, end);
}

const byteOrderMark = Buffer.from('\uFEFF');
const spaces = new Set<number | undefined>(Buffer.from(' \t\r\n'));

/** Escapes for NUL or a surrogate, which may be half a pair: targets refuse both. */
const badEscape = /\\u(?:0000|[dD][89a-fA-F])/;
const hidesBadText = (text: string): boolean => text.includes('\\u') && badEscape.test(text);

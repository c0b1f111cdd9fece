/**
 * The rows of an answer, each with the bytes that it came as where these may leave unchanged. A compact
 * list is parsed row by row, which spares a text of the whole page; anything else as one.
 */
import { needsCare, parseExact } from './exact-numbers.js';
import type { Row } from '../singer/record-shape.js';
export type { Row };
import { likelyRows, rowTexts } from './row-text.js';

/** A row, and the bytes that it came as (undefined when it has been changed, or its text needs care). */
export interface SourceRow {
  row: Row;
  text?: Buffer | undefined;
}

export interface Source {
  /** The JSON value, numbers as JavaScript holds them. */
  value: unknown;
  /** The elements of a list, or an object by itself; elements that are no objects are dropped. Numbers that JavaScript cannot hold are marked texts. */
  rows: readonly SourceRow[];
  repairs: readonly string[];
}

/** Undefined: this is not JSON. */
export function readSource(body: Buffer): Source | undefined {
  return rowByRow(body) ?? asWhole(body);
}

/** Valid parts with a comma between each two make a valid list of just these: nothing else needs to be proved. */
function rowByRow(body: Buffer): Source | undefined {
  const parts = likelyRows(body);
  if (!parts) return undefined;
  const value: unknown[] = [];
  const rows: SourceRow[] = [];
  for (const part of parts) {
    const text = part.toString('utf8');
    const row = parseJson(text);
    if (!isRow(row)) return undefined;
    value.push(row);
    const careful = needsCare(text);
    rows.push({ row: careful ? (parseExact(text) as Row) : row, text: careful || isDirty(text) ? undefined : part });
  }
  return { value, rows, repairs: [] };
}

function asWhole(body: Buffer): Source | undefined {
  const text = body.toString('utf8');
  const value = parseJson(text);
  if (value === undefined) return undefined;
  const exact = needsCare(text) ? parseExact(text) : value;
  const clean = exact === value && !isDirty(text);
  const list = Array.isArray(exact) ? (exact as unknown[]) : undefined;
  const texts =
    !clean || list?.length === 0
      ? undefined
      : list
        ? rowTexts(body, list.length)
        : body.includes(0x0a)
          ? undefined
          : [body];
  return {
    value,
    repairs: [],
    rows: (list ?? [exact]).flatMap((row, index) => (isRow(row) ? [{ row, text: texts?.[index] }] : [])),
  };
}

/** Undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Escapes that may hide NUL or half a surrogate pair: no target takes them. */
const dirtyText = /\\u(?:0000|[dD][89a-fA-F])/;
const isDirty = (text: string): boolean => text.includes('\\u') && dirtyText.test(text);

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

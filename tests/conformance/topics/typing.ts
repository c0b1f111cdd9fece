/** Records as their schema knows them, and messages as lines. */
import { DateTime } from '../../../src/sdk/json/date-time.js';
import { ExactNumber, exactNumber } from '../../../src/sdk/json/exact-number.js';
import type { Row } from '../../../src/sdk/json/source-rows.js';
import { writeExact } from '../../../src/sdk/json/write-exact.js';
import { type ConformLevel, conform } from '../../../src/sdk/singer/conform.js';
import type { JsonSchema } from '../../../src/sdk/singer/json-schema.js';
import { activateVersionMessage, recordFrame, schemaMessage, stateMessage } from '../../../src/sdk/singer/messages.js';
import { type Json, type Result, type Runner, compare, sameText } from '../cases.js';

export const typing: Runner = ({ input, expected }) =>
  input['kind'] === 'message' ? message(input, expected) : conformed(input, expected);

function conformed(input: Json, expected: Json): Result {
  const unmapped: string[] = [];
  const level = input['level'] as ConformLevel;
  const given = native(input['record']) as Row;
  const record = conform(given, input['schema'] as JsonSchema, { level, onUnknown: (name) => unmapped.push(name) });
  if ('error' in expected) return { ours: { record, unmapped }, differences: ['no error'] };
  const text = writeExact(record);
  const { differences } = compare({ record, unmapped }, { record: expected['record'], unmapped: expected['unmapped'] });
  const wanted = String(expected['record_text']);
  return {
    ours: { record, unmapped },
    differences: sameText(text, wanted) ? differences : [...differences, `${text} for ${wanted}`],
  };
}

function message(input: Json, expected: Json): Result {
  const text = write(input).trimEnd();
  const wanted = String(expected['text']);
  return { ours: { text }, differences: sameText(text, wanted) ? [] : [`${text} for ${wanted}`] };
}

function write(input: Json): string {
  const stream = String(input['stream']);
  switch (input['type']) {
    case 'SCHEMA':
      return schemaMessage({
        stream,
        schema: input['schema'] as JsonSchema,
        keyProperties: (input['key_properties'] ?? []) as string[],
        bookmarkProperties: (input['bookmark_properties'] ?? undefined) as string[] | undefined,
      });
    case 'RECORD':
      return recordLine(stream, input);
    case 'STATE':
      return stateMessage(input['value']);
    default:
      return activateVersionMessage(stream, input['version'] as number);
  }
}

/** A message without a time has it cut out: ours always has one. */
function recordLine(stream: string, input: Json): string {
  const time = input['time_extracted'] as string | undefined;
  const { before, after } = recordFrame(stream, milliseconds(time), input['version'] as number | undefined);
  const line = before + writeExact(input['record']) + after;
  return time === undefined ? line.replace(/,"time_extracted":"[^"]*"/, '') : line;
}

/** Epoch milliseconds, with microseconds as their fraction. */
function milliseconds(text = '2026-01-01T00:00:00Z'): number {
  const micros = /\.\d{3}(\d{3})/.exec(text)?.[1] ?? '0';
  return Date.parse(text) + Number(micros) / 1000;
}

/** Values of Python as this layer has them. */
function native(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(native);
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return value;
  const [[kind, content] = ['', undefined]] = Object.entries(value);
  if (!kind.startsWith('$'))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, native(item)]));
  const text = String(content);
  if (kind === '$float') return Number(text.replace('inf', 'Infinity'));
  if (kind === '$decimal') return exactNumber(text);
  return kind === '$datetime' ? new DateTime(text) : content;
}

/** The rows of an answer. An answer that is not what the definition says is an error that says so. */
import type { StreamDefinition } from '../define/stream-definition.js';
import { RetriableError, StreamError } from '../errors.js';
import type { HttpResponse } from '../http/client.js';
import { valueAt } from '../http/body-path.js';
import { isRecord } from '../json/objects.js';
import type { NumberReading } from '../json/parse-exact.js';
import { type Row, type SourceRow, plainRows, readSource } from '../json/source-rows.js';

export interface AnswerBody {
  readonly value: unknown;
  readonly rows: readonly SourceRow[];
  /** Elements of the list, nulls included. */
  readonly size: number;
  /** What was mended in the bytes. */
  readonly repairs: readonly string[];
}

/** What an answer is: a list, an object, or an object that holds the list. */
export type AnswerKind = Pick<StreamDefinition, 'answer' | 'records' | 'explode'>;

/** @throws RetriableError for a body that breaks off, StreamError for one of another kind. */
export function readAnswer(
  response: HttpResponse,
  { answer, records, explode }: AnswerKind,
  numbers: NumberReading = 'value',
): AnswerBody {
  const where = `GET ${response.url.pathname}`;
  if (response.empty) return { value: [], rows: [], size: 0, repairs: [] };
  const source = readSource(response.body, numbers);
  if (!source) throw notJson(where, response);
  const { value, rows, repairs } = source;
  if (answer === 'object') {
    if (!isRecord(value)) throw notA('object', where);
    return { value, rows, size: 1, repairs };
  }
  const isBare = Array.isArray(value) && typeof records === 'string'; // the list itself, as older servers send it
  if (records && !isBare) return { value, ...listed(records, rows[0]?.row, where), repairs };
  if (!Array.isArray(value)) throw notA('list', where);
  const exploded = explode && rows.flatMap(({ row }) => explode(row).map((one) => ({ row: one })));
  return { value, rows: exploded ?? rows, size: value.length, repairs };
}

/** What stands where a definition says that the rows are. */
export const listIn = (body: Row, records: NonNullable<AnswerKind['records']>): unknown =>
  typeof records === 'string' ? valueAt(body, records) : records(body);

/** The list that stands somewhere in an object. */
function listed(
  records: NonNullable<AnswerKind['records']>,
  body: Row | undefined,
  where: string,
): Pick<AnswerBody, 'rows' | 'size'> {
  const list = body && listIn(body, records);
  if (!Array.isArray(list)) throw notA('list', where);
  return { rows: plainRows(list), size: list.length };
}

function notA(what: 'list' | 'object', where: string): StreamError {
  const code = what === 'list' ? 'ERR_NOT_A_LIST' : 'ERR_NOT_AN_OBJECT';
  return new StreamError(`${where} did not answer with ${what === 'list' ? 'a list' : 'an object'}. Check base_url.`, {
    code,
  });
}

/** A list that breaks off is worth another try; a page for people is not. */
function notJson(where: string, { body, headers }: HttpResponse): Error {
  const text = body.toString('utf8', 0, 200).trim();
  if (body.length === 0 || text === '')
    return new RetriableError(`${where} answered 200 without a body`, { code: 'ERR_NO_BODY' });
  if (/^\uFEFF?[[{]/.test(text)) {
    return new RetriableError(`${where} answered with JSON that breaks off (${body.length} bytes)`, {
      code: 'ERR_BAD_JSON',
    });
  }
  const type = headers['content-type'] ?? 'no content type';
  return new StreamError(
    `${where} answered 200, but not with JSON (${type}): this is probably a log-in page or a proxy. Check ` +
      'base_url and the token.',
    { code: 'ERR_NOT_JSON' },
  );
}

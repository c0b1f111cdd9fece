/** A page of a list, in the form that a paginator reads: the reverse of it. */
import type { PagingForm } from '../http/paginator.js';
import type { ServedRow } from './served-rows.js';

export interface ServedPage {
  readonly rows: readonly ServedRow[];
  /** What the body says beside the rows: paths such as `meta.pages`, each with its value. */
  readonly said: readonly (readonly [string, unknown])[];
  readonly headers: Readonly<Record<string, string>>;
}

export interface PageQuestion {
  readonly url: URL;
  readonly params: URLSearchParams;
  /** Rows in a page. */
  readonly size: number;
  readonly isEndless: boolean;
  /** Says nothing of a next page. */
  readonly isWordless: boolean;
}

/** The page that is asked for. Rows that are gone keep their place, so that a cursor stays what it was. */
export function servePage(form: PagingForm, all: readonly ServedRow[], question: PageQuestion): ServedPage {
  const page = pageOf(form, all, question);
  return question.isWordless ? { ...page, said: [], headers: {} } : page;
}

function pageOf(form: PagingForm, all: readonly ServedRow[], question: PageQuestion): ServedPage {
  switch (form.kind) {
    case 'page':
    case 'offset':
      return byNumber(form, all, question);
    default:
      return byCursor(form, all, question);
  }
}

type NumberForm = PagingForm & { kind: 'page' | 'offset' };

function byNumber(form: NumberForm, all: readonly ServedRow[], question: PageQuestion): ServedPage {
  const { params, size, isEndless } = question;
  const shown = all.filter(({ gone }) => !gone);
  const total = isEndless ? Number.MAX_SAFE_INTEGER : shown.length;
  const first = firstRow(form, params, size);
  const start = isEndless ? Math.min(first, Math.max(0, shown.length - size)) : first;
  const said = countsSaid(form, { total, rows: shown.length, size });
  return { rows: shown.slice(start, start + size), said, headers: {} };
}

/** The index of the first row that is asked for. */
function firstRow(form: NumberForm, params: URLSearchParams, size: number): number {
  if (form.kind === 'page') {
    const { param = 'page' } = form;
    return (numberOf(params, param, 1) - 1) * size;
  }
  const { param, first = 0 } = form;
  return numberOf(params, param, first) - first;
}

function countsSaid(form: NumberForm, counts: { total: number; rows: number; size: number }): ServedPage['said'] {
  const { total, rows, size } = counts;
  if (form.kind === 'offset') return [[form.total, total]];
  const said: [string, number][] = [[form.pages, Math.ceil(total / size)]];
  if (form.rows !== undefined) said.push([form.rows, rows]);
  if (form.size !== undefined) said.push([form.size.at, size]);
  return said;
}

const numberOf = (params: URLSearchParams, name: string, otherwise: number): number =>
  Number(params.get(name) ?? otherwise);

type CursorForm = Exclude<PagingForm, { kind: 'page' | 'offset' }>;

/** Cursors name the row that they stand behind; an endless list counts on beside it. */
function byCursor(
  form: CursorForm,
  all: readonly ServedRow[],
  { url, params, size, isEndless }: PageQuestion,
): ServedPage {
  const name = nameOf(form);
  const [serial = '', lap = '0'] = (params.get(name) ?? '').split('.');
  const start = all.findIndex((row) => String(row.serial) === serial) + 1;
  const rows = all
    .slice(start)
    .filter(({ gone }) => !gone)
    .slice(0, size);
  const last = rows.at(-1);
  const isMore = last !== undefined && all.slice(all.indexOf(last) + 1).some(({ gone }) => !gone);
  const next = isMore ? `${last.serial}.${lap}` : isEndless ? `0.${Number(lap) + 1}` : undefined;
  const link = (cursor: string): URL => {
    const target = new URL(url);
    target.searchParams.set(name, cursor);
    return target;
  };
  if (form.kind === 'cursor') return { rows, said: [[form.cursor, next ?? null]], headers: {} };
  if (form.kind === 'body link')
    return { rows, said: [[form.next, next === undefined ? null : link(next).href]], headers: {} };
  const previous = `<${link('0.0').href}>; rel="previous"`;
  const following = `<${link(next ?? '0.0').href}>; rel="next"; results="${next !== undefined}"`;
  const isNamed = next !== undefined || form.hasMore !== undefined; // some name a page after the last one
  return { rows, said: [], headers: { link: isNamed ? `${previous}, ${following}` : previous } };
}

function nameOf(form: CursorForm): string {
  switch (form.kind) {
    case 'cursor':
      return form.param;
    case 'link':
      return form.cursor ?? 'cursor';
    default:
      return 'after';
  }
}

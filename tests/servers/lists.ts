/** How a list is cut into pages: cursors, page sizes, Link headers, and what can be odd about each of them. */
import { chanceOf } from './random.js';
import type { ListForm } from './plan.js';

/** A row of a list: how to write it, and by what it is found again. */
export interface Entry {
  readonly key: string;
  /** Epoch ms by which the list is sorted; 0 where it is not. */
  readonly time: number;
  /** What is shown, for those who delete what was read. */
  readonly subject: object;
  readonly write: () => unknown;
}

export interface ListRequest {
  /** The URL without its cursor: what the list is. */
  readonly url: URL;
  readonly size: number;
  readonly cursor: string | undefined;
}

export interface ListAnswer {
  readonly status: number;
  readonly entries: readonly Entry[];
  readonly link: string | string[] | undefined;
  /** Whether the list goes on, by the server's own account. */
  readonly more: boolean;
  readonly problem?: string;
}

interface Position {
  readonly at: number;
  /** Opaque cursors hold the list as it was when it was begun. */
  readonly rows?: readonly (Entry | undefined)[];
  readonly serial: number;
}

interface Cut {
  readonly start: number;
  /** `same`: the link leads back to this page. */
  readonly next: Position | 'same';
  readonly more: boolean;
}

const defaultSize = 100;

export class Pager {
  readonly #snapshots = new Map<string, readonly (Entry | undefined)[]>();
  readonly #tries = new Map<string, number>();
  /** Answers with a Link header that went out, by route. */
  readonly #linked = new Map<string, number>();
  /** Rows in the first page that was asked for, by route: what is taken out stays the same for other sizes. */
  readonly #firstSizes = new Map<string, number>();
  #serial = 0;

  constructor(
    private readonly seed: number,
    private readonly origin: () => string,
  ) {}

  page(route: string, form: ListForm, entries: readonly Entry[], request: ListRequest): ListAnswer {
    const asked = request.size || defaultSize;
    if (form.refuse && asked > form.most) return refusal(`Invalid per_page value. Must be between 1 and ${form.most}.`);
    const size = Math.min(asked, form.most);
    const rows = this.#withGaps(form, entries, this.#firstSize(route, size));
    const from = this.#position(form, rows, request.cursor);
    if (!from) return refusal('Invalid cursor parameter.');
    const list = from.rows ?? rows;
    const { start, next, more } = this.#cut(form, list.length, from, size);
    const shown = list.slice(start, start + size).filter((entry) => entry !== undefined);
    const stays = next === 'same' && request.cursor !== undefined;
    const cursor = stays ? request.cursor : this.#cursor(form, list, next === 'same' ? from : next, size);
    const link = this.#link(route, form, request, cursor, more);
    return { status: 200, entries: shown, link, more };
  }

  /** Where the page lies, and where the next one begins. */
  #cut(form: ListForm, length: number, { at, serial }: Position, size: number): Cut {
    const end = at + size;
    if (form.endless === 'no' || (end < length && form.endless !== 'the first page again'))
      return { start: at, next: { at: end, serial: 0 }, more: end < length };
    const next = { at: end, serial: serial + 1 };
    switch (form.endless) {
      case 'empty pages':
        return { start: at, next, more: true };
      case 'the same cursor':
        return { start: at, next: 'same', more: true };
      case 'the first page again':
        return { start: 0, next, more: true };
      case 'the last page again':
        return { start: Math.max(0, Math.min(at, length - size)), next, more: true };
    }
  }

  #firstSize(route: string, size: number): number {
    const first = this.#firstSizes.get(route) ?? size;
    this.#firstSizes.set(route, first);
    return first;
  }

  /** Rows that are taken out after the pages are cut: pages become short, or empty. */
  #withGaps({ filtered }: ListForm, entries: readonly Entry[], size: number): (Entry | undefined)[] {
    const gap = (length: number): undefined[] => Array.from({ length }, () => undefined);
    switch (filtered) {
      case 'nothing':
        return [...entries];
      case 'the first page':
        return [...gap(size), ...entries];
      case 'pages in the middle':
        return entries.flatMap((entry) =>
          chanceOf(this.seed, `gap ${entry.key}`) < 1 / (2 * size) ? [...gap(2 * size), entry] : [entry],
        );
      case 'single rows':
        return entries.flatMap((entry) =>
          chanceOf(this.seed, `gap ${entry.key}`) < 0.3 ? [...gap(1), entry] : [entry],
        );
    }
  }

  #position(
    { cursor: form }: ListForm,
    rows: readonly (Entry | undefined)[],
    cursor: string | undefined,
  ): Position | undefined {
    if (cursor === undefined) return form === 'opaque' ? { at: 0, serial: 0, rows } : { at: 0, serial: 0 };
    if (form === 'opaque') {
      const [snapshot = '', at = '', serial = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
      const held = this.#snapshots.get(snapshot);
      return held && { at: Number(at), serial: Number(serial), rows: held };
    }
    const [value = NaN, offset = NaN, serial = NaN] = cursor.split(':').map(Number);
    if (!Number.isFinite(value + offset + serial)) return undefined;
    switch (form) {
      case 'rows':
        return { at: offset, serial: value };
      case 'pages':
        return { at: value * offset, serial: 0 };
      case 'time': {
        const first = rows.findIndex((entry) => entry !== undefined && entry.time <= value);
        return { at: (first < 0 ? rows.length : first) + offset, serial };
      }
    }
  }

  #cursor(
    { cursor: form }: ListForm,
    rows: readonly (Entry | undefined)[],
    { at, serial }: Position,
    size: number,
  ): string {
    switch (form) {
      case 'opaque':
        return this.#snapshot(rows, at, serial);
      case 'rows':
        return `${serial}:${at}:0`;
      case 'pages':
        return `${size}:${Math.ceil(at / size)}:0`;
      case 'time': {
        const time = rows.slice(at).find((entry) => entry !== undefined)?.time ?? rows.at(-1)?.time ?? 0;
        const first = rows.findIndex((entry) => entry !== undefined && entry.time <= time);
        return `${time}:${Math.max(0, at - Math.max(first, 0))}:0`;
      }
    }
  }

  #snapshot(rows: readonly (Entry | undefined)[], at: number, serial: number): string {
    let name = [...this.#snapshots].find(([, held]) => held === rows)?.[0];
    if (name === undefined) {
      name = `s${++this.#serial}`;
      this.#snapshots.set(name, rows);
    }
    return Buffer.from(`${name} ${at} ${serial}`).toString('base64url');
  }

  /** The header, unless it is one of those that get lost. */
  #link(route: string, form: ListForm, { url, cursor: current }: ListRequest, cursor: string, more: boolean) {
    if (form.link === 'absent') return undefined;
    const known = this.#linked.get(route) ?? 0;
    if (known >= 3 && this.#isLost(form, url, current)) return undefined;
    this.#linked.set(route, known + 1);
    return linkHeader(form, url, this.origin(), cursor, more);
  }

  #isLost({ lost }: ListForm, url: URL, cursor: string | undefined): boolean {
    if (lost === 'none') return false;
    const page = `${url.pathname} ${url.searchParams.toString()} ${cursor ?? ''}`;
    const tries = (this.#tries.get(page) ?? 0) + 1;
    this.#tries.set(page, tries);
    return chanceOf(this.seed, `lost ${page}`) < 0.25 && (lost === 'always' || tries === 1);
  }
}

const refusal = (problem: string): ListAnswer => ({ status: 400, entries: [], link: undefined, more: false, problem });

function linkHeader(
  { link: form }: ListForm,
  list: URL,
  origin: string,
  cursor: string,
  more: boolean,
): string | string[] {
  const host = { relative: '', 'inner host': 'http://sentry-web-3.internal:9000' }[form as string] ?? origin;
  const results = (yes: boolean): string => (form === 'results False' && !yes ? 'False' : String(yes));
  const one = (rel: string, value: string, yes: boolean): string => {
    const url = new URL(list);
    url.searchParams.set('cursor', value);
    const target = `${host}${url.pathname}?${url.searchParams.toString()}`;
    if (form === 'unquoted') return `<${target}>; rel=${rel}; results=${results(yes)}; cursor=${value}`;
    return `<${target}>; rel="${rel}"; results="${results(yes)}"; cursor="${value}"`;
  };
  const links = [one('previous', '0:0:1', false), one('next', cursor, more)];
  if (form === 'capitals')
    return links
      .map((link) => link.replace('rel=', 'REL=').replace('results=', 'Results=').replace('"next"', '"NEXT"'))
      .join(', ');
  if (form === 'python set') return `{${links.map((link) => `'${link}'`).join(', ')}}`;
  return form === 'twice' ? [links.join(', '), links.join(', ')] : links.join(', ');
}

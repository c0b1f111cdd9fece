/** A list of pages without a server: what the page loop asks for, and what it gets. */
import type { Page, PageRecord } from '../../src/sdk/rest/page.js';
import type { StreamError } from '../../src/sdk/errors.js';
import {
  type ListPage,
  type PagedList,
  type PagesOptions,
  type PagingHabits,
  pages,
  unknownHabits,
} from '../../src/sdk/rest/pages.js';

/** A page in few words: its keys, and the cursor of the next one. */
export interface ShortPage {
  keys?: readonly string[];
  /** Default: the number of keys. */
  size?: number;
  /** A cursor, `end` or `unknown`. Default: `end`. */
  next?: string;
  /** The cursor of the same page begun a row earlier. */
  overlap?: string;
  /** Cursors to try when the page does not say what follows; with a colon they count pages. */
  guesses?: (read: number) => readonly string[];
}

/** Answers a cursor (empty: the first page). `nth` counts the requests of this cursor from 1. */
export type Answer = (cursor: string, nth: number) => ShortPage | Promise<ShortPage>;

export class FakeList implements PagedList {
  readonly name = 'things';
  readonly paging: PagingHabits = unknownHabits();
  /** Cursors in the order in which they were asked for. */
  readonly asked: string[] = [];

  constructor(
    private readonly answer: Answer,
    readonly requested = 3,
  ) {}

  first(): Promise<Page> {
    return this.#ask('');
  }

  follow(url: URL): Promise<Page> {
    return this.#ask(url.searchParams.get('cursor') ?? '');
  }

  async #ask(cursor: string): Promise<Page> {
    this.asked.push(cursor);
    return pageOf(await this.answer(cursor, this.asked.filter((one) => one === cursor).length));
  }
}

/** A list whose pages have these names: `pagesAt({ '': {...}, b: {...} })`. */
export function listOf(pages: Readonly<Record<string, ShortPage>>, requested = 3): FakeList {
  return new FakeList((cursor) => {
    const page = pages[cursor];
    if (!page) throw new Error(`nobody expected the cursor ${cursor}`);
    return page;
  }, requested);
}

export const urlAt = (cursor: string): URL => new URL(`http://list/?cursor=${encodeURIComponent(cursor)}`);

export function pageOf({ keys = [], size = keys.length, next = 'end', overlap, guesses }: ShortPage): Page {
  const isWord = next === 'end' || next === 'unknown';
  return {
    records: keys.map((key) => recordAt(key)),
    size,
    next: isWord ? next : { url: urlAt(next), overlap: overlap === undefined ? undefined : urlAt(overlap) },
    guesses: (read) =>
      (guesses?.(read) ?? []).map((cursor) => ({ url: urlAt(cursor), countsRows: !cursor.includes(':') })),
    received: 0,
    way: { path: '/things/', params: {}, aliased: false, isFallback: false },
    nothingThere: false,
    total: undefined,
    length: undefined,
  };
}

/** A record with nothing but a key and a time (epoch ms, whole second). */
export const recordAt = (key: string, time?: number): PageRecord => ({
  raw: { id: key },
  row: { id: key },
  key,
  time,
  kept: true,
});

/** Keys of one letter each. */
export const chars = (text: string): string[] => [...text];

/** Rows named by letters behind cursors that count rows; `change` may change them before each answer. */
export function countedRows(rows: string[], size: number, change: (nth: number) => void = () => undefined): FakeList {
  let nth = 0;
  return new FakeList((cursor): ShortPage => {
    change(++nth);
    const from = Number(cursor);
    const next = from + size;
    const more = { next: `${next}`, overlap: `${next - 1}` };
    return { keys: rows.slice(from, next), ...(next < rows.length ? more : {}) };
  }, size);
}

/** Rows named by letters, on a route without a word: cursors that count rows can be guessed. */
export const countedByGuess = (rows: readonly string[], size = 3): FakeList =>
  new FakeList((cursor) => {
    const from = Number(cursor);
    return { keys: rows.slice(from, from + size), next: 'unknown', guesses: (read) => [`${read}`] };
  }, size);

/** What a list gives: the fresh keys of each page, and how it went on. */
export async function readPages(list: FakeList, options: PagesOptions = {}) {
  const steps: ListPage[] = [];
  let error: unknown;
  try {
    for await (const step of pages(list, options)) steps.push(step);
  } catch (caught) {
    error = caught;
  }
  return {
    keys: steps.map(({ fresh }) => fresh.map(({ key }) => key).join('')),
    then: steps.map(({ then }) => then),
    error: error as StreamError | undefined,
  };
}

/** A list of pages without a server: what the page loop asks for, and what it gets. */
import type { Page, PageRecord } from '../../src/sdk/rest/page.js';
import type { PagedList, PagingHabits } from '../../src/sdk/rest/pages.js';

/** A page in few words: its keys, and the cursor of the next one. */
export interface ShortPage {
  keys?: readonly string[];
  /** Default: the number of keys. */
  size?: number;
  /** A cursor, `end` or `unknown`. Default: `end`. */
  next?: string;
  /** The cursor of the same page begun a row earlier. */
  overlap?: string;
  /** Cursors to try when the page does not say what follows. */
  guesses?: (read: number) => readonly string[];
}

/** Answers a cursor (empty: the first page). `nth` counts the requests of this cursor from 1. */
export type Answer = (cursor: string, nth: number) => ShortPage | Promise<ShortPage>;

export class FakeList implements PagedList {
  readonly name = 'things';
  readonly paging: PagingHabits = { speaks: false, leastFull: Infinity };
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
    guesses: (read) => (guesses?.(read) ?? []).map(urlAt),
    received: 0,
    way: { path: '/things/', params: {}, aliased: false, isFallback: false },
    nothingThere: false,
    total: undefined,
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

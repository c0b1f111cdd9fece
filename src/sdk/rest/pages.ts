/**
 * The page loop: every list of every stream is read here. A list ends only where the server says so. Every page must
 * lead on. Pages whose cursors count rows overlap by a row, which shows whether rows moved between two requests.
 */
import { SkippableError, StreamError } from '../errors.js';
import type { Page, PageRecord } from './page.js';

/** A list that can be read page by page. */
export interface PagedList {
  readonly name: string;
  /** Rows that were asked for in a page. */
  readonly requested: number;
  /** What the route has taught so far; all of its lists share it. */
  readonly paging: PagingHabits;
  first(): Promise<Page>;
  follow(url: URL): Promise<Page>;
}

/** How a route pages, as far as its answers have shown. */
export interface PagingHabits {
  /** Whether an answer has ever said anything about a next page. */
  speaks: boolean;
  /** Rows of the smallest page that had a successor. */
  leastFull: number;
  /** How many pages in a row may bring nothing new: few, once a list has proved to be endless. */
  mostBarren: number;
}

/** What is known of a route before its first answer. */
export const unknownHabits = (): PagingHabits => ({ speaks: false, leastFull: Infinity, mostBarren });

export interface ListPage {
  readonly page: Page;
  /** Records that this list had not shown before. */
  readonly fresh: readonly PageRecord[];
  /** Rows of the list so far. */
  readonly rows: number;
  /** `more`: another page follows. `moved`: rows have moved, and what is left must be asked for anew. */
  readonly then: 'more' | 'end' | 'unknown' | 'moved';
  /** Starts the request for the next page before this one is written. */
  prefetch(): void;
}

export interface PagesOptions {
  /** Keys of records that are not fresh. */
  known?: ReadonlySet<string>;
  /** Rows of the page whose successor this list is, if it goes on where another one stopped. */
  before?: number;
  /** Whether pages overlap where they can. Default: yes. */
  overlap?: boolean;
  /** `fail` (default): a list whose end is unknown is an error. `stop`: the caller goes on by other means. */
  unknownEnd?: 'fail' | 'stop';
}

type FollowOptions = Required<Pick<PagesOptions, 'overlap' | 'unknownEnd'>>;

const mostBarren = 50; // pages in a row that may bring nothing new
const fewBarren = 3;
const mostPasses = 4; // over a list whose rows move; the last one does without overlaps
const nothingToStart = (): void => undefined;

/**
 * The pages of a list.
 * @throws StreamError ERR_PAGING when the list leads nowhere, or its end cannot be told; and what a request throws.
 */
export async function* pages(list: PagedList, options: PagesOptions = {}): AsyncGenerator<ListPage> {
  const { known = new Set(), before = 0, overlap = true, unknownEnd = 'fail' } = options;
  const shown = new ShownRows(known, before);
  let ask = (): Promise<Page> => withWord(list, () => list.first());
  let page = await ask();
  for (;;) {
    let fresh = shown.take(list, page);
    const spoke = list.paging.speaks;
    let next = await whatFollows(list, page, shown, { overlap, unknownEnd });
    if (next === 'unknown' && list.paging.speaks && !spoke) {
      page = await ask(); // guesses have shown that the route names next pages: this answer alone had lost its word
      fresh = [...fresh, ...shown.take(list, page)];
      next = await whatFollows(list, page, shown, { overlap, unknownEnd });
    }
    if (typeof next === 'string') {
      yield { page, fresh, rows: shown.rows, then: next, prefetch: nothingToStart };
      if (next === 'unknown' && unknownEnd === 'fail') throw pagingError(list, noWord(page));
      return;
    }
    const request = startOnce(() => next.request());
    yield { page, fresh, rows: shown.rows, then: 'more', prefetch: () => void request() };
    const before = page;
    page = await request();
    if (overlap && haveMoved(before, page, next.overlaps) && !(next.overlaps && isSame(before, await ask()))) {
      yield { page, fresh: [], rows: shown.rows, then: 'moved', prefetch: nothingToStart };
      return;
    }
    ask = () => next.request();
  }
}

/** Whether a page shows the same rows when it is asked for again: then cursors count rows that are not shown, too. */
const isSame = (page: Page, again: Page): boolean =>
  page.records.length === again.records.length && page.records.every(({ key }, n) => again.records[n]?.key === key);

/** Whether a list has ended before it showed as many rows as the server says it has. */
export const isCutShort = ({ page, rows, then }: ListPage): boolean => then === 'end' && (page.total ?? 0) > rows;

/** What is said of such lists. */
export const cutShort = 'lists that end before the number of rows that the server names';

/** Whether rows have moved between two pages: the row that both should show is not there, or the list is shorter. */
function haveMoved(before: Page, page: Page, overlaps: boolean): boolean {
  const last = overlaps ? before.records.at(-1)?.key : undefined;
  if (last !== undefined) return !page.records.some(({ key }) => key === last);
  return (page.length ?? Infinity) < (before.length ?? 0);
}

/** The way to the next page, or the page itself where it had to be tried. */
class Successor {
  constructor(
    private readonly list: PagedList,
    private readonly next: URL | Page,
    /** Whether it begins with the last row of the page before. */
    readonly overlaps = false,
  ) {}

  request(): Promise<Page> {
    const { list, next } = this;
    return withWord(list, async () => (next instanceof URL ? list.follow(next) : next));
  }
}

type Following = Successor | 'end' | 'unknown' | 'moved';

/** Where the list goes on behind a page. @throws StreamError ERR_PAGING when it leads nowhere. */
async function whatFollows(list: PagedList, page: Page, shown: ShownRows, options: FollowOptions): Promise<Following> {
  const { next } = page;
  if (next === 'end') return 'end';
  if (next !== 'unknown') {
    if (!shown.leadsOn(list, page, next.url)) return 'end';
    // Pages of a single row would be the same page.
    const earlier = options.overlap && page.size > 1 ? next.overlap : undefined;
    return new Successor(list, earlier ?? next.url, earlier !== undefined);
  }
  if (page.size === 0 && (shown.pages === 1 || !list.paging.speaks)) return 'end';
  if (list.paging.speaks || options.unknownEnd === 'stop') return 'unknown';
  return guessed(list, page, shown, options.overlap);
}

/**
 * On a route that never names a next page, the likely one is tried: some gateways drop the header. It is asked for a
 * row early: an empty answer proves nothing, but one that begins with the last row shows that the cursor is understood.
 */
async function guessed(list: PagedList, page: Page, shown: ShownRows, overlap: boolean): Promise<Following> {
  if (page.size > list.requested) return 'end'; // a list in one answer
  const earlier = page.size > 1 && shown.rows > 1 ? 1 : 0;
  const last = page.records.at(-1)?.key;
  for (const { url, countsRows } of page.guesses(shown.rows - earlier)) {
    const answer = await list.follow(url).catch(isAnswer);
    if (!answer) continue;
    if (answer.next !== 'unknown') list.paging.speaks = true; // only this page has lost its header
    const mustOverlap = overlap && earlier > 0 && countsRows;
    if (shown.hasNew(answer)) return mustOverlap && !shown.hasOld(answer) ? 'moved' : new Successor(list, answer);
    if (earlier > 0 && answer.records[0]?.key === last) return 'end';
  }
  if (list.paging.speaks) return 'unknown';
  return page.size < Math.min(list.requested, list.paging.leastFull) ? 'end' : 'unknown';
}

/** A page without a word, on a route that has said one before, is asked for once more. */
async function withWord(list: PagedList, ask: () => Promise<Page>): Promise<Page> {
  const page = await ask();
  if (page.next === 'unknown' && list.paging.speaks) return ask();
  if (page.next !== 'unknown' && !page.nothingThere) list.paging.speaks = true;
  return page;
}

/** Refused is refused; whatever else goes wrong is not an answer. */
function isAnswer(error: unknown): undefined {
  const refused = error instanceof SkippableError || (error instanceof StreamError && error.status !== undefined);
  if (!refused) throw error;
}

/** What a list has shown so far, and whether it still leads on. */
class ShownRows {
  pages = 0;
  readonly #keys = new Set<string>();
  readonly #followed = new Set<string>();
  #barren = 0;

  constructor(
    private readonly known: ReadonlySet<string>,
    /** Rows of the page before. */
    private before: number,
  ) {}

  /** The records that are new. */
  take({ paging }: PagedList, page: Page): PageRecord[] {
    this.pages++;
    const shown = page.records.filter(({ key }) => !this.#keys.has(key) && this.#keys.add(key));
    const fresh = shown.filter(({ key }) => !this.known.has(key));
    if (fresh.length > 0 && this.before > 0) paging.leastFull = Math.min(paging.leastFull, this.before);
    this.#barren = shown.length > 0 ? 0 : this.#barren + 1;
    this.before = page.size;
    return fresh;
  }

  /** Rows of the list so far. */
  get rows(): number {
    return this.#keys.size;
  }

  hasNew(page: Page): boolean {
    return page.records.some(({ key }) => !this.#keys.has(key));
  }

  hasOld(page: Page): boolean {
    return page.records.some(({ key }) => this.#keys.has(key));
  }

  /**
   * Whether to follow `next`; false at the end of a list that repeats its last cursor. @throws StreamError ERR_PAGING.
   */
  leadsOn(list: PagedList, page: Page, next: URL): boolean {
    const repeated = this.#followed.has(next.href);
    this.#followed.add(next.href);
    if (repeated && this.#barren > 0) {
      if (page.size < list.paging.leastFull && list.paging.leastFull < Infinity) return false;
      throw pagingError(list, 'the server repeats a cursor');
    }
    const { mostBarren } = list.paging;
    if (this.#barren <= mostBarren) return true;
    list.paging.mostBarren = fewBarren;
    throw pagingError(list, `${mostBarren} pages in a row brought nothing new`);
  }
}

const noWord = ({ size }: Page): string => `a page of ${size} rows came without a word about a next page`;

function pagingError({ name }: PagedList, what: string): StreamError {
  return new StreamError(`${name}: ${what}; more rows may follow, and cannot be read.`, { code: 'ERR_PAGING' });
}

/**
 * The pages of a list that is read wholly. Where rows move while it is read, it is read again from its beginning.
 * `onUnsteady` is told when no pass was free of that, before the pages of the last one come: rows may be missing.
 */
export async function* steadyPages(
  list: PagedList,
  onUnsteady: () => void,
  { unknownEnd = 'fail' }: Pick<PagesOptions, 'unknownEnd'> = {},
): AsyncGenerator<ListPage> {
  const known = new Set<string>();
  for (let pass = 1; ; pass++) {
    let moved = false;
    if (pass === mostPasses) onUnsteady(); // now: a caller may stop at the last page
    for await (const step of pages(list, { known, overlap: pass < mostPasses, unknownEnd })) {
      moved = step.then === 'moved';
      if (moved) break;
      yield step;
      for (const { key } of step.fresh) known.add(key);
    }
    if (!moved) return;
  }
}

/** The same promise, however often it is asked for. Nobody need wait for it. */
function startOnce<T>(run: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    started ??= run();
    started.catch(() => undefined);
    return started;
  };
}

/**
 * What a run learns about the ranges of one stream: how a part is asked for, whether the server
 * understands it, whether it can be cut, and from where on anything is kept. A server that ignores
 * the range is recognised here; `unit-reading.ts` then walks through from the newest row on.
 */
import type { Params, Window } from './define-stream.js';
import { SkippableError, StoppedError, FatalError, StreamError, TooLargeError } from './errors.js';
import type { Range } from './interval-set.js';
import type { Page, PageRow, Place, RESTStream } from './rest-stream.js';
import { isoSeconds, second } from './time.js';
import type { WorkQueue } from './work-queue.js';

/** One range to be read. */
export interface Unit {
  place: Place;
  params: Params;
  /** The pinned window; both ends are whole seconds. */
  range: Range;
  /** What of it is still to be read. */
  gaps: readonly Range[];
  /** Hands over the rows of a page, and the interval of `query` that is complete with them (undefined: none yet). */
  deliver(rows: PageRow[], query: number, piece: Range | undefined, received: number): Promise<void>;
  /** At most this many rows, the newest; told when there were more. */
  newest?: number | undefined;
  onCapped?: () => void;
  /** Whether nothing more is wanted (a connection test). */
  enough: () => boolean;
  /** A part that could not be read. */
  failed(error: Error): void;
}

/** What is being read, and could be shared. */
interface Divisible {
  /** About how many pages it still has. */
  pages: () => number;
  /** Makes a task of its own of the older part. */
  cut: () => void;
}

export const fewestPages = 4; // less is not worth two queries
const mostVerifications = 3;

export class WindowReader {
  /** `walk`: the server ignores the range. */
  mode: 'window' | 'walk' = 'window';
  /** Whether the server has shown that it understands the range. */
  trust: 'unknown' | 'consistent' | 'proved' = 'unknown';
  /** Nothing is kept from before this instant: the server has said so. */
  horizon = -Infinity;
  /** Whether parts of a range can be asked for; undefined: not tried yet. */
  cuttable: boolean | undefined;
  /** What is open, of all units. */
  readonly open = new Set<Divisible>();
  #verifications = 0;
  readonly #rest: RESTStream;
  readonly #queue: WorkQueue;
  readonly #pageSize: number;

  constructor(rest: RESTStream, queue: WorkQueue, pageSize: number) {
    this.#rest = rest;
    this.#queue = queue;
    this.#pageSize = pageSize;
    queue.onIdle = () => this.share();
  }

  get rest(): RESTStream {
    return this.#rest;
  }

  get queue(): WorkQueue {
    return this.#queue;
  }

  get pageSize(): number {
    return this.#pageSize;
  }

  get window(): Window {
    const { window, name } = this.#rest.definition;
    if (!window) throw new StreamError(`${name} has no window.`);
    return window;
  }

  key({ row }: PageRow): string {
    const [only = '', ...others] = this.#rest.definition.primaryKey;
    return others.length === 0 ? String(row[only]) : [only, ...others].map((name) => String(row[name])).join('\u0000');
  }

  /**
   * Whether the first page of a range can be believed. Rows that only a server which understands
   * the range sends are proof; without them, the first page of a plain query must hold no row of the
   * range that the answer lacks.
   */
  async believes(page: Page, unit: Unit, slice: Range, query: Params): Promise<boolean> {
    const { proof } = this.window;
    if (page.rows.some(({ time }) => isOutside(time, slice) && !isAtEnd(time, slice.end))) return false;
    if (proof && page.rows.some(({ raw }) => proof(raw))) this.trust = 'proved';
    else if (!proof && page.rows.length > 0 && this.trust === 'unknown') this.trust = 'consistent';
    if (this.trust !== 'unknown' || this.#verifications >= mostVerifications) return true;
    this.#verifications++;
    const plain = await this.#rest.first(unit.place, { ...unit.params, ...query }).catch((error: unknown) => {
      if (error instanceof StoppedError || error instanceof FatalError) throw error;
      return undefined;
    });
    if (!plain || plain.rows.length === 0) return true;
    const answered = new Set(page.rows.map((row) => this.key(row)));
    const oldest = page.next ? Math.min(...page.rows.map((row) => row.time ?? Infinity)) : slice.start;
    const missing = plain.rows.some(
      (row) =>
        !isOutside(row.time, { start: Math.max(slice.start, oldest + second), end: slice.end }) &&
        !answered.has(this.key(row)),
    );
    if (missing) return false;
    this.trust = proof && plain.rows.some(({ raw }) => proof(raw)) ? 'proved' : 'consistent';
    return true;
  }

  /** The parameters of a part of the unit's range. */
  paramsOf(unit: Unit, part: Range, query: Params): Params {
    const { params, cut } = this.window;
    const whole = part.start === unit.range.start && part.end === unit.range.end;
    if (!cut) return { ...unit.params, ...query, ...params(sent(part)) };
    const pinned = { ...unit.params, ...query, ...params(sent(unit.range)) };
    return whole ? pinned : { ...pinned, ...cut(sent(part), pinned) };
  }

  /** Whether the range can be cut; where that is done by a search, a part is compared with what the whole gave. */
  async canCut(unit: Unit, page: Page, query: Params): Promise<boolean> {
    if (!this.window.cut || this.cuttable !== undefined) return this.cuttable ?? true;
    const times = new Map(page.rows.map((row) => [this.key(row), row.time ?? -Infinity]));
    const part = { start: Math.min(...times.values()) + second, end: Math.max(...times.values()) + second };
    const expected = [...times].filter(([, time]) => time >= part.start).map(([key]) => key);
    if (expected.length === 0 || !Number.isFinite(part.start)) return false;
    try {
      const { rows } = await this.#rest.first(unit.place, this.paramsOf(unit, part, query));
      const found = new Set(rows.map((row) => this.key(row)));
      this.cuttable =
        expected.every((key) => found.has(key)) &&
        rows.every(({ time }) => !isOutside(time, part) || isAtEnd(time, part.end));
    } catch (error) {
      if (!(error instanceof StreamError || error instanceof SkippableError || error instanceof TooLargeError))
        throw error;
      this.cuttable = false;
    }
    return this.cuttable;
  }

  /** Whether there is nobody to share with. */
  get satisfied(): boolean {
    return this.#queue.idle === 0 || this.mode === 'walk';
  }

  /** While lanes are idle, the longest of what is open is divided. */
  share(): void {
    if (this.window.cut && !this.cuttable) return;
    while (!this.satisfied) {
      const [longest] = [...this.open].sort((a, b) => b.pages() - a.pages());
      if (!longest || longest.pages() < fewestPages) return;
      longest.cut();
    }
  }
}

const sent = ({ start, end }: Range) => ({ start: isoSeconds(start), end: isoSeconds(end) });

export const isOutside = (time: number | undefined, { start, end }: Range): boolean =>
  time !== undefined && (time < start || time >= end);

/** Whether a row lies in the very second in which a range ends: some servers count that in. It belongs to the next range. */
export const isAtEnd = (time: number | undefined, end: number): boolean =>
  time !== undefined && time >= end && time < end + second;

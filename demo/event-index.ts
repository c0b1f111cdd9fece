/**
 * A million events in a few flat arrays. An event is a number; its id, user and words are derived from
 * the seed and that number. Lists are ordered as Sentry's index is: whole second, then event id.
 */
import { hex8, mix } from './random.js';

/** Positions in a list: [from, to). */
export type Range = readonly [from: number, to: number];

export class EventIndex {
  count = 0;
  second: Uint32Array;
  micro: Uint32Array;
  issue: Uint32Array;
  /** Which of its issue's events this is, by arrival. */
  ordinal: Uint32Array;
  /** Release index + 1, or 0. */
  release: Uint32Array;
  /** When Sentry took it in, in ms. */
  received: Float64Array;
  /** An event another project also has, under the same id: an SDK with two DSNs. */
  readonly twins = new Map<number, number>();

  constructor(
    private readonly seed: number,
    capacity: number,
  ) {
    this.second = new Uint32Array(capacity);
    this.micro = new Uint32Array(capacity);
    this.issue = new Uint32Array(capacity);
    this.ordinal = new Uint32Array(capacity);
    this.release = new Uint32Array(capacity);
    this.received = new Float64Array(capacity);
  }

  add(second: number, micro: number, issue: number, ordinal: number, release: number, received: number): number {
    if (this.count === this.second.length) this.grow();
    const e = this.count++;
    this.second[e] = second;
    this.micro[e] = micro;
    this.issue[e] = issue;
    this.ordinal[e] = ordinal;
    this.release[e] = release;
    this.received[e] = received;
    return e;
  }

  id(e: number): string {
    const own = this.twins.get(e) ?? e;
    const [a, b, c] = this.words(own);
    return hex8(a) + hex8(b) + hex8(c) + hex8((own ^ mix(a, b, c, this.seed)) >>> 0);
  }

  /** The events of that id: none, one, or twins. */
  find(id: string): number[] {
    if (!/^[0-9a-f]{32}$/.test(id)) return [];
    const [a, b, c, d] = [0, 8, 16, 24].map((from) => Number.parseInt(id.slice(from, from + 8), 16)) as [
      number,
      number,
      number,
      number,
    ];
    const own = (d ^ mix(a, b, c, this.seed)) >>> 0;
    if (own >= this.count || this.id(own) !== id) return [];
    return [own, ...[...this.twins].filter(([, first]) => first === own).map(([twin]) => twin)];
  }

  compare(a: number, b: number): number {
    const seconds = this.second[a]! - this.second[b]!;
    if (seconds !== 0) return seconds;
    const [idA, idB] = [this.id(a), this.id(b)];
    return idA < idB ? -1 : idA > idB ? 1 : 0;
  }

  /** An id is a hash that also hides the event's number, so it can be found again without a table. */
  private words(e: number): [number, number, number] {
    const a = mix(this.seed, e, 1);
    const b = ((mix(this.seed, e, 2) & 0xffff0fff) | 0x4000) >>> 0;
    const c = ((mix(this.seed, e, 3) & 0x3fffffff) | 0x80000000) >>> 0;
    return [a, b, c];
  }

  private grow(): void {
    const size = Math.max(1024, this.second.length * 2);
    const wider = (old: Uint32Array): Uint32Array => {
      const next = new Uint32Array(size);
      next.set(old);
      return next;
    };
    this.second = wider(this.second);
    this.micro = wider(this.micro);
    this.issue = wider(this.issue);
    this.ordinal = wider(this.ordinal);
    this.release = wider(this.release);
    const received = new Float64Array(size);
    received.set(this.received);
    this.received = received;
  }
}

/** Events in the index's order, oldest first. */
export class EventList {
  length = 0;
  private items: Uint32Array;

  constructor(
    private readonly index: EventIndex,
    capacity = 8,
  ) {
    this.items = new Uint32Array(capacity);
  }

  get(position: number): number {
    const event = position < this.length ? this.items[position] : undefined;
    if (event === undefined) throw new RangeError(`no event at ${position}`);
    return event;
  }

  /** Puts an event at its place; true when no event of a later second was there. */
  insert(event: number): boolean {
    this.reserve(this.length + 1);
    let place = this.length;
    while (place > 0 && place > this.length - 4 && this.index.compare(this.items[place - 1]!, event) > 0) place -= 1;
    if (place > 0 && this.index.compare(this.items[place - 1]!, event) > 0) place = this.search(event);
    this.items.copyWithin(place + 1, place, this.length);
    this.items[place] = event;
    this.length += 1;
    return this.index.second[this.items[this.length - 1]!] === this.index.second[event];
  }

  /** Takes in another list, each event at its place. */
  merge(other: EventList): void {
    const [mine, theirs] = [this.items.slice(0, this.length), other.items.slice(0, other.length)];
    this.reserve(mine.length + theirs.length);
    let [i, j] = [0, 0];
    this.length = mine.length + theirs.length;
    for (let at = 0; at < this.length; at += 1) {
      const left = i < mine.length && (j >= theirs.length || this.index.compare(mine[i]!, theirs[j]!) <= 0);
      this.items[at] = left ? mine[i++]! : theirs[j++]!;
    }
  }

  keep(test: (event: number) => boolean): void {
    const kept = this.items.subarray(0, this.length).filter(test);
    this.items = kept;
    this.length = kept.length;
  }

  /** Position of the first event at or after a second (which may have a fraction). */
  from(second: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.index.second[this.items[middle]!]! < second) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The events with start <= second < end. */
  within(start: number, end: number): Range {
    const from = this.from(start);
    return [from, Math.max(from, this.from(end))];
  }

  private search(event: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.index.compare(this.items[middle]!, event) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private reserve(size: number): void {
    if (size <= this.items.length) return;
    const wider = new Uint32Array(Math.max(size, this.items.length * 2, 8));
    wider.set(this.items.subarray(0, this.length));
    this.items = wider;
  }
}

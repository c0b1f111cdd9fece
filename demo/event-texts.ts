/**
 * Pages of events as bytes. Prerendered, a page is copied together from texts made beforehand; otherwise
 * the texts are made now. Both give the same bytes.
 */
import { EventBodies } from './rows/body.js';
import { EventRows } from './rows/event.js';
import type { State } from './state.js';

export class EventTexts {
  readonly rows: EventRows;
  readonly bodies: EventBodies;
  private readonly keptRows: Kept | undefined;
  private readonly keptBodies: Kept | undefined;

  constructor(private readonly state: State) {
    this.rows = new EventRows(state);
    this.bodies = new EventBodies(state, this.rows);
    const { prerender } = state.settings;
    if (prerender !== false) this.keptRows = new Kept(state.events.count, (e) => this.rows.text(e));
    if (prerender === 'bodies') this.keptBodies = new Kept(state.events.count, (e) => this.bodies.text(e));
  }

  /** A JSON array of these events. */
  page(events: readonly number[], full: boolean): Buffer {
    const kept = full ? this.keptBodies : this.keptRows;
    if (kept && events.every((e) => kept.has(e) && this.asBorn(e))) return kept.array(events);
    const texts = events.map((e) => (full ? this.bodies.text(e) : this.rows.text(e)));
    return Buffer.from(`[${texts.join(',')}]`);
  }

  /** A merge gives events another groupID: their kept text is out of date. */
  private asBorn(e: number): boolean {
    return this.state.birthIssue(e).mergedInto === undefined;
  }
}

const chunkBytes = 32 * 1024 * 1024;
const comma = 0x2c;

class Kept {
  private readonly chunks: Buffer[] = [];
  private readonly chunk: Uint16Array;
  private readonly offset: Uint32Array;
  private readonly length: Uint32Array;

  constructor(private readonly count: number, text: (e: number) => string) {
    this.chunk = new Uint16Array(count);
    this.offset = new Uint32Array(count);
    this.length = new Uint32Array(count);
    let used = chunkBytes;
    for (let e = 0; e < count; e += 1) {
      const bytes = Buffer.from(text(e));
      if (used + bytes.length > chunkBytes) {
        this.chunks.push(Buffer.allocUnsafe(Math.max(chunkBytes, bytes.length)));
        used = 0;
      }
      this.chunk[e] = this.chunks.length - 1;
      this.offset[e] = used;
      this.length[e] = bytes.copy(this.chunks.at(-1)!, used);
      used += bytes.length;
    }
  }

  has(e: number): boolean {
    return e < this.count;
  }

  array(events: readonly number[]): Buffer {
    let size = 2 + Math.max(0, events.length - 1);
    for (const e of events) size += this.length[e]!;
    const page = Buffer.allocUnsafe(size);
    let place = page.write('[');
    for (const [n, e] of events.entries()) {
      if (n > 0) page[place++] = comma;
      const from = this.offset[e]!;
      place += this.chunks[this.chunk[e]!]!.copy(page, place, from, from + this.length[e]!);
    }
    page.write(']', place);
    return page;
  }
}

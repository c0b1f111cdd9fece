/**
 * Pages of events as bytes. Prerendered, the texts lie in the order of the lists, so that a page is cut
 * out in one piece; otherwise they are made now. Both give the same bytes.
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
    if (prerender !== false) this.keptRows = new Kept(state, (e) => this.rows.text(e));
    if (prerender === 'bodies') this.keptBodies = new Kept(state, (e) => this.bodies.text(e));
  }

  /** A JSON array of these events. */
  page(events: readonly number[], full: boolean): Buffer[] {
    const kept = full ? this.keptBodies : this.keptRows;
    if (kept && events.every((e) => kept.has(e) && this.asBorn(e))) return kept.array(events);
    const texts = events.map((e) => (full ? this.bodies.text(e) : this.rows.text(e)));
    return [Buffer.from(`[${texts.join(',')}]`)];
  }

  /** A merge gives events another groupID: their kept text is out of date. */
  private asBorn(e: number): boolean {
    return this.state.birthIssue(e).mergedInto === undefined;
  }
}

const chunkBytes = 32 * 1024 * 1024;
const [open, comma, close] = ['[', ',', ']'].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];

/** Texts of the error events there were when the server began, each followed by a comma. */
class Kept {
  private readonly chunks: Buffer[] = [];
  private readonly chunk: Uint16Array;
  private readonly offset: Uint32Array;
  private readonly length: Uint32Array;

  constructor(state: State, text: (e: number) => string) {
    this.chunk = new Uint16Array(state.events.count);
    this.offset = new Uint32Array(state.events.count);
    this.length = new Uint32Array(state.events.count);
    let used = chunkBytes;
    for (const { events } of state.projects) {
      for (let position = events.length - 1; position >= 0; position -= 1) {
        const e = events.get(position);
        const bytes = Buffer.from(`${text(e)},`);
        if (used + bytes.length > chunkBytes) {
          this.chunks.push(Buffer.allocUnsafe(Math.max(chunkBytes, bytes.length)));
          used = 0;
        }
        this.chunk[e] = this.chunks.length - 1;
        this.offset[e] = used;
        this.length[e] = bytes.copy(this.chunks.at(-1)!, used) - 1;
        used += bytes.length;
      }
    }
  }

  has(e: number): boolean {
    return (this.length[e] ?? 0) > 0;
  }

  array(events: readonly number[]): Buffer[] {
    const pieces = [open];
    for (let n = 0; n < events.length; n += 1) {
      const first = events[n]!;
      const [chunk, from] = [this.chunk[first]!, this.offset[first]!];
      let to = from + this.length[first]!;
      for (
        let next = events[n + 1];
        next !== undefined && this.chunk[next] === chunk && this.offset[next] === to + 1;
        next = events[n + 1]
      ) {
        to += 1 + this.length[next]!;
        n += 1;
      }
      if (pieces.length > 1) pieces.push(comma);
      pieces.push(this.chunks[chunk]!.subarray(from, to));
    }
    return [...pieces, close];
  }
}

/** The rows of the further streams: those of a list are made when they are first looked at, and stay the same. */
import { day, floorSecond, second } from './clock.js';
import { type FurtherName, type FurtherStream, furtherStream } from './further.js';
import type { Life } from './organization.js';
import { chanceOf } from './random.js';

export interface FurtherRow extends Life {
  readonly id: string;
  /** Epoch ms; 0 where rows have no time. */
  readonly time: number;
}

export interface Past {
  readonly seed: number;
  readonly now: number;
  readonly startDate: number;
}

export class FurtherRows {
  readonly #lists = new Map<string, FurtherRow[]>();
  readonly #homes = new Map<FurtherName, string[]>();

  constructor(private readonly past: Past) {}

  /** The rows of a stream for one of what it is about. */
  of(name: FurtherName, home: string): FurtherRow[] {
    const place = `${name} ${home}`;
    const known = this.#lists.get(place);
    if (known) return known;
    const { form, most = 1 } = furtherStream(name);
    const count = form === 'object' ? 1 : Math.floor(chanceOf(this.past.seed, place) * (most + 1));
    const rows = Array.from({ length: count }, (_, n) => this.#row(name, home, n));
    this.#lists.set(place, rows);
    this.#homes.set(name, [...(this.#homes.get(name) ?? []), home]);
    return rows;
  }

  /** A row comes to one of the lists that were looked at, with a time of just now. */
  grow(name: FurtherName, now: number): void {
    const homes = this.#homes.get(name) ?? [];
    const home = homes[Math.floor(chanceOf(this.past.seed, `grow ${name} ${now}`) * homes.length)];
    if (home === undefined || !furtherStream(name).time) return;
    const rows = this.of(name, home);
    const late = Math.floor(chanceOf(this.past.seed, `late ${name} ${now}`) * 40) * second;
    const { id } = this.#row(name, home, rows.length);
    rows.push({ id, time: floorSecond(now - late), born: now, died: Infinity });
  }

  #row(name: FurtherName, home: string, n: number): FurtherRow {
    const stream = furtherStream(name);
    return {
      id: idOf(stream, name, home, n),
      time: this.#time(stream, `${name} ${home} ${n}`),
      born: -Infinity,
      died: Infinity,
    };
  }

  #time({ time }: FurtherStream, place: string): number {
    const { seed, now, startDate } = this.past;
    const span = (now - startDate) * (chanceOf(seed, `old ${place}`) < 0.15 ? 1.2 : 1);
    const recent = chanceOf(seed, `recent ${place}`) < 0.3 ? 2 * day : span;
    return time ? floorSecond(now - 5 * second - chanceOf(seed, `time ${place}`) * recent) : 0;
  }
}

/** Unique in the whole organization, since some streams have no other key. */
function idOf({ idsAreNumbers }: FurtherStream, name: string, home: string, n: number): string {
  if (!idsAreNumbers) return `${name}-${home}-${n}`;
  return String(Math.floor(chanceOf(1, `${name} ${home}`) * 1e9) * 1000 + n);
}

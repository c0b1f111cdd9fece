/**
 * All chance in the demo comes from here, and from the seed only. `mix` is a hash: the same numbers
 * in give the same number out, in any order of calls. `Dice` is a sequence, for building a world once.
 */

/** A well-spread unsigned 32-bit number made from up to four integers. */
export function mix(a: number, b = 0, c = 0, d = 0): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15) ^ b, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13) ^ c, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 16) ^ d, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The element of a list that a hash points at. */
export function at<T>(list: readonly T[], hash: number): T {
  const item = list[hash % list.length];
  if (item === undefined) throw new RangeError('at() was given an empty list');
  return item;
}

export class Dice {
  private state: number;

  constructor(...seed: [number, number?, number?]) {
    this.state = mix(...seed);
  }

  /** A fraction in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number in [0, limit). */
  int(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return at(list, this.int(list.length));
  }

  /** One of several, each with its weight. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T {
    let left = this.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [choice, weight] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    return at(choices, choices.length - 1)[0];
  }
}

const hexPairs = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'));

/** Eight lower-case hex digits of a 32-bit number. */
export function hex8(n: number): string {
  return `${hexPairs[n >>> 24]}${hexPairs[(n >>> 16) & 255]}${hexPairs[(n >>> 8) & 255]}${hexPairs[n & 255]}`;
}

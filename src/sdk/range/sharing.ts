/** What the readers of one stream share: parts of ranges that are being read and could be split. */
export interface Divisible {
  /** About how many pages it still has. */
  pages(): number;
  /** Makes a task of its own of the older part. */
  split(): void;
}

/** Fewer pages are not worth two queries. */
export const fewestPages = 4;

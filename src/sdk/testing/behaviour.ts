/** How a server of a law behaves; numbers are probabilities of an answer. What is left out is as it should be. */
export interface Behaviour {
  /** Rows in a page, whatever is asked for. */
  readonly largestPage?: number;
  /** The answer says nothing of a next page. */
  readonly wordless?: number;
  /** Each list goes on for ever, with the rows that it has shown. */
  readonly endless?: boolean;
  /** Lists come in no order. */
  readonly shuffled?: boolean;
  /** Ranges have no effect, or nothing is found in them. */
  readonly ranges?: 'ignored' | 'empty';
  /** A row goes before the answer. */
  readonly removes?: number;
  /** A row changes before the answer, so that its time is now. */
  readonly changes?: number;
  /** Milliseconds that the server's clock is ahead. */
  readonly ahead?: number;
  /** 503. */
  readonly unavailable?: number;
  /** 429 with Retry-After. */
  readonly throttled?: number;
  /** A body that breaks off. */
  readonly broken?: number;
  /** A byte order mark before the body. */
  readonly marked?: boolean;
  /** One list of the last stream always answers 500. */
  readonly failing?: boolean;
  /** Lists that others depend on are empty. */
  readonly vanished?: boolean;
}

/** What one line of the tables says: a route that is answered from facts, without code of its own. */
import type { Things } from './things.js';

/**
 * A value that is said instead of made up. `{project.slug}` in a text stands for what a row is about (`rows.ts` lists
 * what that is); a text that is one such name alone stands for the value itself, be it an object. Of a list, each row
 * takes the next element; a list in a list is a list.
 */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** Rows that come one after the other as the clock moves. */
export interface Growth {
  /** Seconds between two of them. */
  readonly seconds: number;
  /** Seconds from the time of a row until it is shown. */
  readonly lag?: number;
}

export interface DocumentedRoute {
  /** The name of the stream in the truth; limits, faults and journal know the route by it. */
  readonly name: string;
  readonly template: string;
  /** What each list is for: the whole organization, a part of the world, or a row of another route. */
  readonly of?: string;
  /** How many rows each list has, from which things of the world they are made, or how they grow; else one. */
  readonly rows?: number | readonly [least: number, most: number] | Things | Growth;
  /** `object`: the answer is one row, by itself; `map`: lists of rows by the first column of their key. */
  readonly answer?: 'list' | 'object' | 'map';
  /** The key of the answer under which the rows stand. */
  readonly under?: string;
  /** The field with a list whose elements are the rows of the stream. */
  readonly explode?: string;
  /**
   * `pages`: cursors count pages; `rows`: they count rows; `times`: they name the time of a row. `scim`: no cursors,
   * but `startIndex` and `count`. `none`: one answer.
   */
  readonly paging?: 'pages' | 'rows' | 'times' | 'scim' | 'none';
  /** Columns that tell rows apart; those that rows do not have are names of the place, such as `project_id`. */
  readonly key: readonly string[];
  /** The field with the time of a row. Such a list is newest first, and keeps `start` and `end` if it knows them. */
  readonly time?: string;
  /** Fields by their path (`config.schedule`). */
  readonly values?: Readonly<Record<string, Value>>;
  /** Fields that servers send as lists, where the document has one object. */
  readonly lists?: readonly string[];
}

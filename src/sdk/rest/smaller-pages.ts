/**
 * Whether a server that cannot answer a page can answer a smaller one. It is tried at the first failure, since where it
 * helps no range is narrow enough for a whole page; where it does not, nothing is lost but two requests.
 */

const smaller = 4; // times
const fewestRows = 5; // fewer are asked for in the end only, within one second
const mostRelapses = 3; // failures of smaller pages that had helped: then it is a row that the server cannot give out

export class SmallerPages {
  /** Rows in a page, where whole pages are too much. */
  pageSize: number | undefined;
  #relapses = 0;
  #isUseless = false;

  constructor(private readonly usual: number) {}

  /** A page of this size has been answered; undefined: of the usual one. */
  answered(pageSize: number | undefined): void {
    if (!this.#isUseless && pageSize !== undefined && pageSize >= fewestRows) this.pageSize = pageSize;
  }

  /** The page size to try after one has failed; undefined: another one does not help. */
  after(pageSize: number | undefined): number | undefined {
    if (this.#isUseless) return undefined;
    if (this.pageSize !== undefined && pageSize !== undefined && pageSize <= this.pageSize) return this.#relapse();
    const next = this.pageSize ?? Math.floor((pageSize ?? this.usual) / smaller);
    if (next >= fewestRows) return next;
    this.#isUseless = true;
    return undefined;
  }

  /** What had helped has failed: it may be a single row. */
  #relapse(): undefined {
    this.pageSize = undefined;
    this.#isUseless = ++this.#relapses >= mostRelapses;
    return undefined;
  }
}

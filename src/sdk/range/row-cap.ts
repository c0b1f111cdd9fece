/** At most so many rows, the newest: for settings that limit the rows of a context. */
export class RowCap {
  #count = 0;

  constructor(
    private readonly most: number,
    private readonly onCapped: () => void,
  ) {}

  /** The rows that are still wanted, and whether they were the last. `more`: the server has further ones. */
  take<T>(rows: readonly T[], more: boolean): { readonly records: readonly T[]; readonly isReached: boolean } {
    const left = this.most - this.#count;
    const records = rows.slice(0, left);
    this.#count += records.length;
    if (rows.length > left || (rows.length === left && more)) this.onCapped();
    return { records, isReached: this.#count >= this.most };
  }
}

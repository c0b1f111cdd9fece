/** The pages of one unit whose children are still under way: the unit is done when all of them are. */
export class Delivery {
  readonly #open = new Set<Promise<void>>();
  #error: { error: unknown } | undefined;

  add(page: Promise<void>): void {
    const kept = page.catch((error: unknown) => {
      this.#error ??= { error };
    }).finally(() => this.#open.delete(kept));
    this.#open.add(kept);
  }

  async finished(): Promise<void> {
    await Promise.all(this.#open);
    if (this.#error) throw this.#error.error;
  }
}

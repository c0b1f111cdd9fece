/**
 * One line at the bottom of a terminal that changes in place. Whatever else is printed erases it first, so that lines
 * of the log stay whole.
 */

/** The terminal that stderr is. */
export interface Terminal {
  /** How wide it is now. */
  readonly columns: () => number;
  readonly color: boolean;
}

const erase = '\r\u001B[K';
const usualWidth = 80;

export class LiveLine {
  #isShown = false;

  constructor(
    private readonly write: (text: string) => void,
    private readonly terminal: Terminal,
  ) {}

  /** Prints whole lines. */
  print(text: string): void {
    this.clear();
    this.write(text);
  }

  /** Shows a text in place of the one before, cut to the width: a line that wraps could not be erased. */
  show(text: string): void {
    const cut = text.slice(0, this.width - 1);
    this.write(`${erase}${this.terminal.color ? `\u001B[2m${cut}\u001B[0m` : cut}`);
    this.#isShown = true;
  }

  clear(): void {
    if (this.#isShown) this.write(erase);
    this.#isShown = false;
  }

  get width(): number {
    return this.terminal.columns() || usualWidth;
  }
}

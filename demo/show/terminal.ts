/** What the show looks like: steps with their times, quiet lines from others, tables. */
export type Out = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
const codes: Readonly<Record<Style, string>> = {
  bold: '1',
  dim: '2',
  red: '31',
  green: '32',
  yellow: '33',
  cyan: '36',
};

export class Terminal {
  readonly #out: Out;
  readonly #colours: boolean;
  #live = false;

  constructor(out: Out, env: NodeJS.ProcessEnv) {
    this.#out = out;
    this.#colours = Boolean(out.isTTY) && !env['NO_COLOR'];
  }

  paint(style: Style, text: string): string {
    return this.#colours ? `\u001B[${codes[style]}m${text}\u001B[0m` : text;
  }

  line(text = ''): void {
    this.#clear();
    this.#out.write(`${text}\n`);
  }

  heading(text: string): void {
    this.line();
    this.line(this.paint('bold', text));
    this.line();
  }

  command(text: string): void {
    this.line(this.paint('cyan', `$ ${text}`));
  }

  /** A line that the next one replaces; only on a terminal. */
  live(text: string): void {
    if (!this.#out.isTTY) return;
    this.#clear();
    this.#out.write(this.paint('dim', text.slice(0, (this.#out.columns || 80) - 1)));
    this.#live = true;
  }

  /** Does something, and says how long it took. The work returns what is worth saying about it. */
  async step(name: string, work: () => Promise<string>): Promise<void> {
    const started = performance.now();
    this.live(`  … ${name}`);
    this.done(name, await work(), performance.now() - started);
  }

  done(name: string, result: string, ms: number): void {
    this.line(
      `  ${this.paint('green', '✓')} ${name.padEnd(28)} ${result.padEnd(50)} ${this.paint('dim', seconds(ms))}`,
    );
  }

  /** Columns as wide as they need to be; numbers (and what looks like one) to the right. */
  table(headers: readonly string[], rows: readonly (readonly string[])[]): void {
    const widths = headers.map((header, n) => Math.max(header.length, ...rows.map((row) => (row[n] ?? '').length)));
    const right = headers.map((_, n) => rows.length > 0 && rows.every((row) => /^[\d,]*$/.test(row[n] ?? '')));
    const cells = (row: readonly string[]): string =>
      row
        .map((cell, n) => (right[n] ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0)))
        .join('  ')
        .trimEnd();
    this.line(`  ${this.paint('dim', cells(headers))}`);
    for (const row of rows)
      this.line(
        `  ${cells(row)
          .replace(/✓/g, (mark) => this.paint('green', mark))
          .replace(/✗/g, (mark) => this.paint('red', mark))}`,
      );
  }

  #clear(): void {
    if (this.#live) this.#out.write('\r\u001B[K');
    this.#live = false;
  }
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export const count = (value: number): string => value.toLocaleString('en-US');

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

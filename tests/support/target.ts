/** A target that upserts into memory and checks what every target expects of a tap. */
export interface Message {
  type: string;
  stream?: string;
  record?: Record<string, unknown>;
  schema?: Record<string, unknown>;
  key_properties?: string[];
  value?: { bookmarks: Record<string, Record<string, unknown>> };
}

export class Target {
  readonly rows = new Map<string, Map<string, Record<string, unknown>>>();
  readonly #keys = new Map<string, string[]>();
  state: { bookmarks: Record<string, Record<string, unknown>> } | undefined;
  /** Records of the last load, by stream. */
  received = new Map<string, number>();

  load(stdout: string): void {
    this.received = new Map();
    const whole = stdout.endsWith('\n') ? stdout : stdout.slice(0, stdout.lastIndexOf('\n') + 1);
    for (const line of whole.split('\n')) if (line) this.#take(JSON.parse(line) as Message);
  }

  keys(stream: string): string[] {
    return [...(this.rows.get(stream)?.keys() ?? [])].sort();
  }

  #take({ type, stream = '', record, key_properties, value }: Message): void {
    if (type === 'SCHEMA') {
      this.#keys.set(stream, key_properties ?? []);
      if (!this.rows.has(stream)) this.rows.set(stream, new Map());
    } else if (type === 'RECORD') {
      const keys = this.#keys.get(stream);
      if (!keys || !record) throw new Error(`RECORD of ${stream} before its SCHEMA`);
      const values = keys.map((key) => record[key]);
      if (values.some((one) => one === null || one === undefined))
        throw new Error(`RECORD of ${stream} without key: ${JSON.stringify(record).slice(0, 200)}`);
      this.rows.get(stream)?.set(values.join('/'), record);
      this.received.set(stream, (this.received.get(stream) ?? 0) + 1);
    } else if (type === 'STATE') {
      this.state = value;
    } else throw new Error(`unknown message ${type}`);
  }
}

/** Every API request that came in, and what can be told from them together. */
export interface JournalEntry {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** The route's template, or `-` when there is none. */
  readonly route: string;
  /** The route's name, or `-`. */
  readonly name: string;
  readonly status: number;
  readonly rows: number;
  readonly bytes: number;
  /** When it came, by the demo's clock. */
  readonly time: string;
  /** From arrival to the end of the answer, in real milliseconds. */
  readonly ms: number;
  /** The fault that was played, if one was. */
  readonly fault?: string;
}

export interface Gauges {
  readonly requests: number;
  readonly routes: Record<string, number>;
  readonly statuses: Record<string, number>;
  readonly tooMany: number;
  readonly rows: number;
  readonly bytes: number;
  readonly maxInFlight: number;
  /** Over the time in which at least one request was in flight. */
  readonly meanInFlight: number;
  /** The time this process has computed, in milliseconds, since the journal was cleared. */
  readonly cpuMs: number;
}

export class Journal {
  entries: JournalEntry[] = [];
  private cpu = process.cpuUsage();
  private inFlight = 0;
  private maxInFlight = 0;
  private busyMs = 0;
  private requestMs = 0;
  private changed = 0;

  /** Counts a request in; call the result when its answer has ended. */
  open(): (entry: JournalEntry | undefined) => void {
    this.count(1);
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    let isOpen = true;
    return (entry) => {
      if (!isOpen) return;
      isOpen = false;
      this.count(-1);
      if (entry) this.entries.push(entry);
    };
  }

  clear(): void {
    this.entries = [];
    this.cpu = process.cpuUsage();
    this.maxInFlight = this.inFlight;
    this.busyMs = this.requestMs = 0;
    this.changed = performance.now();
  }

  gauges(): Gauges {
    const tally = (of: (entry: JournalEntry) => string): Record<string, number> => {
      const counts: Record<string, number> = {};
      for (const entry of this.entries) counts[of(entry)] = (counts[of(entry)] ?? 0) + 1;
      return counts;
    };
    const statuses = tally(({ status }) => String(status));
    const { user, system } = process.cpuUsage(this.cpu);
    return {
      requests: this.entries.length,
      routes: tally(({ route }) => route),
      statuses,
      tooMany: statuses['429'] ?? 0,
      rows: this.entries.reduce((sum, { rows }) => sum + rows, 0),
      bytes: this.entries.reduce((sum, { bytes }) => sum + bytes, 0),
      maxInFlight: this.maxInFlight,
      meanInFlight: this.busyMs === 0 ? 0 : this.requestMs / this.busyMs,
      cpuMs: (user + system) / 1000,
    };
  }

  private count(step: 1 | -1): void {
    const now = performance.now();
    if (this.inFlight > 0) {
      this.busyMs += now - this.changed;
      this.requestMs += (now - this.changed) * this.inFlight;
    }
    this.changed = now;
    this.inFlight += step;
  }
}

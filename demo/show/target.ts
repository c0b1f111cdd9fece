/**
 * What a target has been given, read from its files. Rows are appended run by run, so the last one
 * with a key is what a target that upserts would hold.
 */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Row = Readonly<Record<string, unknown>>;

export class Held {
  readonly streams = new Map<string, Map<string, Row>>();
  /** Rows in all, versions of the same row counted each. */
  rows = 0;

  stream(name: string): Map<string, Row> {
    const rows = this.streams.get(name) ?? new Map<string, Row>();
    this.streams.set(name, rows);
    return rows;
  }
}

/** Reads `<stream>-<time>.jsonl` and `<stream>.jsonl`, oldest first. */
export async function readTarget(folder: string): Promise<Held> {
  const held = new Held();
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
  for (const file of files) {
    const stream = file.replace(/(-[\dT]+)?\.jsonl$/, '');
    const rows = held.stream(stream);
    for await (const line of createInterface({ input: createReadStream(join(folder, file)) })) {
      const row = JSON.parse(line) as Row;
      rows.set(keyOf(stream, row), row);
      held.rows += 1;
    }
  }
  return held;
}

export function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** As the demo's truth writes keys. */
export function keyOf(stream: string, row: Row): string {
  if (stream === 'events' || stream === 'issue_events' || stream === 'event_detail')
    return `${String(row['projectID'])}/${String(row['eventID'])}`;
  return String(stream === 'releases' || stream === 'release' ? row['version'] : row['id']);
}

/** What the parts of a sync share. */
import type { Shard } from '../define/shard.js';
import type { StreamDefinition } from '../define/stream-definition.js';
import type { Row } from '../json/source-rows.js';
import type { Logger } from '../log/logger.js';
import { timeOf } from '../rest/record-builder.js';
import type { Bookmarks } from './bookmarks.js';
import type { QuietPartitions } from './quiet-partitions.js';

export interface SyncRun {
  readonly bookmarks: Bookmarks;
  /** By stream: what its rows say about the partitions of other streams. */
  readonly quiet: Map<string, QuietPartitions>;
  readonly log: Logger;
  /** Whether everything that the settings leave out is left out for them alone. */
  readonly endsNow: boolean;
  /** The part of the work that this process does; undefined: all of it. */
  readonly shard?: Shard | undefined;
  /** Since when the partition of a stream's row has rows of the stream that depends on it. */
  sinceOf(stream: string, row: Row): number | undefined;
  /** Called when bookmarks have moved. */
  checkpoint(): Promise<void>;
}

/** How the rows of a stream say since when the streams that depend on it have rows. */
export function sinceReader(streams: readonly StreamDefinition[]): SyncRun['sinceOf'] {
  const readers = new Map(
    streams.flatMap(({ emptyIf }) => (emptyIf ? [[emptyIf.stream.name, emptyIf.since] as const] : [])),
  );
  return (stream, row) => timeOf(readers.get(stream)?.(row));
}

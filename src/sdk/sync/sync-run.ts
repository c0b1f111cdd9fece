/** What the parts of a sync share. */
import type { Logger } from '../log/logger.js';
import type { Bookmarks } from './bookmarks.js';
import type { QuietPartitions } from './quiet-partitions.js';

export interface SyncRun {
  readonly bookmarks: Bookmarks;
  /** By stream: what its rows say about the partitions of other streams. */
  readonly quiet: Map<string, QuietPartitions>;
  readonly log: Logger;
  /** Whether everything that the settings leave out is left out for them alone. */
  readonly endsNow: boolean;
  /** Called when bookmarks have moved. */
  checkpoint(): Promise<void>;
}

/**
 * The state of the older Python tap of the same name: below a stream, keys of digits are project ids
 * with a bookmark of their own. Those become partitions; its entries per event, release and team
 * (they can be megabytes) and its `metadata` are dropped, and said.
 */
import { type Logger, type Row, entryWords, isRecord } from '../sdk/index.js';

export function migrateState(state: unknown, streams: ReadonlySet<string>, log: Logger): unknown {
  if (!isRecord(state) || !isRecord(state['bookmarks'])) return state;
  let dropped = 0;
  const bookmarks = Object.entries(state['bookmarks']).map(([stream, entry]) => {
    if (!streams.has(stream) || !isRecord(entry) || Object.keys(entry).every((key) => entryWords.has(key)))
      return [stream, entry] as const;
    const kept: Row = Object.fromEntries(Object.entries(entry).filter(([key]) => entryWords.has(key)));
    const projects =
      stream === 'events' || stream === 'issues'
        ? Object.entries(entry).filter(([key, value]) => /^\d{1,20}$/.test(key) && isRecord(value) && 'start' in value)
        : [];
    dropped += Object.keys(entry).length - Object.keys(kept).length - projects.length;
    const partitions = projects.map(([id, value]) => ({ context: { project_id: id }, start: (value as Row)['start'] }));
    return [
      stream,
      partitions.length > 0 && kept['partitions'] === undefined ? { ...kept, partitions } : kept,
    ] as const;
  });
  const older = dropped > 0 || (isRecord(state['metadata']) && 'last_sync' in state['metadata']);
  if (!older) return { ...state, bookmarks: Object.fromEntries(bookmarks) };
  if (dropped > 0)
    log.info(
      `The state is one of the older tap-sentry: ${dropped} entries that are not bookmarks of streams or projects ` +
        'were dropped.',
    );
  const { metadata: _, ...rest } = state;
  return { ...rest, bookmarks: Object.fromEntries(bookmarks) };
}

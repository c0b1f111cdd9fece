/** The selected streams of which a shard writes rows. */
import { type Shard, isWrittenBy } from '../define/shard.js';
import type { StreamDefinition } from '../define/stream-definition.js';
import type { Logger } from '../log/logger.js';

/** Those of `selected` that are the shard's own; the log names the others. */
export function streamsOfShard<Entry>(
  selected: Map<string, Entry>,
  definitions: readonly StreamDefinition[],
  shard: Shard | undefined,
  log: Logger,
): Map<string, Entry> {
  if (!shard) return selected;
  const own = new Set(definitions.filter((one) => isWrittenBy(shard, one)).map(({ name }) => name));
  const others = [...selected.keys()].filter((name) => !own.has(name));
  if (others.length > 0) log.info(`The first shard reads ${others.join(', ')}; this one does not.`);
  return new Map([...selected].filter(([name]) => own.has(name)));
}

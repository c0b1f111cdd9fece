/**
 * A part of a tap's work, where several processes share it. The rows of one stream are shared out, with everything
 * below them; all other streams, and that stream's own rows, belong to the first shard.
 */
import type { Context } from '../singer/state.js';
import { ancestorsOf } from './ancestors.js';
import type { StreamDefinition } from './stream-definition.js';

export interface Shard {
  /** The stream whose rows are shared out. */
  readonly stream: string;
  readonly isFirst: boolean;
  /** Whether what belongs to this context, which a row of that stream made, is read by this shard. */
  readonly has: (context: Context) => boolean;
}

/** Whether this process reads what belongs to a context that a row of `parent` made. */
export const isOwn = (shard: Shard | undefined, parent: string, context: Context): boolean =>
  shard?.stream !== parent || shard.has(context);

/** Whether a stream is read below the stream whose rows are shared out: each shard then has a part of it. */
export const isShared = (definition: StreamDefinition, shard: Shard): boolean =>
  ancestorsOf(definition).some(({ name }) => name === shard.stream);

/** Whether a shard writes rows of a stream. */
export const isWrittenBy = (shard: Shard, definition: StreamDefinition): boolean =>
  shard.isFirst || isShared(definition, shard);

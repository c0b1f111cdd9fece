/** The streams that a stream stands below. */
import type { StreamDefinition } from './stream-definition.js';

/** The parent, the parent's parent, and so on. */
export function ancestorsOf({ scope: { parent } }: StreamDefinition): StreamDefinition[] {
  return parent === undefined ? [] : [parent, ...ancestorsOf(parent)];
}

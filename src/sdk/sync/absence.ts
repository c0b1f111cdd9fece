/**
 * Whether a refusal means that there is nothing to read: the definition declares it, and no earlier run has read
 * anything there. Everything else that is refused stays a refusal.
 */
import { ancestorsOf } from '../define/ancestors.js';
import type { StreamDefinition } from '../define/stream-definition.js';
import { messageOf } from '../errors.js';
import { statusOf } from '../rest/ways.js';
import type { Context } from '../singer/state.js';
import type { Bookmarks } from './bookmarks.js';

export function isAbsence(
  bookmarks: Pick<Bookmarks, 'knows' | 'hasRead'>,
  definition: StreamDefinition,
  context: Context | undefined,
  error: unknown,
): boolean {
  if (!isDeclared(definition, error)) return false;
  const { name } = definition;
  // Below a range, bookmarks are those of the range's partitions: they do not say which context was read.
  const isKnown = context && !isBelowRange(definition) ? bookmarks.hasRead(name, context) : bookmarks.knows(name);
  return !isKnown;
}

function isDeclared({ skip = [] }: StreamDefinition, error: unknown): boolean {
  const status = statusOf(error);
  return skip.some((one) =>
    typeof one === 'number' ? one === status : one.status === status && one.message.test(messageOf(error)),
  );
}

const isBelowRange = (definition: StreamDefinition): boolean =>
  ancestorsOf(definition).some(({ window }) => window !== undefined);

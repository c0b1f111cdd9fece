/**
 * A state made of the states of several shards, `{"shards": [state, state]}`: for a run with another number of shards.
 * A shard takes from it what belongs to it; a run without shards takes everything.
 */
import { type Shard, isShared } from '../define/shard.js';
import type { StreamDefinition } from '../define/stream-definition.js';
import { InputError } from '../errors.js';
import { isObject } from '../singer/catalog.js';
import type { State } from '../singer/state.js';

/** Reads a state of either form; `read` reads a plain one. @throws InputError when it cannot be understood. */
export function readStates(
  value: unknown,
  read: (value: unknown) => State,
  streams: readonly StreamDefinition[],
  shard: Shard | undefined,
): State {
  if (!isObject(value) || value['shards'] === undefined) return read(value);
  const { shards, ...own } = value;
  if (!Array.isArray(shards)) throw new InputError('The state\'s "shards" is not a list of states.');
  const state = read(own);
  for (const one of shards as unknown[]) state.absorb(read(one));
  if (shard) keepOwn(state, streams, shard);
  return state;
}

/** The states of the other shards still hold the rest. */
function keepOwn(state: State, streams: readonly StreamDefinition[], shard: Shard): void {
  for (const definition of streams) {
    if (isShared(definition, shard)) state.forget(definition.name, (context) => !shard.has(context));
    else if (!shard.isFirst) state.remove(definition.name);
  }
}

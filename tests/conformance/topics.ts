/** Who answers the cases of a topic. */
import type { Runner } from './cases.js';
import { config } from './topics/config.js';
import { flattening, streamMaps } from './topics/maps.js';
import { selection } from './topics/selection.js';
import { state } from './topics/state.js';
import { typing } from './topics/typing.js';

/** Runners by topic; undefined: nothing in `src` does this yet. */
export const topics: Readonly<Record<string, Runner | undefined>> = {
  config,
  flattening,
  selection,
  state,
  stream_maps: streamMaps,
  typing,
};

/** `defineStream`, for definitions that see this tap's settings. */
import type { Config } from '../schemas/config.js';
import { streamDefiner } from '../sdk/index.js';

export const defineStream = streamDefiner<Config>();

import { ExactNumber } from '../../sdk/index.js';

/** Words that are part of a key. Some targets load an empty text as null, which a key must never be. */
export const none = '(none)';

/** The value as a text that is not empty. A number may be longer than JavaScript holds. */
export function wordOf(value: unknown): string {
  const isWord = typeof value === 'string' || typeof value === 'number' || value instanceof ExactNumber;
  return isWord && value !== '' ? String(value) : none;
}

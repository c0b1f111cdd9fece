import { isRecord } from '../json/objects.js';

/** What stands in a body at a path of names with dots between them, e.g. `meta.next`; undefined: nothing. */
export const valueAt = (body: unknown, path: string): unknown =>
  path.split('.').reduce((inner, name) => (isRecord(inner) ? inner[name] : undefined), body);

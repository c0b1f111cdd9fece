/** What stands in a body at a path of names with dots between them, e.g. `meta.next`; undefined: nothing. */
export const valueAt = (body: unknown, path: string): unknown =>
  path.split('.').reduce((inner, name) => (isObject(inner) ? inner[name] : undefined), body);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

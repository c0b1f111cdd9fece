/**
 * Facts of Sentry's API document, route by route, in a form of their own: `facts/published.json` is made from the
 * document by `scripts/demo-facts.ts`; `facts/unpublished.json` is written by hand, for routes that it leaves out.
 */
import { readFileSync } from 'node:fs';

/**
 * What a value looks like. A text is a type (`string`, `date-time`, `uuid`, `uri`, `integer`, `number`, `boolean`,
 * `any`, `object`) or, after `=`, the words that may stand there, and after `#` the numbers. A list holds the shape of
 * its elements; `{"|": [...]}` are alternatives, `{"*": shape}` is an object with any keys. A key that ends with `?`
 * may be null.
 */
export type Shape = string | readonly [Shape] | { readonly [key: string]: Shape | readonly Shape[] };

/** What is known of a route. */
export interface RouteFacts {
  /** Its name in the document; absent where the document does not have it. */
  readonly operation?: string;
  /** Any one of these is enough. */
  readonly scopes: readonly string[];
  /** Names of the parameters of its query. */
  readonly query: readonly string[];
  /** Of the whole answer. */
  readonly answer: Shape;
}

/** The form of a path without the names of its variables, which the document and the routes choose differently. */
export const formOf = (path: string): string => path.replace(/^\/api\/0/, '').replace(/\{[^}]+\}/g, '{}');

let known: Readonly<Record<string, RouteFacts>> | undefined;

/** The facts of a route. @throws RangeError when there are none. */
export function factsOf(template: string): RouteFacts {
  known ??= { ...readFacts('published').routes, ...readFacts('unpublished').routes };
  const facts = known[formOf(template)];
  if (!facts) throw new RangeError(`no facts of ${template}`);
  return facts;
}

function readFacts(name: string): { routes: Record<string, RouteFacts> } {
  return JSON.parse(readFileSync(new URL(`../facts/${name}.json`, import.meta.url), 'utf8')) as {
    routes: Record<string, RouteFacts>;
  };
}

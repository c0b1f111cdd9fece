/** The names that people know contexts by: a project's slug rather than its id. */
import { type Context, contextKey, describeContext } from '../singer/state.js';

export class ContextNames {
  readonly #names = new Map<string, string>();

  learn(context: Context, alias: Context | undefined): void {
    const [name] = Object.values(alias ?? {});
    if (name !== undefined) this.#names.set(contextKey(context), name);
  }

  /** `web`, or `project_id 7` when no name is known. */
  of(context: Context): string {
    return this.#names.get(contextKey(context)) ?? describeContext(context);
  }
}

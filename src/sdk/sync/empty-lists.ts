/**
 * Empty lists. Some servers answer so where they do not know what stands for all projects, or know a parent's row by
 * another name only: until the stream has shown rows, a table is asked for in its other ways, and the row of a parent
 * by its context; where that fails, the list below it by its alias.
 */
import type { Params, StreamDefinition } from '../define/stream-definition.js';
import { endsRun } from '../errors.js';
import type { Page, RequestContext } from '../rest/page.js';
import type { PagedList } from '../rest/pages.js';
import { type RestStream, hasRows } from '../rest/rest-stream.js';

/** A table whose first page is empty only if it is so in every way of asking. */
export function tableOf(rest: RestStream, params: Params): PagedList {
  const request = { at: { context: {} }, params };
  const list = rest.list(request);
  const first = async (): Promise<Page> => {
    const page = await list.first();
    return hasRows(page) ? page : ((await rest.findRows(request)) ?? page);
  };
  return { ...list, first };
}

export class EmptyLists {
  /** By the path of a parent's row: whether the server finds a row by its context. */
  readonly #finds = new Map<string, Promise<boolean>>();

  /** The list of one row, whose first page is empty only if it is so in every way of asking. */
  checked(rest: RestStream, at: RequestContext): PagedList {
    const list = rest.list({ at, params: {} });
    return { ...list, first: () => this.#first(rest, at, list) };
  }

  async #first(rest: RestStream, at: RequestContext, list: PagedList): Promise<Page> {
    const page = await list.first();
    if (hasRows(page) || !(await this.#isDoubtful(rest, at))) return page;
    const found = await rest.findRows({ at, params: {} });
    return found ?? (rest.isCurrent(page) ? page : list.first());
  }

  async #isDoubtful(rest: RestStream, at: RequestContext): Promise<boolean> {
    const path = lookupPathOf(rest.stream.definition.scope.parent);
    if (path === undefined || at.alias === undefined) return false;
    const finds = this.#finds.get(path) ?? isFound(rest, path, at);
    this.#finds.set(path, finds);
    return !(await finds);
  }
}

/** Where the row is asked for whose context and alias fill the path: the stream between may bring none of its own. */
function lookupPathOf(parent: StreamDefinition | undefined): string | undefined {
  return parent && (parent.lookupPath ?? lookupPathOf(parent.scope.parent));
}

/** Whether the server finds a row by its context. A refusal says nothing: the list is then tried by its alias. */
async function isFound(rest: RestStream, path: string, { context }: RequestContext): Promise<boolean> {
  try {
    return await rest.exists(path, context);
  } catch (error) {
    if (endsRun(error)) throw error;
    return false;
  }
}

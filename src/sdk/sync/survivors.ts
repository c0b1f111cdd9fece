/**
 * Rows of another parent than was asked: a server answers for what a row has been merged into. They are written if
 * nothing else in this run brings them.
 */
import type { StreamDefinition } from '../define/stream-definition.js';
import type { PageRecord, RequestContext } from '../rest/page.js';
import { keyOf } from '../rest/record-builder.js';

export class Survivors {
  /** By child and survivor: the parent's row for which the survivor was answered. */
  readonly #brought = new Map<StreamDefinition, Map<string, string>>();

  /** Whether a child of this parent's row has come already, as the answer for another row. */
  isBrought(child: StreamDefinition, parent: PageRecord): boolean {
    return this.#brought.get(child)?.has(parent.key) === true;
  }

  /** The records that belong where they were asked for, and those that nothing else brings. */
  own(child: StreamDefinition, at: RequestContext, records: readonly PageRecord[]): readonly PageRecord[] {
    return child.belongsTo ? records.filter((record) => this.#isOwn(child, at, record)) : records;
  }

  #isOwn(child: StreamDefinition, { parentKey = '', wasRead }: RequestContext, { raw }: PageRecord): boolean {
    const { belongsTo, scope } = child;
    const row = scope.parent && belongsTo?.(raw);
    if (!row || !scope.parent) return true;
    const key = keyOf(row, scope.parent);
    if (key === parentKey) return true;
    if (wasRead?.(key)) return false;
    const brought = this.#brought.get(child) ?? new Map<string, string>();
    this.#brought.set(child, brought);
    if (!brought.has(key)) brought.set(key, parentKey);
    return brought.get(key) === parentKey;
  }
}

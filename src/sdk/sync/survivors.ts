/**
 * An object that was answered for another row of the parent than was asked: for the one that it has been merged into.
 * It is written if nothing else in this run brings it.
 */
import type { StreamDefinition } from '../define/stream-definition.js';
import type { PageRecord, RequestContext } from '../rest/page.js';
import { keyOf } from '../rest/record-builder.js';

export class Survivors {
  /** By child: the rows of the parent whose object came as the answer for another one. */
  readonly #brought = new Map<StreamDefinition, Set<string>>();

  /** Whether the child of this parent's row has come already, as the answer for another row. */
  isBrought(child: StreamDefinition, parent: PageRecord): boolean {
    return this.#brought.get(child)?.has(parent.key) === true;
  }

  /** The records that belong where they were asked for, and those that nothing else brings. */
  own(child: StreamDefinition, at: RequestContext, records: readonly PageRecord[]): readonly PageRecord[] {
    const { belongsTo, scope } = child;
    if (!belongsTo || !scope.parent) return records;
    const { parent } = scope;
    return records.filter(({ raw }) => this.#isOwn(child, at, keyOf(belongsTo(raw), parent)));
  }

  #isOwn(child: StreamDefinition, { parentKey, wasRead }: RequestContext, key: string): boolean {
    if (key === parentKey) return true;
    const brought = this.#brought.get(child) ?? new Set<string>();
    this.#brought.set(child, brought);
    if (brought.has(key) || wasRead?.(key) === true) return false;
    brought.add(key);
    return true;
  }
}

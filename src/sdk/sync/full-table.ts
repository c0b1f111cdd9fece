/**
 * Streams that are read wholly in every run: every page, each record once, then what is asked for all rows. A bookmark
 * is forgotten only when the server says that what it belongs to is gone.
 */
import { isOwn } from '../define/shard.js';
import type { Params } from '../define/stream-definition.js';
import { SkippableError, endsRun, messageOf } from '../errors.js';
import type { PageRecord, RequestContext } from '../rest/page.js';
import { cutShort, isCutShort, steadyPages } from '../rest/pages.js';
import { keyOf } from '../rest/record-builder.js';
import { type Context, contextKey } from '../singer/state.js';
import { type ChildStreams, placesOf } from './child-streams.js';
import { tableOf } from './empty-lists.js';
import type { StreamNode } from './stream-node.js';
import type { SyncRun } from './sync-run.js';

const mostControls = 5; // rows of the list that are tried, before the server's word on others counts

/** What a full table has shown, without its rows: there may be very many. */
export interface TableReading {
  /** Whether every row was read. */
  isComplete: boolean;
  /** Whether the settings want every row. */
  isAll: boolean;
  rows: number;
  /** Where each child with a range is asked. */
  readonly places: Map<StreamNode, RequestContext[]>;
  /** The contexts of all rows, those that the settings leave out included. */
  readonly listed: Map<StreamNode, Map<string, Context>>;
}

export class FullTables {
  constructor(
    private readonly run: SyncRun,
    private readonly children: ChildStreams,
  ) {}

  /** Reads a table. Children without a range are asked while its pages come. @throws what stops the run. */
  async read(node: StreamNode): Promise<TableReading> {
    const reading: TableReading = { isComplete: false, isAll: true, rows: 0, places: new Map(), listed: new Map() };
    for (const child of node.children) {
      reading.places.set(child, []);
      reading.listed.set(child, new Map());
    }
    const names = new NamedRows(node);
    let isSteady = true;
    for (const params of node.rest.stream.queries) {
      isSteady = (await this.#readQuery(node, params, reading, names)) && isSteady;
      if (node.isEnough) return reading;
    }
    await this.#findNames(node, names, reading);
    reading.isComplete = isSteady;
    if (!isSteady)
      this.#report(node, `${node.name}: rows moved each time that the list was read; some may be missing.`);
    return reading;
  }

  /** Reads one of the stream's queries; answers whether no row can be missing. */
  async #readQuery(node: StreamNode, params: Params, reading: TableReading, names: NamedRows): Promise<boolean> {
    const list = tableOf(node.rest, params);
    let isSteady = true;
    for await (const step of steadyPages(list, () => {
      isSteady = false;
    })) {
      if (!node.isEnough) step.prefetch();
      await node.write(step.fresh, step.page.received);
      if (isCutShort(step)) node.lacks(cutShort);
      for (const record of step.fresh) this.#take(node, record, reading, names);
      if (node.isEnough) break;
    }
    return isSteady;
  }

  #take(node: StreamNode, record: PageRecord, reading: TableReading, names: NamedRows): void {
    reading.rows++;
    if (!record.kept || node.output?.keepsBelow(record.row) === false) reading.isAll = false;
    names.take(record);
    for (const child of node.children) {
      for (const context of child.rest.stream.contextsOf(record.row))
        reading.listed.get(child)?.set(contextKey(context), context);
      for (const at of placesOf(this.run, child, node, record)) {
        if (child.reader) reading.places.get(child)?.push(at);
        else child.queue.add(() => this.children.readAll(child, at, undefined, new Set()), { order: 'last' });
      }
    }
  }

  // Names that a setting asks for ------------------------------------------------------------------

  /** Rows that a setting names and that no row of the list is called: renamed, or not there. */
  async #findNames(node: StreamNode, names: NamedRows, reading: TableReading): Promise<void> {
    const { lookupByName } = node.definition;
    if (!lookupByName) return;
    for (const name of names.missing) {
      const found = await node.rest.lookupByName(lookupByName.path, name);
      const record = found && names.find(found);
      if (!record) {
        this.#report(
          node,
          `${lookupByName.setting} names ${JSON.stringify(name)}, which is not among the ${node.name}: ` + names.listed,
        );
        continue;
      }
      const [now] = lookupByName.names(record.row as never);
      this.run.log
        .child(node.name)
        .warning(
          `${lookupByName.setting}: ${JSON.stringify(name)} is now called ${JSON.stringify(now)}. Set it to that.`,
        );
      if (record.kept) continue;
      record.kept = true;
      await node.write([record], Date.now());
      this.#take(node, record, reading, names);
    }
  }

  #report(node: StreamNode, message: string): void {
    const [first] = node.outputs;
    first?.outcome.fail(message);
  }

  // Rows that are gone -----------------------------------------------------------------------------

  /**
   * Forgets the bookmarks of rows that are gone. What an earlier run knew and the list no longer has is asked for by
   * its context first: only an answer 404 means gone, and only where a listed row is found in the same way. What
   * belongs to other shards is theirs to forget.
   */
  async settlePartitions(node: StreamNode, { listed }: TableReading): Promise<void> {
    const isOwnContext = (context: Context): boolean => isOwn(this.run.shard, node.name, context);
    for (const child of node.children) {
      if (!child.reader) continue;
      const contexts = listed.get(child) ?? new Map<string, Context>();
      const missing = this.run.bookmarks.partitionsWithout(child, contexts).filter(isOwnContext);
      const lookup = missing.length > 0 ? await this.#tryLookup(node, [...contexts.values()]) : 'works';
      // Where ids are not taken, the list's own word counts, unless it has lost more than it has kept.
      const isListBelieved = lookup === 'finds nothing' && missing.length <= contexts.size;
      const gone = new Set<string>();
      for (const context of missing) {
        const isGone = isListBelieved || (lookup === 'works' && (await this.#exists(node, context)) === false);
        if (isGone) gone.add(contextKey(context));
        this.#reportMissing(node, child, context, isGone);
      }
      for (const { name } of child.subtree) {
        this.run.bookmarks.state.forget(name, (context) => gone.has(contextKey(context)));
        this.run.bookmarks.state.divide(name, [...contexts.values()].filter(isOwnContext));
      }
    }
  }

  /** Whether listed rows are found when they are asked for by their context: some servers know other names only. */
  async #tryLookup(node: StreamNode, contexts: readonly Context[]): Promise<'works' | 'finds nothing' | 'fails'> {
    const answers: (boolean | undefined)[] = [];
    for (const context of contexts.slice(0, mostControls)) {
      const answer = await this.#exists(node, context);
      if (answer) return 'works';
      answers.push(answer);
    }
    return answers.length > 0 && answers.every((answer) => answer === false) ? 'finds nothing' : 'fails';
  }

  /** Whether the server has what a context stands for; undefined: it does not say. */
  async #exists({ name, definition, rest }: StreamNode, context: Context): Promise<boolean | undefined> {
    if (definition.lookupPath === undefined) return undefined;
    try {
      return await rest.exists(definition.lookupPath, context);
    } catch (error) {
      if (endsRun(error)) throw error;
      this.run.log
        .child(name)
        .debug(`${name}: ${this.run.bookmarks.names.of(context)} could not be asked for: ${messageOf(error)}`);
      return undefined;
    }
  }

  #reportMissing({ name }: StreamNode, child: StreamNode, context: Context, isGone: boolean): void {
    const where = this.run.bookmarks.names.of(context);
    if (isGone) {
      this.run.log.child(name).info(`${name}: ${where} is gone from the server; its bookmarks are forgotten.`);
      return;
    }
    const message = `${where} is not in the list of ${name} any more, and the server does not say that it is gone`;
    child.failed(this.run.bookmarks, [context], new SkippableError(message, { status: 403 }));
  }
}

/** What is needed to find rows by the names that a setting gives them. */
class NamedRows {
  readonly #wanted: readonly string[];
  readonly #found = new Set<string>();
  readonly #first: string[] = [];
  readonly #records = new Map<string, PageRecord>();

  constructor(private readonly node: StreamNode) {
    this.#wanted = node.rest.stream.wantedNames;
  }

  take(record: PageRecord): void {
    if (this.#wanted.length === 0) return;
    const names = this.node.definition.lookupByName?.names(record.row as never) ?? [];
    for (const name of names) this.#found.add(name);
    if (this.#first.length <= 20 && names[0] !== undefined) this.#first.push(names[0]);
    this.#records.set(record.key, record);
  }

  get missing(): string[] {
    return this.#wanted.filter((name) => !this.#found.has(name));
  }

  /** The first names of the list, for a message. */
  get listed(): string {
    return this.#first.slice(0, 20).join(', ') + (this.#first.length > 20 ? ', …' : '');
  }

  find(row: PageRecord['row']): PageRecord | undefined {
    return this.#records.get(keyOf(row, this.node.definition));
  }
}

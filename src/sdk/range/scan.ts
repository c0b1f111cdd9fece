/**
 * Reading a range from a server that does not keep ranges: the plain list, newest first, until its rows are older than
 * the range. What an earlier part of this run, or an earlier run, has written is left out.
 */
import { StreamError } from '../errors.js';
import { IntervalSet } from '../interval-set.js';
import type { PageRecord } from '../rest/page.js';
import { cutShort, isCutShort, steadyPages } from '../rest/pages.js';
import type { RestStream } from '../rest/rest-stream.js';
import { PageCursor } from './page-cursor.js';
import type { SliceContext } from './slice-reading.js';

/** @throws StreamError when rows move so often that some may be missing; what a request throws. */
export async function scan(context: SliceContext, rest: RestStream): Promise<void> {
  const { query, support, own, cap } = context;
  const { at, select, range, takesNewer, isEnough } = query;
  const claimed = new Set<string>();
  const cursor = new PageCursor({
    asked: range,
    dates: (record) => support.datesOf(record),
    newestFirst: support.window.order !== 'any',
    kept: false,
    takesNewer,
    claim: (key) => !claimed.has(key) && Boolean(claimed.add(key)),
  });
  const finished = new IntervalSet(range, new IntervalSet(range, query.gaps).gaps);
  const isWanted = ({ time }: PageRecord): boolean => time === undefined || !finished.covers(time);
  let isSteady = true;
  if (support.window.params) query.onRemark('the server ignores time ranges: the list was read from its newest row');
  for await (const step of steadyPages(rest.list({ at, select, params: own }), () => {
    isSteady = false; // from now on nothing counts as finished
  })) {
    const ends = step.then === 'end';
    const taken = cursor.accept(step.fresh, ends);
    const wanted = taken.write.filter(isWanted);
    const capped = cap?.take(wanted, !ends);
    const isDone = ends || taken.past || capped?.isReached === true;
    if (!isDone && !isEnough()) step.prefetch();
    if (cursor.unsorted) context.noteDisorder();
    const part = capped?.isReached ? range : taken.finished;
    await context.deliver(capped?.records ?? wanted, isSteady ? part : undefined, step.page.received);
    if (isCutShort(step)) query.onLack(cutShort);
    if (isDone || isEnough()) break;
  }
  if (!isSteady)
    throw new StreamError(`${rest.name}: rows moved each time that the list was read; some may be missing.`, {
      code: 'ERR_PAGING',
    });
}

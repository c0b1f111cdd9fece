/** Whole rows: where a list did not bring the body of a row, it is asked for by itself. */
import { SkippableError, endsRun, messageOf } from '../errors.js';
import type { PageRecord, RequestContext } from '../rest/page.js';
import type { StreamNode } from './stream-node.js';

export interface Completed {
  readonly records: readonly PageRecord[];
  /** Whether no body failed. A body that is refused is counted in the outcome, and nothing more. */
  readonly isComplete: boolean;
}

export async function completed(
  node: StreamNode,
  records: readonly PageRecord[],
  at: RequestContext,
): Promise<Completed> {
  if (!node.rest.stream.wantsBody || !node.output) return { records, isComplete: true };
  let isComplete = true;
  const whole = records.map(async (record) => {
    try {
      return await node.rest.withBody(record, at);
    } catch (error) {
      if (endsRun(error)) throw error;
      if (error instanceof SkippableError) node.output?.outcome.lacks(`rows without their body (HTTP ${error.status})`);
      else {
        isComplete = false;
        node.output?.outcome.fail(
          `${node.name} ${record.key}: the row was written without its body: ${messageOf(error)}`,
          error,
        );
      }
      return record;
    }
  });
  return { records: await Promise.all(whole), isComplete };
}

import { describe, expect, test } from 'vitest';
import { type Confirm, type PartitionRequest, QuietPartitions } from '../../../src/sdk/sync/quiet-partitions.js';
import { settle } from '../../support/clock.js';

const keyOf = (id: string): string => `[["project_id","${id}"]]`;
const contextOf = (id: string) => ({ project_id: id });
const requestFor = (id: string, start: number): PartitionRequest => ({ at: { context: contextOf(id) }, start });
const noneThere: Confirm = () => Promise.resolve(new Set<string>());
const covered = (...entries: [string, number][]) => new Map(entries.map(([id, from]) => [keyOf(id), from]));

/** Sorts requests; what came out so far is in `out`, a quiet one with `quiet` behind it. */
function sorting(quiet: QuietPartitions, requests: readonly PartitionRequest[]) {
  const out: string[] = [];
  const ended = (async () => {
    for await (const { at, isQuiet } of quiet.sort(requests))
      out.push(`${at.context['project_id'] ?? ''}${isQuiet ? ' quiet' : ''}`);
  })();
  return { out, ended };
}

describe('a partition', () => {
  test('is asked at once where a row was shown, and not before one was', async () => {
    const quiet = new QuietPartitions();
    quiet.show(contextOf('7'), 100);
    const { out, ended } = sorting(quiet, [requestFor('7', 100), requestFor('8', 100), requestFor('9', 100)]);

    await settle();
    expect(out).toEqual(['7']);
    quiet.show(contextOf('9'), 150);
    await settle();
    expect(out).toEqual(['7', '9']);
    quiet.finish(covered(['8', 100]), noneThere);
    await ended;

    expect(out).toEqual(['7', '9', '8 quiet']);
  });

  test('whose newest row lies before the range is quiet; a newer row that comes later is seen', async () => {
    const quiet = new QuietPartitions();
    quiet.show(contextOf('7'), 100);
    quiet.show(contextOf('8'), 100);
    const { out, ended } = sorting(quiet, [requestFor('7', 101), requestFor('8', 101)]);
    await settle();
    expect(out).toEqual([]);

    quiet.show(contextOf('8'), 99);
    quiet.show(contextOf('8'), 101);
    await settle();
    expect(out).toEqual(['8']);
    quiet.finish(covered(['7', 0], ['8', 0]), noneThere);
    await ended;

    expect(out).toEqual(['8', '7 quiet']);
  });

  test('with a row without a time is as new as any', async () => {
    const quiet = new QuietPartitions();

    quiet.show(contextOf('7'), undefined);
    const { out, ended } = sorting(quiet, [requestFor('7', 1e15)]);
    await ended;

    expect(out).toEqual(['7']);
  });

  test('is asked where the other stream was read from later on, not read, or not believed', async () => {
    const quiet = new QuietPartitions();
    const { out, ended } = sorting(quiet, [requestFor('7', 50), requestFor('8', 49), requestFor('9', 60)]);

    quiet.finish(covered(['7', 50], ['8', 50]), noneThere);
    await ended;

    expect(out).toEqual(['7 quiet', '8', '9']);
  });

  test('is asked where a row is shown and the other stream ends while another partition is being asked', async () => {
    const quiet = new QuietPartitions();
    quiet.show(contextOf('7'), 100);
    const out: string[] = [];

    for await (const { at, isQuiet } of quiet.sort([requestFor('7', 0), requestFor('8', 0)])) {
      out.push(`${at.context['project_id'] ?? ''}${isQuiet ? ' quiet' : ''}`);
      if (out.length > 1) continue;
      quiet.show(contextOf('8'), 100);
      quiet.finish(covered(['7', 0], ['8', 0]), noneThere);
    }

    expect(out).toEqual(['7', '8']);
  });

  test('is sorted again for a second stream from what was shown to the first', async () => {
    const quiet = new QuietPartitions();
    quiet.show(contextOf('7'), 100);
    quiet.finish(covered(['7', 0], ['8', 0]), noneThere);
    const requests = [requestFor('7', 50), requestFor('8', 50)];
    await sorting(quiet, requests).ended;

    const { out, ended } = sorting(quiet, requests);
    await ended;

    expect(out).toEqual(['7', '8 quiet']);
  });
});

describe('what was not shown', () => {
  test('is asked for once more, in one query for each start: a row may have moved', async () => {
    const quiet = new QuietPartitions();
    const asked: string[] = [];
    const { out, ended } = sorting(quiet, [
      requestFor('7', 50),
      requestFor('8', 50),
      requestFor('9', 50),
      requestFor('10', 60),
    ]);

    quiet.finish(covered(['7', 0], ['8', 0], ['9', 0], ['10', 0]), (contexts, start) => {
      asked.push(`${contexts.map(({ project_id }) => project_id).join(' ')} from ${start}`);
      return Promise.resolve(new Set([keyOf('8')]));
    });
    await ended;

    expect(asked).toEqual(['7 8 9 from 50', '10 from 60']);
    expect(out).toEqual(['7 quiet', '8', '9 quiet', '10 quiet']);
  });

  test('is named, 250 at a time, so that the ids fit into a URL of 8 KB', async () => {
    const quiet = new QuietPartitions();
    const ids = Array.from({ length: 501 }, (_, n) => String(n));
    const sizes: number[] = [];
    const { out, ended } = sorting(
      quiet,
      ids.map((id) => requestFor(id, 0)),
    );

    quiet.finish(covered(...ids.map((id): [string, number] => [id, 0])), (contexts) => {
      sizes.push(contexts.length);
      return Promise.resolve(new Set([keyOf('7')]));
    });
    await ended;

    expect(sizes).toEqual([250, 250, 1]);
    expect(out.filter((id) => !id.endsWith('quiet'))).toEqual(['7']);
  });

  test('is not quiet where the second question has no clear answer', async () => {
    const quiet = new QuietPartitions();
    const { out, ended } = sorting(quiet, [requestFor('7', 50)]);

    quiet.finish(covered(['7', 0]), () => Promise.resolve(undefined));
    await ended;

    expect(out).toEqual(['7']);
  });
});

test('the earliest time since which a partition has rows is kept', () => {
  const quiet = new QuietPartitions();

  for (const time of [30, 20, undefined, 40]) quiet.tellSince(contextOf('7'), time);

  expect([quiet.since(contextOf('7')), quiet.since(contextOf('8'))]).toEqual([20, undefined]);
});

import { describe, expect, test } from 'vitest';
import { Hint } from '../../src/sdk/hint.js';
import { settle } from '../support/clock.js';

const seven = { project_id: '7' };
const keyOf = (id: string): string => `[["project_id","${id}"]]`;
const noneThere = () => Promise.resolve(new Set<string>());

describe('hint', () => {
  test('answers at once where a row was shown', async () => {
    const hint = new Hint();

    hint.show(seven, 100);

    expect(await hint.nothing({ project_id: '7' }, 100)).toBe(false);
  });

  test('waits for the row, or for the end', async () => {
    const hint = new Hint();
    const answers: boolean[] = [];
    const shown = hint.nothing(seven, 0).then((answer) => answers.push(answer));
    const never = hint.nothing({ project_id: '9' }, 100).then((answer) => answers.push(answer));

    await settle();
    expect(answers).toEqual([]);
    hint.show(seven, 5);
    await shown;
    await hint.finish(new Map([[keyOf('9'), 50]]), noneThere);
    await never;

    expect(answers).toEqual([false, true]);
  });

  test('says nothing of a range that begins after the newest row: a full pass shows every context', async () => {
    const hint = new Hint();

    hint.show(seven, 100);
    const after = hint.nothing(seven, 101);
    const before = hint.nothing(seven, 99);
    await hint.finish(new Map([[keyOf('7'), 0]]), noneThere);

    expect(await after).toBe(true);
    expect(await before).toBe(false);
  });

  test('takes a row without a time for one as late as any', async () => {
    const hint = new Hint();

    hint.show(seven, undefined);

    expect(await hint.nothing(seven, 1e15)).toBe(false);
  });

  test('promises nothing for what was read from later on, not read, or not believed', async () => {
    const hint = new Hint();

    const same = hint.nothing(seven, 50);
    const earlier = hint.nothing(seven, 49);
    const unread = hint.nothing({ project_id: '9' }, 60);
    await hint.finish(new Map([[keyOf('7'), 50]]), noneThere);

    expect(await Promise.all([same, earlier, unread])).toEqual([true, false, false]);
  });

  test(
    'asks once more, in one query, for what was not ' + 'shown: a row may have moved while the list was paged',
    async () => {
      const hint = new Hint();
      const asked: string[] = [];
      const answers = ['7', '8', '9'].map((id) => hint.nothing({ project_id: id }, 50));

      await hint.finish(new Map(['7', '8', '9'].map((id) => [keyOf(id), 0])), (contexts, start) => {
        asked.push(`${contexts.map(({ project_id }) => project_id).join(' ')} from ${start}`);
        return Promise.resolve(new Set([keyOf('8')]));
      });

      expect(asked).toEqual(['7 8 9 from 50']);
      expect(await Promise.all(answers)).toEqual([true, false, true]);
    },
  );

  test('promises nothing where the second question has no clear answer', async () => {
    const hint = new Hint();
    const answer = hint.nothing(seven, 50);

    await hint.finish(new Map([[keyOf('7'), 0]]), () => Promise.resolve(undefined));

    expect(await answer).toBe(false);
  });
});

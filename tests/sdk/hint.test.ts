import { describe, expect, test } from 'vitest';
import { Hint } from '../../src/sdk/hint.js';
import { settle } from '../support/clock.js';

const seven = { project_id: '7' };

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
    hint.finish(new Map([['[["project_id","9"]]', 50]]));
    await never;

    expect(answers).toEqual([false, true]);
  });

  test('says nothing of a range that begins after the newest row: a full pass shows every context', async () => {
    const hint = new Hint();

    hint.show(seven, 100);
    hint.finish(new Map([['[["project_id","7"]]', 0]]));

    expect(await hint.nothing(seven, 101)).toBe(true);
    expect(await hint.nothing(seven, 99)).toBe(false);
  });

  test('takes a row without a time for one as late as any', async () => {
    const hint = new Hint();

    hint.show(seven, undefined);

    expect(await hint.nothing(seven, 1e15)).toBe(false);
  });

  test('promises nothing for what was read from later on, not read, or not believed', async () => {
    const hint = new Hint();

    hint.finish(new Map([['[["project_id","7"]]', 50]]));

    expect(await hint.nothing(seven, 50)).toBe(true);
    expect(await hint.nothing(seven, 49)).toBe(false);
    expect(await hint.nothing({ project_id: '9' }, 60)).toBe(false);
  });
});

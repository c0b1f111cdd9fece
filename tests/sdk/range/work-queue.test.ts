/** Tasks of one stream: how many run at a time, in which order, and who is told when that ends. */
import { describe, expect, test } from 'vitest';
import { WorkQueue } from '../../../src/sdk/range/work-queue.js';
import { settle } from '../../support/clock.js';

/** A task that ends when it is told to. */
function task(name: string, began: string[]) {
  let end: (error?: Error) => void = () => undefined;
  const run = (): Promise<void> => {
    began.push(name);
    return new Promise((resolve, reject) => {
      end = (error) => (error ? reject(error) : resolve());
    });
  };
  return { run, end: (error?: Error) => end(error) };
}

describe('work queue', () => {
  test('runs as many tasks as its route allows, the newest first', async () => {
    const began: string[] = [];
    const queue = new WorkQueue(() => 2);
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => task(name, began)) as [
      ReturnType<typeof task>,
      ReturnType<typeof task>,
      ReturnType<typeof task>,
      ReturnType<typeof task>,
    ];

    for (const one of [a, b, c, d]) queue.add(one.run);
    expect(began).toEqual(['a', 'b']);
    a.end();
    await settle();

    expect(began).toEqual(['a', 'b', 'd']);
  });

  test('keeps the order of tasks that are put last', async () => {
    const began: string[] = [];
    const queue = new WorkQueue(() => 1);
    const tasks = ['a', 'b', 'c'].map((name) => task(name, began));

    for (const one of tasks) queue.add(one.run, { order: 'last' });
    for (const one of tasks) {
      one.end();
      await settle();
    }

    expect(began).toEqual(['a', 'b', 'c']);
  });

  test('tells how much of the allowance lies idle', async () => {
    const queue = new WorkQueue(() => 3);
    const one = task('a', []);

    expect(queue.spare).toBe(3);
    queue.add(one.run);
    expect(queue.spare).toBe(2);
    one.end();
    await settle();

    expect(queue.spare).toBe(3);
  });

  test('that has failed refuses those who wait, and those who come', async () => {
    const queue = new WorkQueue(() => 1);
    const first = task('a', []);
    const refused: unknown[] = [];
    queue.add(first.run);
    queue.add(task('b', []).run, { order: 'last', onRefused: (error) => refused.push(error) });

    first.end(new Error('over'));
    await settle();
    queue.add(task('c', []).run, { onRefused: (error) => refused.push(error) });

    expect(refused).toEqual([new Error('over'), new Error('over')]);
    await expect(queue.onIdle()).rejects.toThrow('over');
  });

  test('makes room when tasks have begun, and is drained when all have ended', async () => {
    const queue = new WorkQueue(() => 1);
    const tasks = ['a', 'b', 'c', 'd'].map((name) => task(name, []));
    for (const one of tasks) queue.add(one.run, { order: 'last' });
    const seen: string[] = [];
    const room = queue.onSizeAtMost().then(() => seen.push('room'));
    const drained = queue.onIdle().then(() => seen.push('drained'));

    expect(seen).toEqual([]);
    for (const one of tasks) {
      one.end();
      await settle();
    }
    await Promise.all([room, drained]);

    expect(seen).toEqual(['room', 'drained']);
  });

  test('refuses everybody who waits when a task fails, and begins no other', async () => {
    const began: string[] = [];
    const queue = new WorkQueue(() => 1);
    const failing = task('a', began);
    queue.add(failing.run);
    queue.add(task('b', began).run);
    const drained = queue.onIdle();

    failing.end(new Error('no more'));

    await expect(drained).rejects.toThrow('no more');
    await expect(queue.onSizeAtMost()).rejects.toThrow('no more');
    expect(began).toEqual(['a']);
  });

  test('says that more tasks are worth having when one has ended, not when one begins', async () => {
    const queue = new WorkQueue(
      () => 3,
      () => 2,
    );
    const spares: number[] = [];
    queue.onSpare = () => spares.push(queue.spare);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => task(name, []));
    for (const one of [a, b, c]) queue.add(one?.run ?? Promise.resolve);

    expect(queue.spare).toBe(0);
    a?.end();
    await settle();
    expect(spares).toEqual([]); // two run, and more than two bring nothing
    b?.end();
    await settle();
    expect(spares).toEqual([1]);
    c?.end();
    await queue.onIdle();
  });

  test('takes as many waiting tasks as could run twice over before it holds others up', async () => {
    const queue = new WorkQueue(() => 1);
    const tasks = ['a', 'b', 'c', 'd'].map((name) => task(name, []));
    for (const one of tasks) queue.add(one.run, { order: 'last' });
    let hasRoom = false;
    const room = queue.onSizeAtMost().then(() => (hasRoom = true));
    await settle();
    expect(hasRoom).toBe(false); // three wait

    tasks[0]?.end();
    await room;

    expect(hasRoom).toBe(true);
    await queue.onSizeAtMost(2);
  });

  test('tells who waits for one task how that ended, or that the queue has failed before it', async () => {
    const queue = new WorkQueue(() => 1);
    const first = task('a', []);
    const done = queue.addAndWait(first.run);
    first.end();
    await done;

    const failing = queue.addAndWait(() => Promise.reject(new Error('broken')));
    const never = queue.addAndWait(() => Promise.resolve());
    await expect(failing).rejects.toThrow('broken');
    await expect(never).rejects.toThrow('broken');
  });
});

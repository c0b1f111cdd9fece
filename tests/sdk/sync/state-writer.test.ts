import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { StoppedError } from '../../../src/sdk/errors.js';
import { State } from '../../../src/sdk/singer/state.js';
import { Writer } from '../../../src/sdk/singer/writer.js';
import { StateWriter } from '../../../src/sdk/sync/state-writer.js';
import { second } from '../../../src/sdk/time.js';
import { ManualClock, someday } from '../../support/clock.js';

function setUp() {
  const lines: string[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(...chunk.toString().split('\n').filter(Boolean));
      done();
    },
  });
  const clock = new ManualClock();
  const state = new State();
  const writer = new Writer(stdout, new AbortController().signal);
  const states = new StateWriter(state, writer, clock);
  const starts = (): unknown[] =>
    lines
      .filter((line) => line.includes('"STATE"'))
      .map((line) => {
        const { value } = JSON.parse(line) as { value: { bookmarks: { a: { start: string } } } };
        return value.bookmarks.a.start.slice(17, 19);
      });
  const move = (seconds: number): void => state.advance('a', undefined, someday + seconds * second, []);
  return { stdout, clock, writer, states, starts, move };
}

describe('a STATE message', () => {
  test('comes when three seconds have passed, not before', async () => {
    const { clock, states, starts, move } = setUp();

    move(1);
    await states.checkpoint();
    expect(starts()).toEqual(['01']); // the first one comes at once
    move(2);
    await clock.advance(3 * second - 1);
    await states.checkpoint();
    expect(starts()).toEqual(['01']);
    await clock.advance(1);
    await states.checkpoint();
    expect(starts()).toEqual(['01', '02']);
    move(3);
    await clock.advance(3 * second - 1);
    await states.checkpoint();

    expect(starts()).toEqual(['01', '02']);
  });

  test('does not come twice for the same state', async () => {
    const { clock, states, starts, move } = setUp();
    move(1);
    await clock.advance(3 * second);
    await states.checkpoint();

    await clock.advance(3 * second);
    await states.checkpoint();
    states.last();

    expect(starts()).toEqual(['01']);
  });

  test('comes earlier when twenty times its size was written, if that is 3 % of all', async () => {
    const { states, writer, starts, move } = setUp();
    move(1);
    await writer.write('x'.repeat(100));
    await states.checkpoint();
    expect(starts()).toEqual(['01']);
    const size = 100;

    move(2);
    await writer.write('x'.repeat(10 * size));
    await states.checkpoint();
    expect(starts()).toEqual(['01']);
    await writer.write('x'.repeat(30 * size));
    await states.checkpoint();
    expect(starts()).toEqual(['01', '02']);
    await writer.write('x'.repeat(1_000_000));
    move(3);
    await states.checkpoint();
    expect(starts()).toEqual(['01', '02', '03']);
    await writer.write('x'.repeat(20_000));
    move(4);
    await states.checkpoint();

    expect(starts()).toEqual(['01', '02', '03']);
  });

  test('comes at the end, whatever the clock says', () => {
    const { states, starts, move } = setUp();

    move(1);
    states.last();
    move(2);
    states.last();

    expect(starts()).toEqual(['01', '02']);
  });
});

test('a pipe that is gone when the run ends is nobody else’s trouble', () => {
  const { stdout, states, move } = setUp();
  stdout.destroy();
  move(1);

  expect(() => states.last()).not.toThrow();
});

test('another failure at the end is not kept quiet', () => {
  const { writer, states, move } = setUp();
  writer.put = () => {
    throw new Error('no memory');
  };
  move(1);

  expect(() => states.last()).toThrow('no memory');
});

test('a pipe that is gone stops a run that goes on', async () => {
  const { stdout, states, clock, move } = setUp();
  stdout.destroy();
  move(1);
  await clock.advance(3 * second);

  await expect(states.checkpoint()).rejects.toThrow(StoppedError);
});

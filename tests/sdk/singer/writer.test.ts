import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { StoppedError } from '../../../src/sdk/errors.js';
import { Writer } from '../../../src/sdk/singer/writer.js';
import { settle } from '../../support/clock.js';

/** A pipe that takes what it is given only when it is let to. */
class Pipe extends Writable {
  readonly written: string[] = [];
  #next: (() => void) | undefined;

  constructor(private readonly open = false) {
    super({ highWaterMark: 10 });
    this.on('error', () => undefined);
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.written.push(chunk.toString());
    if (this.open) done();
    else this.#next = done;
  }

  read(): void {
    const next = this.#next;
    this.#next = undefined;
    next?.();
  }
}

function setUp(open = false) {
  const pipe = new Pipe(open);
  const stop = new AbortController();
  return { pipe, stop, writer: new Writer(pipe, stop.signal) };
}

describe('writer', () => {
  test('goes on at once while the pipe has room', async () => {
    const { pipe, writer } = setUp();

    await writer.write('short\n');

    expect(pipe.written).toEqual(['short\n']);
    expect(writer.bytes).toBe(6);
  });

  test('gives nobody a turn while the pipe is full, and then one after the other', async () => {
    const { pipe, writer } = setUp();
    const turns: string[] = [];
    void writer.write('a long line\n');
    const taken = ['one', 'other'].map(async (name) => {
      await writer.turn();
      turns.push(name);
      await writer.write(`a line of ${name}\n`);
    });
    await settle();
    expect(turns).toEqual([]);

    pipe.read();
    await settle();
    expect(turns).toEqual(['one']);
    pipe.read();
    await settle();
    expect(turns).toEqual(['one', 'other']);
    pipe.read();
    await Promise.all(taken);
  });

  test('waits for a slow target, and loses no order', async () => {
    const { pipe, writer } = setUp();
    const done: string[] = [];

    const writes = ['first long line\n', 'second long line\n', 'third long line\n'].map((line) =>
      writer.write(line).then(() => done.push(line)),
    );
    await settle();
    expect(done).toEqual([]);
    while (done.length < 3) {
      pipe.read();
      await settle();
    }
    await Promise.all(writes);

    expect(pipe.written.join('')).toBe('first long line\nsecond long line\nthird long line\n');
  });

  test('leaves no listeners behind', async () => {
    const { pipe, writer } = setUp(true);

    for (let n = 0; n < 100; n++) await writer.write('a line that is longer than the buffer\n');

    expect(pipe.listenerCount('drain') + pipe.listenerCount('close')).toBe(0);
    expect(pipe.listenerCount('error')).toBe(1);
  });

  test('ends when nobody reads any more', async () => {
    const { pipe, writer } = setUp();
    const waiting = writer.write('a line that is longer than the buffer\n');

    pipe.destroy(new Error('EPIPE'));

    await expect(waiting).rejects.toMatchObject({ reason: 'EPIPE' });
    await expect(writer.write('more\n')).rejects.toBeInstanceOf(StoppedError);
    expect(() => writer.put('more\n')).toThrow(StoppedError);
  });

  test('ends when the run is stopped, but still takes the last state', async () => {
    const { pipe, stop, writer } = setUp();
    const waiting = writer.write('a line that is longer than the buffer\n');

    stop.abort(new StoppedError('SIGTERM'));

    await expect(waiting).rejects.toMatchObject({ reason: 'SIGTERM' });
    await expect(writer.write('more\n')).rejects.toMatchObject({ reason: 'SIGTERM' });
    writer.put('last\n');
    pipe.read();
    expect(pipe.written.at(-1)).toBe('last\n');
  });
});

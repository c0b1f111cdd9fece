import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Writer } from '../../../src/sdk/singer/writer.js';
import { type OutputOptions, OutputStream } from '../../../src/sdk/sync/output-stream.js';
import { keepLog } from '../../support/log.js';

const text = { type: 'string' };

function open(more: Partial<OutputOptions> = {}) {
  const lines: string[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(...chunk.toString().split('\n').filter(Boolean));
      done();
    },
  });
  const kept = keepLog();
  const output = new OutputStream({
    name: 'things',
    schema: { type: 'object', properties: { id: text, version: text, note: { type: ['string', 'null'] } } },
    keyProperties: ['id'],
    selected: () => true,
    writer: new Writer(stdout, new AbortController().signal),
    log: kept.log,
    maxBytes: 1000,
    ...more,
  });
  const messages = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { output, messages, lines, kept };
}

const row = (id: unknown, more: object = {}) => ({ row: { id, ...more } });

describe('a stream', () => {
  test('has its SCHEMA before its first record, once', async () => {
    const { output, messages } = open({ replicationKey: 'at' });

    await output.write([row('a')], 0);
    await output.write([row('b')], 0);
    await output.announce();

    expect(messages().map(({ type }) => type)).toEqual(['SCHEMA', 'RECORD', 'RECORD']);
    expect(messages()[0]).toMatchObject({ key_properties: ['id'], bookmark_properties: ['at'] });
    expect(output.outcome.rows).toBe(2);
  });

  test('of which a page has no rows writes nothing yet', async () => {
    const { output, messages } = open();

    expect(await output.write([], 0)).toBe(true);
    expect(messages()).toEqual([]);
  });

  test('activates its version only where it has one', async () => {
    const [without, versioned] = [open(), open({ version: 7 })];

    await without.output.activate();
    await versioned.output.activate();

    expect(without.messages()).toEqual([]);
    expect(versioned.messages()).toEqual([{ type: 'ACTIVATE_VERSION', stream: 'things', version: 7 }]);
  });

  test('ends at the number of records that are wanted', async () => {
    const { output, messages } = open({ maxRows: 2 });

    expect(await output.write([row('a')], 0)).toBe(true);
    expect(output.isEnough).toBe(false);
    expect(await output.write([row('b'), row('c')], 0)).toBe(true);

    expect(messages().filter(({ type }) => type === 'RECORD')).toHaveLength(2);
    expect(output.isEnough).toBe(true);
  });
});

describe('a record', () => {
  test('without its key is skipped and said; the others are written', async () => {
    const { output, messages, kept } = open();

    expect(await output.write([row('a'), row(null), row('c')], 0)).toBe(false);
    expect(messages().flatMap(({ record }) => (record === undefined ? [] : [record]))).toMatchObject([
      { id: 'a' },
      { id: 'c' },
    ]);
    expect(kept.said('ERROR')).toEqual(['things: skipped a record without its key id; the bookmark stays before it.']);
  });

  test('may be as long as the pipe takes, and not a byte longer', async () => {
    const { output, lines } = open({ maxBytes: 1e6 });
    await output.write([row('a', { note: 'é' })], 0);
    const length = Buffer.byteLength(`${lines[1] ?? ''}\n`);
    const fits = open({ maxBytes: length });
    const short = open({ maxBytes: length - 1 });

    expect(await fits.output.write([row('a', { note: 'é' })], 0)).toBe(true);
    expect(await short.output.write([row('a', { note: 'é' })], 0)).toBe(false);
    expect(fits.output.outcome.rows).toBe(1);
    expect(short.output.outcome.failures.join()).toMatch(/skipped a record of \d+ bytes, since the pipe takes/);
  });
});

describe('rows that have the other key', () => {
  const alternateKey = ['version'];

  test('make it the key of the stream, said once', async () => {
    const { output, messages } = open({ alternateKey });

    expect(await output.write([{ row: { version: '1' } }, { row: { version: '2' } }], 0)).toBe(true);
    expect(messages()[0]).toMatchObject({ type: 'SCHEMA', key_properties: ['version'] });
    expect(messages()[0]?.['schema']).not.toHaveProperty('properties.id.type', 'string');
    expect(output.outcome.describe()).toContain('rows have the key version, since the server sends no id');
  });

  test('leave the usual key where the first row has it, or has neither', async () => {
    const [usual, neither] = [open({ alternateKey }), open({ alternateKey })];

    await usual.output.write([row('a', { version: '1' })], 0);
    await neither.output.write([{ row: { note: 'x' } }], 0);

    for (const { messages } of [usual, neither]) expect(messages()[0]).toMatchObject({ key_properties: ['id'] });
    expect(neither.output.outcome.failures).toHaveLength(1);
  });
});

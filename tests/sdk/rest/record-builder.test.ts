/** From a row to a record: its key, its time, its bytes, and whether the settings want it. */
import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/sdk/define/resolve.js';
import type { StreamDefinition } from '../../../src/sdk/define/stream-definition.js';
import type { Row } from '../../../src/sdk/json/source-rows.js';
import { keyOf, recordsOf, timeOf } from '../../../src/sdk/rest/record-builder.js';
import { thing } from '../../support/rest.js';

const text = Buffer.from('{}');
const at = { context: { project: 'web' }, alias: { project: 'Web' } };
function record(row: Row, definition: Partial<StreamDefinition> = {}, config: unknown = {}) {
  const [made] = recordsOf(resolve(thing(definition), config), [{ row, text }], at);
  if (!made) throw new Error('no record');
  return made;
}

describe('a record', () => {
  test('leaves as it came, in its own bytes, where the definition changes nothing', () => {
    const row = { id: '1', at: '2026-11-22T10:00:00Z' };

    expect(record(row)).toEqual({ raw: row, row, key: '1', text, time: Date.UTC(2026, 10, 22, 10), kept: true });
    expect(record(row, { row: (own) => own }).text).toBe(text);
  });

  test('that the definition changes has no bytes, and knows where it was asked for', () => {
    const row = { id: '1' };

    const changed = record(row, { row: (own, context) => ({ ...own, ...context }) });

    expect(changed).toMatchObject({ raw: row, row: { id: '1', project: 'web' } });
    expect(changed.text).toBeUndefined();
  });

  test('has the columns of its context that it lacks, and then no bytes', () => {
    const schema = z.looseObject({ id: z.string(), project: z.string() });

    expect(record({ id: '1' }, { schema })).toMatchObject({ row: { id: '1', project: 'web' }, text: undefined });
    expect(record({ id: '1', project: null }, { schema }).row).toEqual({ id: '1', project: 'web' });
    expect(record({ id: '1' }, { schema, primaryKey: ['project', 'id'] }).key).toBe('web\u00001');
  });

  test('keeps what it has, and gets nothing that the schema does not name', () => {
    const own = { id: '1', project: 'own' };

    expect(record(own, { schema: z.looseObject({ project: z.string() }) })).toMatchObject({ row: own, text });
    expect(record({ id: '1' })).toMatchObject({ row: { id: '1' }, text });
  });

  test('has the time of the row as it came, or else of the row as it leaves', () => {
    const row = () => ({ at: '2026-11-22T11:00:00Z' });

    expect(record({ at: '2026-11-22T10:00:00Z' }, { row }).time).toBe(Date.UTC(2026, 10, 22, 10));
    expect(record({}, { row }).time).toBe(Date.UTC(2026, 10, 22, 11));
  });

  test('has no time without a replication key', () => {
    expect(record({ at: '2026-11-22T10:00:00Z' }, { replicationKey: undefined }).time).toBeUndefined();
  });

  test('is kept if the settings want it', () => {
    const keep = ({ id }: Row, { wanted }: { wanted: string }) => id === wanted;

    const definition = { keep } as unknown as Partial<StreamDefinition>;

    expect(record({ id: 'a' }, definition, { wanted: 'a' }).kept).toBe(true);
    expect(record({ id: 'b' }, definition, { wanted: 'a' }).kept).toBe(false);
  });
});

describe('a key', () => {
  test('is the text of the primary key', () => {
    expect(keyOf({ id: 7 }, { primaryKey: ['id'] })).toBe('7');
    expect(keyOf({ id: '' }, { primaryKey: ['id'] })).toBe('');
    expect(keyOf({ id: 0 }, { primaryKey: ['id'] })).toBe('0');
  });

  test('of several parts does not mix them up', () => {
    const primaryKey = ['a', 'b'];

    expect(keyOf({ a: 'x', b: 'yz' }, { primaryKey })).not.toBe(keyOf({ a: 'xy', b: 'z' }, { primaryKey }));
  });

  test('is the alternate one where a part of the primary one is missing', () => {
    const keys = { primaryKey: ['id', 'project'], alternateKey: ['version'] };

    expect(keyOf({ id: 1, project: null, version: 'v1' }, keys)).toBe('v1');
    expect(keyOf({ id: 1, version: 'v1' }, keys)).toBe('v1');
    expect(keyOf({ id: 1, project: 2, version: 'v1' }, keys)).toBe('1\u00002');
  });

  test('of a row without any is like no other', () => {
    const keys = { primaryKey: ['id'] };

    expect(keyOf({}, keys)).not.toBe(keyOf({}, keys));
    expect(keyOf({}, { primaryKey: [] })).not.toBe('');
  });
});

describe('a time', () => {
  test('is a whole second', () => {
    expect(timeOf('2026-11-22T10:00:00.999Z')).toBe(Date.UTC(2026, 10, 22, 10));
    expect(timeOf('1969-12-31T23:59:59.500Z')).toBe(-1000);
  });

  test.each([1_700_000_000, 1_700_000_000_000, 1_700_000_000_999])('may be the integer %i', (value) => {
    expect(timeOf(value)).toBe(Date.UTC(2023, 10, 14, 22, 13, 20));
  });

  test.each([undefined, null, 1.5, NaN, 'yesterday', {}])('is nothing that %j says', (value) => {
    expect(timeOf(value)).toBeUndefined();
  });
});

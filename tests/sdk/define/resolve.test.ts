/** A definition with the settings put in. */
import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/sdk/define/resolve.js';
import { batched, each, single } from '../../../src/sdk/define/scope.js';
import type { StreamDefinition } from '../../../src/sdk/define/stream-definition.js';
import { thing } from '../../support/rest.js';

const config = { days: 3, name: 'web' };
type Config = typeof config;
const resolved = (more: Record<string, unknown>) => resolve(thing(more as Partial<StreamDefinition>), config);

describe('what a definition does not say', () => {
  test('is one query without parameters, every row, no lookback, no full pass, no limit, no fallback', () => {
    const { keep, contextsOf, change, ...plain } = resolved({});

    expect(plain).toEqual({
      definition: plain.definition,
      params: {},
      fallback: undefined,
      queries: [{}],
      lookback: 0,
      fullPass: 0,
      maxNewest: undefined,
      wantsBody: false,
      emptyIf: undefined,
      wantedNames: [],
    });
    expect(keep({})).toBe(true);
    expect(contextsOf({})).toEqual([]);
    const row = { id: '1' };
    expect(change(row, { context: {}, alias: undefined })).toBe(row);
  });
});

describe('what a definition makes of the settings', () => {
  test('is worked out', () => {
    const body = { wanted: ({ days }: Config) => days > 1 };
    const fallback = { path: '/old/', params: ({ name }: Config) => ({ name }), remark: 'old' };

    expect(
      resolved({
        body,
        fallback,
        params: ({ name }: Config) => ({ name }),
        queries: ({ days }: Config) => [{ days: String(days) }, {}],
        lookback: ({ days }: Config) => days,
        fullPass: ({ days }: Config) => days * 2,
        maxNewest: ({ days }: Config) => days * 10,
        lookupByName: { wanted: ({ name }: Config) => [name] },
      }),
    ).toMatchObject({
      params: { name: 'web' },
      fallback: { path: '/old/', params: { name: 'web' }, remark: 'old' },
      queries: [{ days: '3' }, {}],
      lookback: 3,
      fullPass: 6,
      maxNewest: 30,
      wantsBody: true,
      wantedNames: ['web'],
    });
  });

  test('a fallback need not have parameters', () => {
    expect(resolved({ fallback: { path: '/old/' } }).fallback).toEqual({ path: '/old/', params: {} });
  });

  test('rows are kept as the settings say', () => {
    const { keep } = resolved({ keep: ({ id }: { id: string }, { name }: Config) => id === name });

    expect([keep({ id: 'web' }), keep({ id: 'api' })]).toEqual([true, false]);
  });

  test('another stream tells which contexts have rows only if its word counts', () => {
    const stream = thing({ name: 'others' });

    expect(resolved({ emptyIf: { stream, when: () => true } }).emptyIf).toBe(stream);
    expect(resolved({ emptyIf: { stream, when: () => false } }).emptyIf).toBeUndefined();
  });
});

describe('a full pass', () => {
  const parent = thing({ fullPass: ((own: Config) => own.days) as StreamDefinition['fullPass'] & {} });
  const scope = each(parent, { context: () => ({ id: '1' }) });

  test("is the parent's where a child is asked by the parent's changes", () => {
    expect(resolved({ scope, changedAt: () => [] }).fullPass).toBe(3);
    expect(resolved({ scope }).fullPass).toBe(0);
    expect(resolved({ scope: single(), changedAt: () => [] }).fullPass).toBe(0);
  });

  test('of its own comes first', () => {
    expect(resolved({ scope, changedAt: () => [], fullPass: () => 9 }).fullPass).toBe(9);
  });
});

describe('a scope', () => {
  const parent = thing();
  const context = ({ id }: { id?: unknown }) => ({ id: String(id) });

  test('is a list of its own, a list for each row of the parent, or one for many', () => {
    const select = () => ({ project: '-1' });

    expect(single()).toEqual({ kind: 'single' });
    expect(each(parent, { context })).toEqual({ kind: 'each', parent, context });
    expect(batched(parent, { context, select, contextOf: () => undefined })).toMatchObject({
      kind: 'batched',
      parent,
      context,
      select,
    });
  });
});

describe('the contexts of a row', () => {
  const parent = thing({ name: 'parents' });
  const of = (context: (row: Record<string, unknown>, config: Config) => unknown) =>
    resolved({ scope: each(parent, { context: context as never }) }).contextsOf({ id: '1' });

  test('are one, several, or none, as the row and the settings say', () => {
    expect(of(({ id }) => ({ parent: id }))).toEqual([{ parent: '1' }]);
    expect(of(({ id }, { name }) => [{ parent: id }, { parent: name }])).toEqual([{ parent: '1' }, { parent: 'web' }]);
    expect(of(() => undefined)).toEqual([]);
  });
});

/** The ways in which a stream can be asked, and which of them an error leaves. */
import { describe, expect, test } from 'vitest';
import { resolve } from '../../../src/sdk/define/resolve.js';
import type { StreamDefinition } from '../../../src/sdk/define/stream-definition.js';
import { FatalError, SkippableError, StreamError, TooLargeError } from '../../../src/sdk/errors.js';
import { type Way, isNotThere, isOpen, mayHelp, statusOf, variablesOf, waysOf } from '../../../src/sdk/rest/ways.js';
import { thing } from '../../support/rest.js';

const ways = (more: Partial<StreamDefinition>): Way[] => waysOf(resolve(thing(more), {}));
const optionalParam = { param: 'project', value: '-1', remark: 'without project' };

describe('the ways of a stream', () => {
  test('are its path, with the context and then with the alias', () => {
    expect(ways({ path: '/{project}/', remark: 'said', params: () => ({ a: 'b' }) })).toEqual([
      { path: '/{project}/', params: { a: 'b' }, aliased: false, isFallback: false, remark: 'said' },
      { path: '/{project}/', params: { a: 'b' }, aliased: true, isFallback: false, remark: 'said' },
    ]);
  });

  test('are also its path without an optional parameter, and last the fallback', () => {
    const fallback = { path: '/old/', params: () => ({ c: 'd' }), remark: 'old' };

    expect(ways({ optionalParam, fallback }).slice(2)).toEqual([
      {
        path: '/things/',
        params: {},
        aliased: false,
        without: 'project',
        isFallback: false,
        remark: 'without project',
      },
      { path: '/old/', params: { c: 'd' }, aliased: false, isFallback: true, remark: 'old' },
      { path: '/old/', params: { c: 'd' }, aliased: true, isFallback: true, remark: 'old' },
      { path: '/old/', params: { c: 'd' }, aliased: false, without: 'project', isFallback: true, remark: 'old' },
    ]);
  });
});

describe('a way is open', () => {
  const way: Way = { path: '/{org}/{project}/', params: {}, aliased: false, isFallback: false };
  const fixed = new Set(['org']);

  test('where each variable of its path has a value', () => {
    expect(isOpen(way, { context: { project: '1' } }, fixed)).toBe(true);
    expect(isOpen(way, { context: {} }, fixed)).toBe(false);
    expect(isOpen(way, { context: { project: '1' } }, new Set())).toBe(false);
  });

  test('with the alias, only where that fills its path', () => {
    const aliased = { ...way, aliased: true };

    expect(isOpen(aliased, { context: { project: '1' }, alias: { project: 'web' } }, fixed)).toBe(true);
    expect(isOpen(aliased, { context: { project: '1' }, alias: { other: 'web' } }, fixed)).toBe(false);
    expect(isOpen(aliased, { context: { project: '1' } }, fixed)).toBe(false);
  });

  test('variables are what stands in braces', () => {
    expect(variablesOf('/a/{org}/{project_id}/')).toEqual(['org', 'project_id']);
    expect(variablesOf('/a/')).toEqual([]);
  });
});

describe('an error', () => {
  const main: Way = { path: '/things/', params: {}, aliased: false, isFallback: false };
  const all: Record<string, Way> = {
    main,
    alias: { ...main, aliased: true },
    without: { ...main, without: 'project' },
    fallback: { ...main, isFallback: true },
    lesser: { ...main, isFallback: true, remark: 'fewer rows' },
  };
  const helping = (error: unknown): string[] => Object.keys(all).filter((name) => mayHelp(all[name] as Way, error));

  test.each([
    ['404', new SkippableError('', { status: 404 }), ['alias', 'fallback', 'lesser']],
    ['405', new SkippableError('', { status: 405 }), ['alias', 'fallback', 'lesser']],
    ['a page for people', new StreamError('', { code: 'ERR_NOT_JSON' }), ['alias', 'fallback', 'lesser']],
    ['too much', new TooLargeError(''), ['fallback']],
    ['403', new SkippableError('', { status: 403 }), ['without', 'fallback', 'lesser']],
    ['400', new StreamError('', { status: 400 }), ['without']],
    ['422', new StreamError('', { status: 422 }), ['without']],
    ['409', new StreamError('', { status: 409 }), []],
    ['a retry time that is over', new StreamError(''), []],
    ['a refused token', new FatalError(''), []],
  ])('that is %s may be mended by %j', (_, error, names) => {
    expect(helping(error)).toEqual(names);
  });

  test('says that nothing is there with 404 and 405, not with another list', () => {
    expect(isNotThere(new SkippableError('', { status: 404 }))).toBe(true);
    expect(isNotThere(new SkippableError('', { status: 403 }))).toBe(false);
    expect(isNotThere(new StreamError('', { code: 'ERR_NOT_A_LIST' }))).toBe(false);
    expect(isNotThere(new Error('404'))).toBe(false);
  });

  test('has the status of an answer, if it is one', () => {
    expect(statusOf(new SkippableError('', { status: 403 }))).toBe(403);
    expect(statusOf(new StreamError('', { status: 400 }))).toBe(400);
    expect(statusOf(new StreamError(''))).toBeUndefined();
    expect(statusOf(new TooLargeError(''))).toBeUndefined();
  });
});

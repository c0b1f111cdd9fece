/** A stream on its way in: what it asks for, and which way of asking a server answers (laws 8, 13). */
import { describe, expect, test } from 'vitest';
import { batched, each } from '../../../src/sdk/define/scope.js';
import type { StreamDefinition } from '../../../src/sdk/define/stream-definition.js';
import { SkippableError, StreamError, TooLargeError } from '../../../src/sdk/errors.js';
import type { Row } from '../../../src/sdk/json/source-rows.js';
import type { RequestContext } from '../../../src/sdk/rest/page.js';
import type { RestConnection, RestStream } from '../../../src/sdk/rest/rest-stream.js';
import { type RestOptions, restStream, thing } from '../../support/rest.js';

interface Reply {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

type Server = Record<string, Reply | unknown[]> | ((url: URL) => Reply | unknown[] | undefined);

/** A stream of a server that answers paths, and 404 elsewhere; what was asked for is kept. */
function streamOf(server: Server, definition: Partial<StreamDefinition> = {}, more: Partial<RestOptions> = {}) {
  const asked: string[] = [];
  const told: string[] = [];
  const connection: Partial<RestConnection> = {
    variables: { org: 'acme' },
    onOtherWay: (stream, usual, now) => told.push(`${stream}: ${usual} -> ${now}`),
    ...more.connection,
  };
  const rest = restStream({
    ...more,
    connection,
    definition,
    transport: async (url) => {
      const path = url.pathname.replace('/api', '');
      asked.push(path + url.search.replaceAll('per_page=3', '').replace(/\?$/, ''));
      const found = typeof server === 'function' ? server(url) : server[path];
      const reply: Reply = Array.isArray(found)
        ? { body: found }
        : (found ?? { status: 404, body: { detail: 'gone' } });
      const { status = 200, body = [], headers = {} } = reply;
      return { status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
    },
  });
  return { rest, asked, told };
}

const parent = thing({ name: 'projects' });
const eachProject = each(parent, { context: () => undefined }) as StreamDefinition['scope'];
const at = (project: string, alias?: string): RequestContext => ({
  context: { project },
  ...(alias === undefined ? {} : { alias: { project: alias } }),
});
const nowhere: RequestContext = { context: {} };
const first = (rest: RestStream, where: RequestContext = nowhere, params = {}) => rest.first({ at: where, params });
const rows = [{ id: '1' }, { id: '2' }];
const projects: Partial<StreamDefinition> = { path: '/p/{project}/', scope: eachProject };

describe('a request', () => {
  test('has the page size, the parameters of the stream, and its own', async () => {
    const { rest, asked } = streamOf({ '/things/': rows }, { params: () => ({ a: '1', b: '1' }) });

    await rest.first({ at: nowhere, params: { b: '2' }, select: { project: ['7', '8'] } });

    expect(asked).toEqual(['/things/?&a=1&b=2&project=7&project=8']);
  });

  const body = { wanted: () => true, present: () => true, path: '/x/', context: () => ({}), param: 'full' };
  const cases: readonly [string, Partial<StreamDefinition>, object, string][] = [
    ['a size parameter of another name', { sizeParam: 'limit' }, {}, '?limit=3'],
    ['no size parameter', { sizeParam: null }, {}, ''],
    ['an object', { answer: 'object' }, {}, ''],
    ['pages of another size', {}, { pageSize: 10 }, '?per_page=10'],
    ['rows without their bodies', { params: () => ({ full: '1', a: '2' }), body }, { withoutBodies: true }, '?&a=2'],
  ];
  test.each(cases)('for %s is made so', async (_, definition, request, query) => {
    const { rest, asked } = streamOf({ '/things/': { body: definition.answer ? {} : [] } }, definition);

    await rest.first({ at: nowhere, params: {}, ...request });

    expect(asked).toEqual([`/things/${query}`]);
  });

  test('fills its path with the context, and with what is the same everywhere', async () => {
    const { rest, asked } = streamOf({ '/o/acme/7/': rows }, { path: '/o/{org}/{project}/', scope: eachProject });

    await first(rest, at('7'));

    expect(asked).toEqual(['/o/acme/7/']);
  });

  test('waits for its turn before its answer is read', async () => {
    const turns: string[] = [];
    const turn = async (): Promise<void> => void turns.push('turn');
    const { rest } = streamOf(
      { '/things/': rows },
      { row: (row) => (turns.push('row'), row) },
      { connection: { turn } },
    );

    await first(rest);

    expect(turns).toEqual(['turn', 'row', 'row']);
  });
});

describe('a page', () => {
  const link = '<http://list/?cursor=3>; rel="next"; results="true"; cursor="3"';

  test('has its records, its size, and where the next one is', async () => {
    const { rest } = streamOf({ '/things/': { body: [{ id: '1' }, null], headers: { link } } });

    const page = await first(rest);

    expect(page.records.map(({ key }) => key)).toEqual(['1']);
    expect(page.size).toBe(2);
    if (typeof page.next === 'string') throw new Error(page.next);
    expect(page.next.url.searchParams.get('cursor')).toBe('3');
    expect(page.next.overlap?.searchParams.get('cursor')).toBe('2');
  });

  test('that is an object has no successor', async () => {
    const { rest } = streamOf({ '/things/': { body: { id: '1' }, headers: { link } } }, { answer: 'object' });

    expect((await first(rest)).next).toBe('end');
  });

  test('in whose place there is nothing at all is the end, and says so', async () => {
    const { rest } = streamOf({ '/things/': { status: 400, body: { detail: 'Beyond retention' } } });

    expect(await first(rest)).toMatchObject({ records: [], size: 0, next: 'end', nothingThere: true });
  });

  test('without a word can be guessed, unless it is empty', async () => {
    expect((await first(streamOf({ '/things/': rows }).rest)).guesses(2)).toHaveLength(1);
    expect((await first(streamOf({ '/things/': [] }).rest)).guesses(0)).toEqual([]);
  });

  test('that follows is asked for by its URL', async () => {
    const { rest, asked } = streamOf({ '/things/': rows });

    await rest.list({ at: nowhere, params: {} }).follow(new URL('http://list/api/things/?cursor=3'));

    expect(asked).toEqual(['/things/?cursor=3']);
  });

  test.each([403, 404])(
    'that follows and is refused with %i is a failure: the list was given out before',
    async (status) => {
      const { rest } = streamOf(({ search }) => (search.includes('cursor') ? { status, body: {} } : rows));
      const list = rest.list({ at: nowhere, params: {} });
      await list.first();

      const error = await list.follow(new URL('https://api.test/api/things/?cursor=2')).catch((e: unknown) => e);

      expect(error).toBeInstanceOf(StreamError);
      expect(String(error)).toContain('after earlier pages of the list had come');
    },
  );

  test('that follows and is refused for one context is refused: the context may be gone', async () => {
    const { rest } = streamOf(({ search }) => (search.includes('cursor') ? { status: 404 } : rows), projects);
    const list = rest.list({ at: at('a'), params: {} });
    await list.first();

    await expect(list.follow(new URL('https://api.test/api/p/a/?cursor=2'))).rejects.toBeInstanceOf(SkippableError);
  });

  test('tells what was mended in its bytes', async () => {
    const repairs: string[] = [];
    const onRepair = (stream: string, what: string): void => void repairs.push(`${stream}: ${what}`);
    const { rest } = streamOf({ '/things/': { body: '\uFEFF[{"id":"1"}]' } }, {}, { connection: { onRepair } });

    expect((await first(rest)).records).toHaveLength(1);
    expect(repairs.every((repair) => repair.startsWith('things: '))).toBe(true);
  });

  test('tells what it says of its rows', async () => {
    const said: string[] = [];
    const onWarning = (stream: string, what: string): void => void said.push(`${stream}: ${what}`);
    const definition = { records: ({ data }: Row) => data, warnings: ({ meta }: Row) => [String(meta)] };
    const body = { data: [], meta: 'a sample' };
    const { rest } = streamOf({ '/things/': { body } }, definition, { connection: { onWarning } });

    await first(rest);

    expect(said).toEqual(['things: a sample']);
  });
});

describe('where a context is not known by its id', () => {
  test('the alias is tried, and used from then on', async () => {
    const { rest, asked, told } = streamOf({ '/p/web/': rows, '/p/api/': rows }, projects);

    await first(rest, at('1', 'web'));
    await first(rest, at('2', 'api'));

    expect(asked).toEqual(['/p/1/', '/p/web/', '/p/api/']);
    expect(told).toEqual([]); // the path is the same
  });

  test('a context without alias is still asked by its id', async () => {
    const { rest, asked } = streamOf({ '/p/web/': rows, '/p/2/': rows }, projects);

    await first(rest, at('1', 'web'));
    await first(rest, at('2'));

    expect(asked.at(-1)).toBe('/p/2/');
  });

  test('a page for people is no answer either', async () => {
    const { rest } = streamOf({ '/p/1/': { body: '<html>' }, '/p/web/': rows }, projects);

    expect((await first(rest, at('1', 'web'))).size).toBe(2);
  });

  test('a context that is gone does not keep others from their alias', async () => {
    const { rest } = streamOf({ '/p/web/': rows }, projects);

    await expect(first(rest, at('1', 'gone'))).rejects.toMatchObject({ status: 404 });

    expect((await first(rest, at('2', 'web'))).size).toBe(2);
  });

  test('five contexts are tried, not each of thousands', async () => {
    const { rest, asked } = streamOf({}, projects);

    for (let project = 1; project <= 8; project++)
      await expect(first(rest, at(`${project}`, `p${project}`))).rejects.toBeInstanceOf(SkippableError);

    expect(asked.filter((path) => path.startsWith('/p/p'))).toHaveLength(5);
    expect(asked).toHaveLength(8 + 5);
  });

  test('nothing else is tried once the server has answered', async () => {
    const { rest, asked } = streamOf({ '/p/1/': rows, '/p/web/': rows }, projects);
    await first(rest, at('1', 'one'));

    await expect(first(rest, at('2', 'web'))).rejects.toBeInstanceOf(SkippableError);

    expect(asked).toEqual(['/p/1/', '/p/2/']);
  });

  test('several contexts at once try one after the other, and profit', async () => {
    const { rest, asked } = streamOf({ '/p/a/': rows, '/p/b/': rows, '/p/c/': rows }, projects);

    const found = await Promise.all([at('1', 'a'), at('2', 'b'), at('3', 'c')].map((where) => first(rest, where)));

    expect(found.map(({ size }) => size)).toEqual([2, 2, 2]);
    expect(asked.filter((path) => /[abc]/.test(path.slice(3)))).toHaveLength(3);
  });
});

describe('a parameter that the server refuses', () => {
  const optionalParam = { param: 'project', value: '-1', remark: 'without project' };
  const scope = batched(parent, { context: () => undefined, select: () => ({}), contextOf: () => undefined });
  const definition = { optionalParam, scope: scope as StreamDefinition['scope'] };
  const server =
    (status: number) =>
    (url: URL): Reply | unknown[] =>
      url.searchParams.has('project') ? { status, body: {} } : rows;
  const everything = { at: nowhere, params: {}, select: { project: '-1' } };

  test.each([400, 403, 422])('with %i is left out, and that is said', async (status) => {
    const { rest, asked } = streamOf(server(status), definition);

    expect((await rest.first(everything)).size).toBe(2);
    expect(asked.at(-1)).toBe('/things/');
    expect(rest.remark).toBe('without project');
  });

  test('is kept with another value, which names something', async () => {
    const { rest, asked } = streamOf(server(403), definition);
    await rest.first(everything);

    await rest.first({ at: nowhere, params: {}, select: { project: '7' } }).catch(() => undefined);

    expect(asked.at(-1)).toBe('/things/?&project=7');
  });

  test('is not left out because of other errors', async () => {
    const { rest, asked } = streamOf(server(409), definition);

    await expect(rest.first(everything)).rejects.toMatchObject({ status: 409 });
    expect(asked).toHaveLength(1);
  });
});

describe('where the server does not have the path', () => {
  const fallback = { path: '/old/', params: () => ({ c: 'd' }), remark: 'from the old path' };

  test('the fallback is asked, with its own parameters and without those that name contexts', async () => {
    const { rest, asked, told } = streamOf({ '/old/': rows }, { fallback, params: () => ({ a: 'b' }) });

    await rest.first({ at: nowhere, params: { start: 'x' }, select: { project: '7' } });

    expect(asked).toEqual(['/things/?&a=b&start=x&project=7', '/old/?&c=d&start=x']);
    expect(told).toEqual(['things: /things/ -> /old/']);
    expect(rest).toMatchObject({ usesFallback: true, path: '/old/', remark: 'from the old path' });
  });

  test('nor the other one, the first error stands', async () => {
    const { rest } = streamOf({}, { fallback });

    await expect(first(rest)).rejects.toThrow(/\/things\/.*404/);
  });

  test.each([
    [503, StreamError],
    [403, SkippableError],
  ])('the fallback keeps its own error, %i', async (status, kind) => {
    const { rest } = streamOf({ '/old/': { status, body: {} } }, { fallback });

    const failing = first(rest);

    await expect(failing).rejects.toBeInstanceOf(kind);
    await expect(failing).rejects.toThrow(new RegExp(`/old/.*${status}`));
  });

  test('because it only fails there, a fallback with fewer rows is not asked', async () => {
    const { rest, asked } = streamOf({ '/things/': { status: 500, body: {} }, '/old/': rows }, { fallback });

    await expect(first(rest)).rejects.toThrow(/500/);
    expect(asked.filter((path) => path.startsWith('/old/'))).toEqual([]);
  });

  test('because it only fails there, a fallback with the same rows is asked after three tries', async () => {
    const { remark: _, ...equal } = fallback;
    const { rest, asked } = streamOf({ '/things/': { status: 500, body: {} }, '/old/': rows }, { fallback: equal });

    expect((await first(rest)).size).toBe(2);
    expect(asked).toEqual(['/things/', '/things/', '/things/', '/old/?&c=d']);
  });

  test('an answer in the usual way is the last word: later failures are not', async () => {
    let nth = 0;
    const { rest } = streamOf((url) => (url.pathname.includes('old') || nth++ === 0 ? rows : { status: 500 }), {
      fallback,
    });
    await first(rest);

    await expect(rest.first({ at: nowhere, params: {} }, 'short')).rejects.toBeInstanceOf(TooLargeError);
    expect(rest.usesFallback).toBe(false);
  });
});

describe('an empty answer, while none had rows', () => {
  test('leads to another way that has some, which is kept', async () => {
    const { rest, asked } = streamOf({ '/p/1/': [], '/p/web/': rows, '/p/2/': [], '/p/api/': [] }, projects);
    await first(rest, at('1', 'web'));

    expect((await rest.findRows({ at: at('1', 'web'), params: {} }))?.size).toBe(2);
    await first(rest, at('2', 'api'));

    expect(asked).toEqual(['/p/1/', '/p/web/', '/p/api/']);
  });

  test('says which pages came in the way of before', async () => {
    const { rest } = streamOf({ '/p/1/': [], '/p/web/': rows }, projects);
    const page = await first(rest, at('1', 'web'));
    expect(rest.isCurrent(page)).toBe(true);

    await rest.findRows({ at: at('1', 'web'), params: {} });

    expect(rest.isCurrent(page)).toBe(false);
  });

  test('is just empty where no other way has rows', async () => {
    const { rest } = streamOf({ '/p/1/': [], '/p/web/': [] }, projects);

    expect(await rest.findRows({ at: at('1', 'web'), params: {} })).toBeUndefined();
    expect(rest.path).toBe('/p/{project}/');
  });

  test('of a context that the other way does not know does not keep others from it', async () => {
    const { rest } = streamOf({ '/p/1/': [], '/p/2/': [], '/p/web/': rows }, projects);

    expect(await rest.findRows({ at: at('1', 'gone'), params: {} })).toBeUndefined();
    expect((await rest.findRows({ at: at('2', 'web'), params: {} }))?.size).toBe(2);
  });

  test('is an error where the other way along the same path fails: the rows may be there', async () => {
    const { rest } = streamOf({ '/p/1/': [], '/p/web/': { status: 500, body: {} } }, projects);

    const finding = rest.findRows({ at: at('1', 'web'), params: {} });

    await expect(finding).rejects.toBeInstanceOf(StreamError);
    await expect(finding).rejects.toThrow(/it has no rows; .*\/p\/web\/ .*500/);
  });

  test('asks no other way once there were rows', async () => {
    const { rest, asked } = streamOf({ '/p/1/': rows, '/p/web/': rows }, projects);
    await first(rest, at('1'));

    expect(rest.hasShown()).toBe(true);
    expect(await rest.findRows({ at: at('2', 'web'), params: {} })).toBeUndefined();
    expect(asked).toEqual(['/p/1/']);
  });
});

describe('a single row', () => {
  test('exists unless its own path answers 404', async () => {
    const server = { '/p/1/': { body: { id: '1' } }, '/p/2/': { status: 403, body: {} }, '/p/3/': { body: [] } };
    const { rest } = streamOf(server, projects);

    expect(await rest.exists('/p/{project}/', { project: '1' })).toBe(true);
    expect(await rest.exists('/p/{project}/', { project: '3' })).toBe(true);
    expect(await rest.exists('/p/{project}/', { project: '9' })).toBe(false);
    await expect(rest.exists('/p/{project}/', { project: '2' })).rejects.toMatchObject({ status: 403 });
  });

  test('is found by its name, or is not there', async () => {
    const { rest } = streamOf({ '/p/web/': { body: { id: '1' } } }, projects);

    expect(await rest.lookupByName('/p/{name}/', 'web')).toEqual({ id: '1' });
    expect(await rest.lookupByName('/p/{name}/', 'gone')).toBeUndefined();
  });

  test('that cannot be looked for is an error', async () => {
    const { rest } = streamOf({ '/p/web/': { status: 409, body: {} } }, projects);

    await expect(rest.lookupByName('/p/{name}/', 'web')).rejects.toBeInstanceOf(StreamError);
  });
});

describe('a body that the list did not bring', () => {
  const body = (wanted = true) => ({
    wanted: () => wanted,
    present: (row: object) => 'body' in row,
    path: '/p/{project}/{id}/',
    context: ({ id }: { id?: unknown }) => ({ id: String(id) }),
    param: 'full',
  });
  const withBody = (more: Partial<StreamDefinition> = {}) => ({ ...projects, body: body(), ...more });
  const full = { body: { id: '2', body: 'long' } };

  async function completed(server: Server, definition: Partial<StreamDefinition>, where = at('1', 'web')) {
    const { rest, asked } = streamOf(server, definition);
    const page = await first(rest, where);
    const records = await Promise.all(page.records.map((record) => rest.withBody(record, where)));
    return { rows: records.map(({ row }) => row), asked, texts: records.map(({ text }) => text !== undefined) };
  }

  test('is fetched, and completes the row', async () => {
    const list = [
      { id: '1', body: 'short' },
      { id: '2', at: 'x' },
    ];

    const { rows: found, asked, texts } = await completed({ '/p/1/': list, '/p/1/2/': full }, withBody());

    expect(found).toEqual([list[0], { id: '2', at: 'x', body: 'long' }]);
    expect(asked).toEqual(['/p/1/', '/p/1/2/']);
    expect(texts[1]).toBe(false);
  });

  test.each([
    ['where the settings do not want it', { body: body(false) }],
    ['of a row that the settings do not want', { body: body(), keep: () => false }],
  ])('is not fetched %s', async (_, more) => {
    const { asked } = await completed({ '/p/1/': [{ id: '2' }] }, { ...projects, ...more });

    expect(asked).toEqual(['/p/1/']);
  });

  test('is asked for by the alias where the id is not known, and there first where the list was', async () => {
    const list = [{ id: '2' }];

    const byId = await completed({ '/p/1/': list, '/p/web/2/': full }, withBody());
    const bySlug = await completed({ '/p/web/': list, '/p/web/2/': full }, withBody());

    expect(byId.asked).toEqual(['/p/1/', '/p/1/2/', '/p/web/2/']);
    expect(bySlug.asked).toEqual(['/p/1/', '/p/web/', '/p/web/2/']);
    expect(byId.rows).toEqual([{ id: '2', body: 'long' }]);
  });

  test.each([{ body: 'long' }, { id: null, body: 'long' }, { id: '3', body: 'long' }])(
    'leaves the row its key, whatever it says of it: %j',
    async (found) => {
      const { rows } = await completed({ '/p/1/': [{ id: '2' }], '/p/1/2/': { body: found } }, withBody());

      expect(rows).toEqual([{ id: '2', body: 'long' }]);
    },
  );

  test('brings the key where the list lacks it', async () => {
    const server = { '/p/1/': [{ at: 'x' }], '/p/1/undefined/': { body: { id: '2', body: 'long' } } };

    const { rows } = await completed(server, withBody());

    expect(rows).toEqual([{ at: 'x', id: '2', body: 'long' }]);
  });

  test('that is refused is an error', async () => {
    const server = { '/p/1/': [{ id: '2' }], '/p/1/2/': { status: 403, body: {} } };

    await expect(completed(server, withBody())).rejects.toMatchObject({ status: 403 });
  });
});

describe('workers', () => {
  test('are as many as the route takes, and some more', () => {
    const { rest } = streamOf({}, {}, { capacity: 4 });

    expect(rest.workers).toBe(rest.capacity + Math.ceil(rest.capacity / 4));
  });

  test('are one where requests must keep their order', () => {
    const { rest } = streamOf({}, { serial: true }, { capacity: 4 });

    expect([rest.capacity, rest.workers, rest.usefulWorkers]).toEqual([1, 1, 1]);
  });
});

describe('a definition of its own ways', () => {
  test('names the context in a parameter where the path does not', async () => {
    const scope = each(parent, {
      context: () => undefined,
      params: ({ project }: { project: string }) => ({ project }),
    }) as StreamDefinition['scope'];
    const { rest, asked } = streamOf({ '/things/': rows }, { scope });

    await first(rest, at('7'));

    expect(asked).toEqual(['/things/?&project=7']);
  });

  test('tells a row with which parameters it was asked for', async () => {
    const row: StreamDefinition['row'] = (own, _context, { kind }) => ({ ...own, kind });
    const { rest } = streamOf({ '/things/': rows }, { row });

    const { records } = await first(rest, nowhere, { kind: 'x' });

    expect(records.map((record) => record.row['kind'])).toEqual(['x', 'x']);
  });

  test('takes a whole list for its end, unless the answer names a next page', async () => {
    const link = '<http://list/>; rel="next"; cursor="c"';
    const silent = streamOf({ '/things/': rows }, { answer: 'whole' });
    const speaking = streamOf({ '/things/': { body: rows, headers: { link } } }, { answer: 'whole' });

    expect((await first(silent.rest)).next).toBe('end');
    expect((await first(speaking.rest)).next).toMatchObject({ url: expect.any(URL) as URL });
  });

  test('pages in its own way', async () => {
    const next = new URL('http://list/api/things/?from=3');
    const { rest } = streamOf({ '/things/': rows }, { paginator: { next: () => ({ url: next }) } });

    expect((await first(rest)).next).toMatchObject({ url: next });
  });
});

/**
 * Values that break databases, through real Meltano into real PostgreSQL: no run stops, and what can be kept is kept.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventId, eventText, issueText, smallSentry, token } from '../faults/small-sentry.js';
import { everything } from '../packaging/commands.js';
import type { Loopback } from '../support/loopback.js';
import { Load } from './load.js';
import { Postgres, postgresPrograms } from './postgres.js';
import { meltanolabs, pipelinewise, type Target } from './targets.js';

const patience = 600_000;
const targets: readonly Target[] =
  postgresPrograms() === undefined ? [] : everything ? [pipelinewise, meltanolabs] : [pipelinewise];

const deep = `${'{"a":['.repeat(60)}1${']}'.repeat(60)}`;
const long = 'é😀'.repeat(300_000);
const data = [
  ['nul', '"a\\u0000b"', 'ab'],
  ['half', '"x\\ud800y"', 'x\uFFFDy'],
  ['emoji', '"\\ud83d\\ude00"', '😀'],
  ['beyond53', '9007199254740993', '9007199254740993'],
  ['beyond64', '92233720368547758081', '92233720368547758081'],
  ['beyondDouble', '1e400', '1e400'],
  [
    'quotes',
    '"\'; drop table sentry.events; -- \\" $$ \\\\ {{x}} %s"',
    '\'; drop table sentry.events; -- " $$ \\ {{x}} %s',
  ],
  ['csv', '"a,b\\tc\\r\\nd\\\\N"', 'a,b\tc\r\nd\\N'],
  ['__proto__', '"own"', 'own'],
  ['Key', '1', '1'],
  ['KEY', '2', '2'],
  ['', '"no name"', 'no name'],
] as const;
const user =
  `"user":{"id":"1","data":{${data.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join()},` +
  `"de\\u0000ep":${deep}}}`;

describe.each(targets)('$pip holds', (target) => {
  let postgres: Postgres;
  let server: Loopback;
  let load: Load;
  const one = async (sql: string): Promise<unknown> =>
    JSON.parse((await postgres.all(`select to_json(x) from (${sql}) t(x)`)).join('\n') || 'null');

  beforeAll(async () => {
    postgres = await Postgres.start();
    server = await smallSentry({
      issues:
        '[' +
        `${issueText('1', '"userCount":9223372036854775807,"firstSeen":"2026-02-01T10:00:00.123456789+02:00"')}` +
        `,${issueText('2', '"userCount":9223372036854775808,"firstSeen":"10000-01-01T00:00:00Z"')},` +
        `${issueText('3', '"userCount":1e400,"firstSeen":"soon","title":{"a":1}')}]`,
      events:
        `[${eventText(eventId(1), user)},${eventText(eventId(2), `"message":"${long}"`)},` +
        `${eventText(eventId(3), '"message":"a\\u0000\\udfffb"')}]`,
    });
    load = await Load.prepare({
      demo: { url: server.url.href, token, organization: 'acme' },
      target,
      postgres,
      settings: { start_date: '2026-01-01' },
    });
    await load.run();
  }, patience);
  afterAll(async () => {
    load.remove();
    await server[Symbol.asyncDispose]();
    await postgres.stop();
  }, patience);

  test('every row, once', async () => {
    expect(await one('select count(*) from sentry.events')).toBe(3);
    expect(await one('select count(*) from sentry.issues')).toBe(3);
  });

  test.each(data)('%j in a free body', async (name, _, held) => {
    expect(
      await one(
        `select "user"->'data'->>'${name}' from sentry.events where "user" is not null and "user"::text <> 'null'`,
      ),
    ).toBe(held);
  });

  test('sixty levels, under a name that lost its NUL', async () => {
    expect(
      await one(`select "user"->'data'->'deep' from sentry.events where "user" is not null and "user"::text <> 'null'`),
    ).toEqual(JSON.parse(deep));
  });

  test('texts of 1.8 MB, and those that lost what no database takes', async () => {
    expect(await one(`select message from sentry.events where message like 'é%'`)).toBe(long);
    expect(await one(`select message from sentry.events where message like 'a%'`)).toBe('a\uFFFDb');
  });

  test('integers of 64 bits, and NULL for larger ones', async () => {
    const column = target === meltanolabs ? '"userCount"' : 'usercount';
    expect(
      await postgres.all(`select id || ' ' || coalesce(${column}::text, 'NULL') from sentry.issues order by id`),
    ).toEqual(['1 9223372036854775807', '2 NULL', '3 NULL']);
  });

  test('times to the microsecond, and NULL for what is none', async () => {
    const column = target === meltanolabs ? '"firstSeen"' : 'firstseen';
    expect(
      await postgres.all(
        `select id || ' ' || coalesce(to_char(${column}, 'YYYY-MM-DD HH24:MI:SS.US'), 'NULL') from sentry.issues ` +
          'order by id',
      ),
    ).toEqual(['1 2026-02-01 08:00:00.123456', '2 NULL', '3 NULL']);
  });
});

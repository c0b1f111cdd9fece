/** The standard checks: content with a good tap, and each of them finds the fault that it is for. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tap } from '../../../packaging/second-tap/src/tap.js';
import type { Program } from '../../../src/sdk/cli/program.js';
import { tapChecks } from '../../../src/sdk/testing/index.js';
import { day, hour } from '../../../src/sdk/time.js';
import { Chance } from '../../support/random.js';
import { type BakeryServer, orderAt, serveBakery } from '../../support/second-server.js';
import { type AnyMessage, type Change, type PlainChange, inRecordsOf, writing } from './broken.js';

let server: BakeryServer;
beforeAll(async () => {
  const now = Date.now();
  const ordersOf = (shop: number) => Array.from({ length: 9 }, (_, n) => orderAt(shop * 100 + n, now - day - n * hour));
  const bakery = {
    shops: [1, 2, 3].map((id) => ({ id, name: `S${id}` })),
    orders: new Map([1, 2, 3].map((shop) => [shop, ordersOf(shop)])),
  };
  server = await serveBakery({ bakery, behaviour: { largestPage: 5 }, chance: new Chance(1), now: () => Date.now() });
});
afterAll(() => server[Symbol.asyncDispose]());

const settings = () => ({ api_key: server.key, url: server.url.href });
const checksOf = (program: Program) => tapChecks(program, { config: settings(), stops: 3 });

/** What a check says of a tap; undefined: it is content. */
async function saysOf(program: Program, name: string): Promise<string | undefined> {
  const check = checksOf(program).find((one) => one.name === name);
  if (!check) throw new Error(`There is no check ${name}.`);
  return check.run().then(
    () => undefined,
    (error: unknown) => String(error),
  );
}

const onlyOnce = (change: Change): Change => {
  let done = false;
  return (message, run) => {
    const changed = done ? [message] : change(message, run);
    done ||= changed.length !== 1 || changed[0] !== message;
    return changed;
  };
};
const drops =
  (type: string): Change =>
  (message) =>
    message.type === type ? [] : [message];
const isRecordOf = ({ type, stream }: AnyMessage, name: string): boolean => type === 'RECORD' && stream === name;
const inState =
  (more: Record<string, unknown>): PlainChange =>
  (message) =>
    message.type === 'STATE'
      ? [{ ...message, value: { bookmarks: { ...message.value?.bookmarks, ...more } } }]
      : [message];
const inSchemaOf =
  (stream: string, more: Partial<AnyMessage>): Change =>
  (message) =>
    message.type === 'SCHEMA' && message.stream === stream ? [{ ...message, ...more }] : [message];
const discovering = (change: (entry: Record<string, unknown>) => object): Program => ({
  ...tap,
  discover: (config) => ({ streams: tap.discover(config).streams.map((entry) => change({ ...entry }) as never) }),
});

describe('with a good tap', () => {
  test('every check is content', async () => {
    for (const { name, run } of checksOf(tap)) await expect(run(), name).resolves.toBeUndefined();
  });
});

/** The checks, each with faults that it is for: what is broken, the broken tap, and what the check says of it. */
describe.each([
  [
    'prints its version, its help and what it is about',
    [['an about that fails', { ...tap, capabilities: undefined as never }, /--about does not name tap-bakery/]],
  ],
  [
    'refuses an unknown option and an unreadable state, and prints nothing',
    [
      [
        'a state that is taken for none',
        { ...tap, sync: async () => 0 },
        /a state that is none ends with 0 instead of 1/,
      ],
    ],
  ],
  [
    'takes the catalog that it has discovered',
    [
      [
        'a stream that is never announced',
        writing(tap, (m) => (m.stream === 'shops' ? [] : [m])),
        /shops has 0 SCHEMA messages/,
      ],
      [
        'other keys',
        writing(tap, inSchemaOf('shops', { key_properties: ['name'] })),
        /shops: the SCHEMA has other columns or keys/,
      ],
    ],
  ],
  [
    'tests its connection with at most one record of each stream',
    [
      ['two records', writing(tap, (m) => (isRecordOf(m, 'shops') ? [m, m] : [m])), /shops has 2 records/],
      [
        'a test that fails',
        { ...tap, sync: async (run) => (run.mode === 'test' ? 1 : tap.sync(run)) },
        /--test ends with 1/,
      ],
    ],
  ],
  [
    'writes each SCHEMA before what belongs to it, and nothing but messages',
    [
      ['no SCHEMA', writing(tap, drops('SCHEMA')), /RECORD of shops comes before its SCHEMA/],
      ['a second SCHEMA', writing(tap, (m) => (m.type === 'SCHEMA' ? [m, m] : [m])), /shops has a second SCHEMA/],
      ['an unknown message', writing(tap, (m) => [m, { type: 'LOG' }]), /LOG is no message/],
    ],
  ],
  [
    'ends with a state that is no half-finished one',
    [
      ['no state', writing(tap, drops('STATE')), /The last STATE has no bookmarks/],
      [
        'markers of progress',
        writing(tap, inState({ orders: { progress_markers: {} } })),
        /the state has progress_markers/,
      ],
      [
        'no bookmark',
        writing(tap, inState({ orders: undefined })),
        /orders is incremental and has records, but no bookmark/,
      ],
    ],
  ],
  [
    'shows no secret',
    [
      [
        'the key in a record',
        writing(tap, (message, { config }) =>
          inRecordsOf('shops', (row) => ({ ...row, name: (config as { api_key: string }).api_key }))(message),
        ),
        /api_key is shown/,
      ],
    ],
  ],
  [
    'orders: the schema is a JSON Schema that has the keys',
    [
      [
        'a key that is no column',
        discovering((entry) => ({ ...entry, key_properties: ['number'] })),
        /orders.number is a key, but no column/,
      ],
      [
        'an unknown type',
        discovering((entry) => ({ ...entry, schema: { properties: { id: { type: 'int' }, updated_at: {} } } })),
        /orders.id: int is no type/,
      ],
      ['no column', discovering((entry) => ({ ...entry, schema: {} })), /orders has no column/],
    ],
  ],
  [
    'orders: there are records',
    [['no record', writing(tap, (m) => (isRecordOf(m, 'orders') ? [] : [m])), /orders has no record/]],
  ],
  [
    'shops: every column comes in some record',
    [
      [
        'a column without values',
        writing(
          tap,
          inRecordsOf('shops', (row) => ({ ...row, name: null })),
        ),
        /shops.name comes in no record/,
      ],
    ],
  ],
  [
    'orders: records fit the schema',
    [
      [
        'a text for a number',
        writing(
          tap,
          inRecordsOf('orders', (row) => ({ ...row, rolls: '3' })),
        ),
        /orders.rolls is "3", and not integer or null/,
      ],
      [
        'a fraction for an integer',
        writing(
          tap,
          inRecordsOf('orders', (row) => ({ ...row, rolls: 1.9 })),
        ),
        /orders.rolls is 1.9/,
      ],
      [
        'a boolean for a number',
        writing(
          tap,
          inRecordsOf('orders', (row) => ({ ...row, rolls: true })),
        ),
        /orders.rolls is true/,
      ],
      [
        'a date that is none',
        writing(
          tap,
          inRecordsOf('orders', (row) => ({ ...row, updated_at: '2026-02-31' })),
        ),
        /"2026-02-31", no date/,
      ],
      [
        'an unknown column',
        writing(
          tap,
          inRecordsOf('orders', (row) => ({ ...row, cake: 1 })),
        ),
        /orders.cake is not in the schema/,
      ],
      [
        'a null that must not be',
        writing(
          tap,
          inRecordsOf('orders', (row) => ({ ...row, id: null })),
        ),
        /orders.id is null, and not integer/,
      ],
      [
        'a value that is not there',
        writing(
          tap,
          inRecordsOf('orders', ({ id: _, ...row }) => row),
        ),
        /orders.id is missing/,
      ],
    ],
  ],
  [
    'orders: keys are there, and unique',
    [
      [
        'a record twice',
        writing(
          tap,
          onlyOnce((m) => (isRecordOf(m, 'orders') ? [m, m] : [m])),
        ),
        /orders: \[\d+\] comes twice/,
      ],
      [
        'no key',
        writing(
          tap,
          inRecordsOf('orders', (row) => ({ ...row, id: null })),
        ),
        /orders: no key in/,
      ],
    ],
  ],
  [
    'orders: the replication key is there, and a date where the schema says so',
    [
      [
        'no replication key',
        writing(
          tap,
          inRecordsOf('orders', ({ updated_at: _, ...row }) => row),
        ),
        /orders.updated_at is missing/,
      ],
    ],
  ],
  [
    'writes the selected stream alone',
    [
      [
        'another stream',
        writing(tap, (m) => [m, { type: 'RECORD', stream: 'cakes', record: {} }]),
        /cakes is written although/,
      ],
      [
        'fewer records',
        writing(tap, (m, { catalog }) =>
          isRecordOf(m, 'orders') && JSON.stringify(catalog).split('"selected":true').length === 2 ? [] : [m],
        ),
        /orders lacks 27 of 27 records/,
      ],
    ],
  ],
  [
    'leaves out the columns that are not selected',
    [
      [
        'a column in records',
        writing(
          tap,
          inRecordsOf('shops', (row) => ({ ...row, name: 'x' })),
        ),
        /records of shops have name/,
      ],
      [
        'a column in the SCHEMA',
        writing(tap, inSchemaOf('shops', { schema: { properties: { name: {} } } })),
        /the SCHEMA of shops has name/,
      ],
    ],
  ],
  [
    'loses nothing when it is stopped or killed at any message',
    [
      [
        'a state that runs ahead',
        writing(tap, (m, { state }) => (state === undefined || m.type !== 'RECORD' ? [m] : [])),
        /(stopped|killed) at message \d+: (orders|shops) lacks \d+ of/,
      ],
    ],
  ],
  [
    'reads nothing new where nothing is new, and its state does not grow',
    [
      [
        'everything again',
        { ...tap, sync: (run) => tap.sync({ ...run, state: undefined }) },
        /orders is read again: 27 of 27/,
      ],
      [
        'a bookmark for each run',
        writing(tap, (m, { state }) => (state === undefined ? [m] : inState({ another: {} })(m))),
        /the state has grown from/,
      ],
    ],
  ],
] satisfies [string, [string, Program, RegExp][]][])('%s', (name, broken) => {
  test.each(broken)('finds %s', async (_, program, words) => {
    expect(await saysOf(program, name)).toMatch(words);
  });
});

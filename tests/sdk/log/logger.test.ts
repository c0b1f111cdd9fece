import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Logger } from '../../../src/sdk/log/logger.js';

const formatters = { structured: { '()': 'singer_sdk.logging.StructuredFormatter' } };

function setUp({
  env = {},
  verbose = false,
  isForPeople = false,
  config,
}: {
  env?: Record<string, string>;
  verbose?: boolean;
  isForPeople?: boolean;
  config?: unknown;
} = {}) {
  const lines: string[] = [];
  const file = join(mkdtempSync(join(tmpdir(), 'log-test-')), 'logging.json');
  if (config !== undefined) writeFileSync(file, JSON.stringify(config));
  const log = Logger.create({
    name: 'tap-toy',
    now: () => 1_795_363_300_399,
    env: { ...(config === undefined ? {} : { SINGER_SDK_LOG_CONFIG: file }), ...env },
    verbose,
    isForPeople,
    write: (line) => lines.push(line),
  });
  return { log, lines, objects: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const structured = (level?: string) => ({ formatters, root: { level } });

describe('the level', () => {
  test.each([
    ['INFO', {}, false, undefined],
    ['WARNING', { LOGLEVEL: 'warning' }, false, undefined],
    ['ERROR', { SINGER_LOG_LEVEL: 'ERROR', LOGLEVEL: 'DEBUG' }, false, undefined],
    ['WARNING', { TAP_TOY_LOGLEVEL: 'WARN', SINGER_LOG_LEVEL: 'DEBUG' }, false, undefined],
    ['DEBUG', { TAP_TOY_LOGLEVEL: 'ERROR' }, true, undefined],
    ['ERROR', {}, false, structured('ERROR')],
    ['DEBUG', { LOGLEVEL: 'DEBUG' }, false, structured('ERROR')],
    ['INFO', { LOGLEVEL: '' }, false, undefined],
  ])('is %s with %j', (level, env, verbose, config) => {
    const { log } = setUp({ env, verbose, ...(config ? { config } : {}) });
    const order = ['debug', 'info', 'warning', 'error'] as const;

    expect(order.filter((one) => log.enabled(one))[0]).toBe(level.toLowerCase());
  });

  test('that is unknown is said, and INFO is used', () => {
    const { log, lines } = setUp({ env: { LOGLEVEL: 'LOUD' } });

    expect(lines.join()).toMatch(/Log level 'LOUD' is unknown; using INFO/);
    expect([log.enabled('debug'), log.enabled('info')]).toEqual([false, true]);
  });
});

describe('a line of text', () => {
  test('has time, level, who speaks, and what', () => {
    const { log, lines } = setUp();

    log.child('events').warning('hm');

    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,399 \| WARNING  \| tap-toy\.events +\| hm\n$/);
  });

  test('shows where an error came from only to those who ask for detail', () => {
    const [quiet, loud] = [setUp(), setUp({ verbose: true })];

    for (const { log } of [quiet, loud]) log.error('broken', new Error('inside'));

    expect(quiet.lines.join()).not.toContain('logger.test');
    expect(loud.lines.join()).toContain('logger.test');
  });

  test('holds metrics only for those who ask for detail', () => {
    const [quiet, loud] = [setUp(), setUp({ verbose: true })];

    for (const { log } of [quiet, loud]) log.metric('counter', 'record_count', 3, { stream: 's' });

    expect(quiet.lines).toEqual([]);
    expect(loud.lines.join()).toContain(
      'METRIC: {"type":"counter","metric":"record_count","value":3,"tags":{"stream":"s"}}',
    );
  });
});

describe('a structured line', () => {
  test('begins with the message: `meltano config test` shows the line as it is', () => {
    const { log, lines } = setUp({ config: structured() });

    log.error('There is no such organization.');

    expect(lines[0]).toMatch(/^\{"message":"There is no such organization\.","level":"error",/);
  });

  test('is text in a test of the connection, which people read', () => {
    const { log, lines } = setUp({ config: structured(), isForPeople: true });

    log.error('There is no such organization.');

    expect(lines[0]).toMatch(/ \| ERROR +\| tap-toy +\| There is no such organization\.\n$/);
  });

  test('is the object that Meltano reads', () => {
    const { log, objects } = setUp({ config: structured() });

    log.child('events').info('hello', { route: '/x/' });

    expect(objects()[0]).toEqual({
      level: 'info',
      pid: process.pid,
      logger_name: 'tap-toy.events',
      ts: 1_795_363_300.399,
      thread_name: 'MainThread',
      app_name: 'tap-toy',
      stream_name: 'events',
      message: 'hello',
      extra: { route: '/x/' },
    });
  });

  test('renames what would make Meltano crash', () => {
    const { log, objects } = setUp({ config: structured() });

    log.info('hello', { event: 1, level: 2, name: 3, exc_info: 4, fine: 5 });

    expect(objects()[0]?.['extra']).toEqual({ event_: 1, level_: 2, name_: 3, exc_info_: 4, fine: 5 });
  });

  test('carries metrics as objects', () => {
    const { log, objects } = setUp({ config: structured() });

    log.metric('counter', 'record_count', 3, { stream: 's' });

    expect(objects()[0]).toMatchObject({
      message: 'METRIC',
      metric_info: { type: 'counter', metric: 'record_count', value: 3, tags: { stream: 's' } },
    });
  });

  test('of one metric of many is for those who ask for detail, and has no form for people', () => {
    const quiet = setUp({ config: structured() });
    const loud = setUp({ config: structured(), verbose: true });
    const text = setUp({ verbose: true });

    for (const { log } of [quiet, loud, text]) log.child('s').metric('timer', 'http_request_duration', 0.1, {}, true);

    expect([quiet.lines, text.lines]).toEqual([[], []]);
    expect(loud.objects()).toMatchObject([{ stream_name: 's', metric_info: { metric: 'http_request_duration' } }]);
  });

  test('tells an error with its causes', () => {
    const { log, objects } = setUp({ config: structured(), verbose: true });

    log.error('broken', new TypeError('outside', { cause: new Error('inside') }));

    expect(objects()[0]).toMatchObject({
      exception: {
        type: 'TypeError',
        message: 'outside',
        traceback: expect.arrayContaining([
          expect.objectContaining({ filename: expect.stringContaining('logger.test') as string }),
        ]) as unknown,
        cause: { message: 'inside' },
      },
    });
  });

  test('is one line, whatever it says', () => {
    const { log, lines } = setUp({ config: structured() });

    log.info('a\nb');

    expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
  });
});

describe('a secret', () => {
  const secret = 'p@ss "wörd"/+\\n%';

  test.each([
    ['text', {}],
    ['objects', { config: structured() }],
  ])('is cut out of %s in every form', (_, options) => {
    const { log, lines } = setUp({ ...options, verbose: true });
    log.hide(secret);

    log.info(`plain ${secret}`);
    log.info(`encoded ${encodeURIComponent(secret)}`);
    log.info(`json ${JSON.stringify({ secret })}`);
    log.info('extra', { value: secret, nested: { deep: [secret] } });
    log.error('error', new Error(`with ${secret}`));
    log.metric('counter', 'x', 1, { secret });
    log.child('s').warning(secret);

    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
      expect(lines.join('')).not.toContain(form);
    expect(lines.join('')).toContain('*****');
  });

  test('of digits leaves the numbers of objects as they are, so that the line is still JSON', () => {
    const { log, lines, objects } = setUp({ config: structured(), verbose: true });
    log.hide('1795');
    log.hide(String(process.pid));

    log.info('token 1795', { code: 1795, text: '1795' });

    expect(lines).toHaveLength(1);
    expect(objects()[0]).toMatchObject({
      ts: 1_795_363_300.399,
      pid: process.pid,
      message: 'token *****',
      extra: { code: 1795, text: '*****' },
    });
  });

  test('that is a part of the name of the tap leaves that name readable', () => {
    const [text, object] = [setUp(), setUp({ config: structured() })];

    for (const { log } of [text, object]) {
      log.hide('events');
      log.child('events').info('of events');
    }

    expect(text.lines[0]).toMatch(/\| tap-toy\.events +\| of \*{5}\n$/);
    expect(object.objects()[0]).toMatchObject({ logger_name: 'tap-toy.events', message: 'of *****' });
  });

  test('is hidden in the log of every stream, also of streams that were there before', () => {
    const { log, lines } = setUp();
    const child = log.child('s');

    child.hide('hunter22');
    log.info('hunter22');
    child.info('hunter22');

    expect(lines.join()).not.toContain('hunter22');
    expect(log.redact('a hunter22')).toBe('a *****');
  });
});

describe('a level in the file of Meltano', () => {
  test.each([
    ['no level', { formatters }, true],
    ['a number', { formatters, root: { level: 30 } }, true],
    ['no structured formatter', { formatters: { plain: { class: 'logging.Formatter' } }, root: {} }, false],
    ['an empty file', {}, false],
  ])('may be missing or strange: %s', (_, config, isStructured) => {
    const { log, lines } = setUp({ config });

    log.error('broken');

    expect(lines.at(-1)?.startsWith('{')).toBe(isStructured);
  });

  test('that hides debug lines gets those that were asked for as info', () => {
    const [hidden, shown] = [
      setUp({ config: structured('INFO'), verbose: true }),
      setUp({ config: structured('DEBUG'), verbose: true }),
    ];

    for (const { log } of [hidden, shown]) log.debug('detail');

    expect(hidden.objects()[0]).toMatchObject({ level: 'info', message: 'detail' });
    expect(shown.objects()[0]).toMatchObject({ level: 'debug', message: 'detail' });
  });
});

test('causes that go round in a circle end', () => {
  const { log, objects } = setUp({ config: structured(), verbose: true });
  const [one, other] = [new Error('one'), new Error('other')];
  [one.cause, other.cause] = [other, one];

  log.error('broken', one);

  expect(objects()[0]).toMatchObject({ exception: { message: 'one', cause: { message: 'other' } } });
});

test('a log configuration that cannot be read is said', () => {
  const { lines } = setUp({ env: { SINGER_SDK_LOG_CONFIG: '/nowhere/logging.json' } });

  expect(lines.join()).toMatch(/not found or not readable: \/nowhere\/logging\.json/);
});

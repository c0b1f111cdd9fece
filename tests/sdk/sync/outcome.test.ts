import { describe, expect, test } from 'vitest';
import { Outcome, type Refusal, notAsked } from '../../../src/sdk/sync/outcome.js';
import { keepLog } from '../../support/log.js';

function setUp() {
  const kept = keepLog();
  return { kept, outcome: new Outcome('events', kept.log) };
}

const refusal = (more: Partial<Refusal> = {}): Refusal => ({
  message: 'GET /events/ answered HTTP 403',
  status: 403,
  wasKnown: false,
  permission: 'event:read',
  ...more,
});

describe('a stream with', () => {
  test('rows is ok, without any it is empty', () => {
    const { outcome } = setUp();

    expect([outcome.status, outcome.exitCode]).toEqual(['empty', 0]);
    expect(outcome.describe()).toMatch(/^events +empty +0 rows$/);
    outcome.rows = 1;
    expect(outcome.describe()).toMatch(/^events +ok +1 row$/);
    outcome.rows = 12_345;

    expect([outcome.status, outcome.exitCode]).toEqual(['ok', 0]);
    expect(outcome.describe()).toMatch(/^events +ok +12,345 rows$/);
  });

  test('something refused is partial, and no failure', () => {
    const { outcome, kept } = setUp();
    outcome.rows = 1;

    for (const id of ['1', '2', '3', '4']) outcome.refuse(`project ${id}`, refusal());

    expect([outcome.status, outcome.exitCode]).toEqual(['partial', 0]);
    expect(outcome.describe()).toContain('4 refused (project 1, project 2, project 3, …)');
    expect(kept.said('WARNING')).toEqual([
      'events: GET /events/ answered HTTP 403. project 1 is left out; its bookmark stays. Further ones are counted.',
    ]);
  });

  test('something withdrawn is partial, and a failure', () => {
    const { outcome, kept } = setUp();
    outcome.rows = 1;

    outcome.refuse('project 1', refusal({ wasKnown: true }));

    expect([outcome.status, outcome.exitCode]).toEqual(['partial', 1]);
    expect(outcome.reason).toBe('withdrawn since an earlier run: project 1');
    expect(outcome.describe()).toContain('1 withdrawn since an earlier run (project 1)');
    expect(kept.said('WARNING').join()).toMatch(/An earlier run could read project 1\. Its bookmark stays/);
  });

  test('something that failed is failed, whatever else there is', () => {
    const { outcome, kept } = setUp();

    outcome.rows = 5;
    outcome.refuse('project 1', refusal());
    outcome.fail('HTTP 500 after 5 tries', new Error('x'));

    expect([outcome.status, outcome.exitCode]).toEqual(['failed', 1]);
    expect(outcome.reason).toBe('HTTP 500 after 5 tries');
    expect(outcome.describe()).toContain('1 failed (HTTP 500 after 5 tries)');
    expect(kept.said('ERROR')[0]).toMatch(/^HTTP 500/);
  });

  test('something that it lacks is partial, and no failure', () => {
    const { outcome } = setUp();
    outcome.rows = 5;

    outcome.lacks('rows without their body (HTTP 403)');
    outcome.lacks('rows without their body (HTTP 403)', 1500);

    expect([outcome.status, outcome.exitCode]).toEqual(['partial', 0]);
    expect(outcome.describe()).toContain('rows without their body (HTTP 403) (1,501)');
  });

  test('remarks alone is ok', () => {
    const { outcome } = setUp();
    outcome.rows = 5;

    outcome.note('invited members included');
    outcome.note('invited members included');
    outcome.count('left out by settings', 3);
    outcome.count('left out by settings');
    outcome.count('once');

    expect(outcome.status).toBe('ok');
    expect(outcome.describe()).toMatch(/5 rows; left out by settings \(4\); once; invited members included$/);
  });
});

describe('a permission that the token lacks', () => {
  test('fails a stream that could not be read at all, and is named', () => {
    const { outcome } = setUp();

    outcome.refuse('events', refusal());

    expect([outcome.status, outcome.exitCode]).toEqual(['failed', 1]);
    expect(outcome.reason).toBe('the token lacks the scope event:read: give it that, or deselect events');
    expect(outcome.describe()).toContain('the token lacks the scope event:read');
  });

  test('is a permission where its name is not known', () => {
    const { outcome } = setUp();

    outcome.refuse('events', refusal({ permission: undefined }));

    expect(outcome.reason).toMatch(/^the token lacks a permission: /);
  });

  test('is not the reason where there are rows, or where another status is among the refusals', () => {
    const withRows = setUp().outcome;
    withRows.rows = 1;
    withRows.refuse('project 1', refusal());
    const notFound = setUp().outcome;
    notFound.refuse('project 1', refusal());
    notFound.refuse('project 2', refusal({ status: 404 }));
    const closed = setUp().outcome;
    closed.refuse('project 1', refusal({ status: notAsked }));

    const outcomes = [withRows, notFound, closed];
    expect(outcomes.map(({ lacksPermission }) => lacksPermission)).toEqual([false, false, false]);
    expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 1]); // the last one for want of access
  });
});

test('rows that are gone when they are asked for are named, and no failure', () => {
  const { outcome } = setUp();
  outcome.rows = 1;
  expect(outcome.hasGone).toBe(false);

  outcome.gone({ issue_id: '7' });

  expect([outcome.hasGone, outcome.status, outcome.exitCode]).toEqual([true, 'ok', 0]);
  expect(outcome.describe()).toContain('1 not found (404), though the list shows them (7)');
});

test('failures of one kind are said once', () => {
  const { outcome, kept } = setUp();

  for (let n = 1; n <= 6; n++) outcome.fail(`project ${n}: HTTP 400`, undefined, 'HTTP 400');

  expect(kept.said('ERROR')).toEqual(['project 1: HTTP 400', 'events: further failures are counted.']);
  expect(outcome.describe()).toContain('6 failed (project 1: HTTP 400, project 2: HTTP 400, project 3: HTTP 400, …)');
});

test('a stream of which every place is closed to the token is failed', () => {
  const { outcome } = setUp();

  for (const id of ['1', '2']) outcome.refuse(`project ${id}`, refusal({ status: notAsked }));

  expect([outcome.status, outcome.exitCode]).toEqual(['failed', 1]);
  expect(outcome.reason).toBe('the token has no access to any of 2: project 1, project 2');
});

test('failures are said three times, then counted', () => {
  const { outcome, kept } = setUp();

  for (let n = 1; n <= 6; n++) outcome.fail(`failure ${n}`);

  expect(kept.said('ERROR')).toEqual(['failure 1', 'failure 2', 'failure 3', 'events: further failures are counted.']);
  expect(outcome.describe()).toContain('6 failed (failure 1, failure 2, failure 3, …)');
});

test('a changed value is said once for each field, and the others are counted', () => {
  const { outcome, kept } = setUp();

  for (let n = 0; n < 1500; n++) outcome.fit('user.age', 'held a text');
  outcome.fit('title', 'had NUL');

  expect(kept.said('WARNING')).toHaveLength(2);
  expect(outcome.describe()).toContain('1,501 values fitted: user.age: held a text (1,500), title: had NUL (1)');
});

test('what an answer says of its rows is said once, and in the end', () => {
  const { outcome, kept } = setUp();

  outcome.warn('the server looked at a sample');
  outcome.warn('the server looked at a sample');

  expect(kept.said('WARNING')).toEqual(['events: the server looked at a sample.']);
  expect(outcome.describe()).toMatch(/0 rows; the server looked at a sample$/);
});

test('the oldest rows that a server showed are said for the oldest partition, the others are counted', () => {
  const { outcome } = setUp();
  outcome.rows = 1;

  outcome.noteShown('2026-09-02');
  expect(outcome.describe()).toMatch(/; the server showed nothing older than 2026-09-02, though older rows existed$/);
  outcome.noteShown('2026-09-01');
  outcome.noteShown('2026-09-03');

  expect(outcome.describe()).toContain(
    'nothing older than 2026-09-01, though older rows existed; the same for 2 more partitions',
  );
});

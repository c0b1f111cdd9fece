import { describe, expect, test } from 'vitest';
import { Outcome } from '../../src/sdk/outcome.js';
import { keepLog } from '../support/log.js';

function setUp() {
  const kept = keepLog();
  return { kept, outcome: new Outcome('events', kept.log) };
}

describe('outcome', () => {
  test('of rows is ok, of none is empty', () => {
    const { outcome } = setUp();

    expect([outcome.status, outcome.exitCode]).toEqual(['empty', 0]);
    outcome.rows = 12_345;

    expect([outcome.status, outcome.exitCode]).toEqual(['ok', 0]);
    expect(outcome.describe()).toMatch(/^events +ok +12,345 rows$/);
  });

  test('of something refused is partial, and no failure', () => {
    const { outcome, kept } = setUp();

    for (const id of ['1', '2', '3', '4']) outcome.refuse(`project ${id}`, 'HTTP 403', false);

    expect([outcome.status, outcome.exitCode]).toEqual(['partial', 0]);
    expect(outcome.describe()).toContain('4 refused (project 1, project 2, project 3, …)');
    expect(kept.said('WARNING')).toHaveLength(3);
    expect(kept.said('WARNING').at(-1)).toContain('further ones are counted');
  });

  test('of something withdrawn is partial, and a failure', () => {
    const { outcome, kept } = setUp();

    outcome.refuse('project 1', 'HTTP 403', true);

    expect([outcome.status, outcome.exitCode]).toEqual(['partial', 1]);
    expect(kept.said('WARNING').join()).toMatch(/An earlier run could read project 1/);
  });

  test('of something that failed is failed, whatever else there is', () => {
    const { outcome, kept } = setUp();

    outcome.rows = 5;
    outcome.refuse('project 1', 'HTTP 403', false);
    outcome.fail('HTTP 500 after 5 tries', new Error('x'));

    expect([outcome.status, outcome.exitCode]).toEqual(['failed', 1]);
    expect(outcome.describe()).toContain('1 failed (HTTP 500 after 5 tries)');
    expect(kept.said('ERROR')[0]).toMatch(/^HTTP 500/);
  });

  test('says a changed value once per field, and counts the others', () => {
    const { outcome, kept } = setUp();

    for (let n = 0; n < 1500; n++) outcome.fit('user.age', 'held a text');
    outcome.fit('title', 'had NUL');

    expect(kept.said('WARNING')).toHaveLength(2);
    expect(outcome.describe()).toContain('1,501 values fitted: user.age held a text (1,500), title had NUL (1)');
  });

  test('counts what was left out', () => {
    const { outcome } = setUp();

    outcome.remark('left out by settings', 3);
    outcome.remark('left out by settings');
    outcome.remark('once');

    expect(outcome.describe()).toContain('left out by settings (4 times); once');
  });
});

/** The text of an event: golden files of five platforms in tests/golden/events, and what holds for any event. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../src/sdk/index.js';
import { eventText, withText } from '../../src/streams/rows/event-text.js';

const folder = new URL('../golden/events/', import.meta.url);
const settings = {
  event_text: true,
  event_text_length: 8000,
  organization: 'acme',
  base_url: new URL('https://sentry.io/api/0/'),
};
const read = (name: string): Row => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Row;
const textOf = (row: Row, more: Partial<typeof settings> = {}, project = 'shop'): string =>
  eventText(row, { ...settings, ...more }, project);

const platforms = readdirSync(folder).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));

describe('the text of an event', () => {
  test('has golden files for five platforms', () => {
    expect(platforms).toEqual(['go', 'java', 'javascript', 'native', 'python']);
  });

  test.each(platforms)('of %s is that of its golden file', (platform) => {
    const text = `${textOf(read(platform))}\n`;
    const file = new URL(`${platform}.txt`, folder);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  test('is the same whatever the order of tags, of members and of what one row has more than another', () => {
    const row = read('python');
    const turned = Object.fromEntries(Object.entries(row).reverse());
    const tags = [...(row['tags'] as unknown[])].reverse();

    expect(textOf({ ...turned, tags, nextEventID: 'x', release: { version: 'shop@2.4.0' } })).toBe(textOf(row));
  });

  test('names nothing of the user, the cookies, the headers or the query of the request', () => {
    for (const secret of ['Ada', 'ada@', '203.0.113', 'id:77', 's3cr3t', 'token', '4111'])
      expect(textOf(read('python'))).not.toContain(secret);
  });

  test('is cut at the end of a line', () => {
    const whole = textOf(read('python'));
    const text = textOf(read('python'), { event_text_length: 600 });

    expect(text.length).toBeLessThanOrEqual(600);
    expect(text.length).toBeGreaterThan(450);
    expect(whole.startsWith(`${text}\n`)).toBe(true);
  });

  test('has no line without end, and no half of a character', () => {
    const title = '🧺'.repeat(100_000);
    const text = textOf({ eventID: '1', title, message: title, tags: [{ key: 'a', value: title }] });

    expect(text.length).toBeLessThan(3000);
    expect(text.isWellFormed()).toBe(true);
  });

  test('of an outline says what the outline knows', () => {
    const metadata = { type: 'KeyError', value: "'a'", function: 'get', filename: 'shop/a.py' };
    const row = { eventID: 'e1', groupID: '7', projectID: '45', title: "KeyError: 'a'", metadata, tags: [] };

    expect(textOf(row)).toBe(
      "KeyError: 'a'\npermalink: https://acme.sentry.io/issues/7/events/e1/\nissue: 7\nevent: e1\n" +
        "project: shop (45)\n\nKeyError: 'a'\n  at get (shop/a.py)",
    );
  });

  test.each([
    { entries: 'none', tags: 5, metadata: null, message: { a: 1 }, title: 7 },
    { entries: [null, { type: 'exception' }, { type: 'breadcrumbs', data: { values: [1, { data: [] }] } }] },
    { entries: [{ type: 'exception', data: { values: [{ stacktrace: { frames: [{ context: [[null]] }, 3] } }] } }] },
    {},
  ])('is made of rows of any form: %j', (row) => {
    expect(textOf(row as Row)).not.toMatch(/undefined|null|\[object/);
  });

  test('is as quick for a body of any depth', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = { deep };
    const crumbs = { type: 'breadcrumbs', data: { values: [{ category: 'log', message: 'here', data: { deep } }] } };

    expect(textOf({ entries: [crumbs] })).toContain('log here');
  });

  test.each([
    ['https://de.sentry.io/api/0/', 'https://acme.sentry.io/issues/7/events/e1/'],
    ['https://sentry.example.com/api/0/', 'https://sentry.example.com/organizations/acme/issues/7/events/e1/'],
    ['https://example.com/sentry/api/0/', 'https://example.com/sentry/organizations/acme/issues/7/events/e1/'],
    ['https://notsentry.io/api/0/', 'https://notsentry.io/organizations/acme/issues/7/events/e1/'],
  ])('links to the pages of %s', (base, link) => {
    const text = textOf({ eventID: 'e1', groupID: '7' }, { base_url: new URL(base) });

    expect(text.split('\n')).toContain(`permalink: ${link}`);
  });
});

test('a row stays the same object where no text is wanted', () => {
  const row = { eventID: 'e1' };
  const alias = { project_id: 'shop' };

  expect(withText(row, { config: { ...settings, event_text: false }, alias })).toBe(row);
  expect(withText({ ...row, projectID: '45' }, { config: settings, alias })['text_content']).toContain('shop (45)');
});

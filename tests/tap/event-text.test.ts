/** The setting event_text, from the demo to the target. */
import { expect, test } from 'vitest';
import { select } from '../support/compare.js';
import { still } from '../support/demos.js';
import { configFor, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

const small = { projects: 2, issues: 6, events: 40 };

/** The texts of a stream by event. */
const textsOf = (target: Target, stream: string): Map<string, unknown> =>
  new Map(
    [...(target.rows.get(stream)?.values() ?? [])].map((row) => [
      `${String(row['projectID'])}/${String(row['eventID'])}`,
      row['text_content'],
    ]),
  );

test('the three streams of events have the same text of the same event, in every run', async () => {
  await using demo = await still(small);
  const [first, second] = [new Target(), new Target()];
  const config = configFor(demo, { event_text: true, fetch_event_details: true, event_text_length: 1500 });
  const catalog = select('events', 'issue_events', 'event_detail');

  const { stderr } = await syncInto(first, { config, catalog });
  await syncInto(second, { config, catalog });

  const texts = textsOf(first, 'issue_events');
  expect(texts.size).toBe(demo.truth().count('events'));
  for (const text of texts.values()) expect(text).toMatch(/\npermalink: .*\n {2}at \S/s);
  for (const text of texts.values()) expect(String(text).length).toBeLessThanOrEqual(1500);
  for (const [event, text] of textsOf(first, 'events')) expect(texts.get(event)).toBe(text);
  expect(textsOf(first, 'event_detail')).toEqual(texts);
  expect(textsOf(second, 'events')).toEqual(textsOf(first, 'events'));
  expect(stderr).not.toContain('event_text');
});

test('texts are made from outlines without fetch_event_details, which is said once', async () => {
  await using demo = await still(small);
  const target = new Target();

  const { code, stderr } = await syncInto(target, {
    config: configFor(demo, { event_text: true }),
    catalog: select('events', 'issue_events'),
  });

  expect(code).toBe(0);
  expect(stderr.match(/event_text: the texts of events and issue_events are made from outlines/g)).toHaveLength(1);
  expect(textsOf(target, 'events').size).toBe(target.keys('events').length);
  for (const text of textsOf(target, 'events').values()) expect(text).toMatch(/\ntags:\n/);
});

test('bodies that a list does not bring make whole texts all the same', async () => {
  await using demo = await still({ ...small, behaviour: { fullEvents: 'never' } });
  const target = new Target();

  await syncInto(target, {
    config: configFor(demo, { event_text: true, fetch_event_details: true }),
    catalog: select('events'),
  });

  const texts = [...textsOf(target, 'events').values()];
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts) expect(text).toMatch(/project: .*\n {2}at \S/s);
});

test('rows have no text where none is wanted', async () => {
  await using demo = await still(small);
  const target = new Target();

  await syncInto(target, { config: configFor(demo), catalog: select('events') });

  expect(new Set(textsOf(target, 'events').values())).toEqual(new Set([undefined]));
});

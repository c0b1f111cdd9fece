import { describe, expect, test } from 'vitest';
import { catalogEntry } from '../../../src/sdk/singer/catalog.js';
import { unmatchedRules } from '../../../src/sdk/singer/select-patterns.js';

const schema = {
  type: 'object',
  properties: { id: {}, 'event.type': {}, user: { type: 'object', properties: { name: {} } } },
};
const entries = ['events', 'issue.events'].map((name) =>
  catalogEntry({ name, schema, keyProperties: ['id'], selectedByDefault: true }),
);

const unmatched = (select: unknown): string[] =>
  unmatchedRules({ select: JSON.stringify(select), metadata: undefined, schema: undefined }, entries);

describe('a select pattern', () => {
  test.each([
    '*.*',
    'events',
    'events.*',
    'events.id',
    '!events.user.name',
    'events.user.*',
    'e?ents.[ij]d',
    '[!x]vents.id',
    'issue\\.events.id',
    'events.event?type',
    'events.event*',
  ])('that matches something is fine: %s', (pattern) => {
    expect(unmatched([pattern])).toEqual([]);
  });

  test.each([
    'evnts.*',
    'events.idd',
    '!events.user.nam',
    'events.event.type',
    'issue.events.id',
    'events.u[',
    '[!ei]*.id',
  ])('that matches nothing is named: %s', (pattern) => {
    expect(unmatched(['*.id', pattern])).toEqual([
      `select: ${pattern} matches nothing that this tap has; it has no effect.`,
    ]);
  });
});

test('rules for metadata and schemas are named by their stream', () => {
  const metadata = JSON.stringify({ evnts: { 'replication-method': 'FULL_TABLE' }, 'event*': {} });
  const rules = { select: undefined, metadata, schema: JSON.stringify({ issues: {} }) };

  expect(unmatchedRules(rules, entries)).toEqual([
    'metadata: evnts matches no stream of this tap; it has no effect.',
    'schema: issues matches no stream of this tap; it has no effect.',
  ]);
});

test.each(['', 'events.*', '{"a":1}', '[1]', 'null', '3'])(
  'a variable that is none of Meltano’s is left alone: %s',
  (text) => {
    expect(unmatchedRules({ select: text, metadata: undefined, schema: undefined }, entries)).toEqual([]);
  },
);

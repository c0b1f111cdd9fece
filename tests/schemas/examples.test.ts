import { expect, test } from 'vitest';
import { askedColumns, readExamples, readFacts, streams } from '../../scripts/api-document.js';

const examples = readExamples();
const withExample = Object.entries(streams).filter(([stream]) => (examples.streams[stream]?.length ?? 0) > 0);

/** Where example values are brought to another type, or are such as no server sends. */
const unfit: Record<string, string[]> = {
  issues: ['owners'],
  project_filters: ['active'],
  release_threshold_statuses: ['id'], // left out
  trace_item_attributes: ['itemType'], // from the query
  workflows: ['triggers.conditions.comparison', 'actionFilters.conditions.comparison'],
};

test('examples and fields are of one document, which has examples for most streams', () => {
  expect(examples.document).toEqual(readFacts().document);
  expect(withExample.length).toBeGreaterThan(Object.keys(streams).length * 0.75);
});

test.each(withExample)('the example rows of %s fit their schema', (stream, definition) => {
  const { schema } = definition;
  const context = Object.fromEntries(askedColumns(definition).map((name) => [name, '1']));
  const rows = examples.streams[stream] ?? [];
  const issues = rows.flatMap((row) => schema.safeParse({ ...context, ...row }).error?.issues ?? []);
  const where = issues.map(({ path }) => path.filter((part) => typeof part !== 'number').join('.'));
  expect([...new Set(where)]).toEqual(unfit[stream] ?? []);
  expect(rows.flatMap(Object.keys).filter((name) => !(name in schema.shape))).toEqual([]);
});

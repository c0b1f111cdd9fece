import { expect, test } from 'vitest';
import { readExamples, readFacts, streams } from '../../scripts/check-fields.js';

const examples = readExamples();

/** Example values that no server sends, and so do not fit: in the document's list of issues, `owners` is one object. */
const unfit: Record<string, string[]> = { issues: ['owners'] };

test('examples and fields are of one document', () => {
  expect(examples.document).toEqual(readFacts().document);
});

test.each(Object.entries(streams))('the example rows of %s fit their schema', (stream, { schema }) => {
  const rows = examples.streams[stream] ?? [];
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    const issues = schema.safeParse(row).error?.issues ?? [];
    expect(issues.map(({ path }) => path.join('.'))).toEqual(unfit[stream] ?? []);
    expect(Object.keys(row).filter((name) => !(name in schema.shape))).toEqual([]);
  }
});

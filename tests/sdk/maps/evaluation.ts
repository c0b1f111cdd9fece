/** One expression, evaluated as in a stream map. */
import { parseExact } from '../../../src/sdk/json/parse-exact.js';
import { checkExpression } from '../../../src/sdk/maps/check.js';
import { compile } from '../../../src/sdk/maps/evaluate.js';
import { parseExpression } from '../../../src/sdk/maps/parse.js';
import { reprOf, toJson } from '../../../src/sdk/maps/text.js';
import { Work } from '../../../src/sdk/maps/work.js';

/** 2026-03-01T10:20:30Z */
export const now = Date.UTC(2026, 2, 1, 10, 20, 30);

const newWork = () => new Work({ now: () => now, random: () => 0.5 });

function value(text: string, record: string, work: Work): unknown {
  const names = parseExact(record, 'digits') as Record<string, unknown>;
  const expression = parseExpression(text);
  checkExpression(expression, { has: (name) => Object.hasOwn(names, name), examples: 'None.' });
  return compile(expression)({ lookUp: (name) => names[name], tools: work });
}

/** What Python's `repr` says of the value. `record`: JSON text of the names that have a value. */
export function evaluated(text: string, record = '{}'): string {
  const work = newWork();
  return reprOf(value(text, record, work), work);
}

/** What leaves in a record. */
export function written(text: string, record = '{}'): unknown {
  const work = newWork();
  return toJson(value(text, record, work), work);
}

/**
 * A schema as a function that tells whether a value fits as it is. It is made once a stream and asked of
 * every record, so it looks no deeper than the schema does.
 */
import { isRecord } from '../json/objects.js';
import { plainDate } from '../time.js';
import { type JsonSchema, isDateTime, propertiesOf, typesOf } from './json-schema.js';

/** Whether a value fits. */
export type Test = (value: unknown) => boolean;

/** The test of a schema. */
export function testOf(schema: JsonSchema): Test {
  const types = typesOf(schema);
  if (types.length === 0) return () => true;
  const tests = types.filter((type) => type !== 'null').map((type) => testOfType(type, schema));
  const [only] = tests;
  const test: Test = tests.length === 1 && only ? only : (value) => tests.some((one) => one(value));
  return types.includes('null') ? (value) => value === null || test(value) : test;
}

function testOfType(type: string, schema: JsonSchema): Test {
  switch (type) {
    case 'string':
      return isDateTime(schema) ? isPlainDate : (value) => typeof value === 'string';
    case 'integer':
      return Number.isSafeInteger;
    case 'number':
      return Number.isFinite;
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'array':
      return arrayTest(schema);
    case 'object':
      return objectTest(schema);
    default:
      return () => false;
  }
}

const isPlainDate: Test = (value) => typeof value === 'string' && plainDate.test(value);

function arrayTest({ items }: JsonSchema): Test {
  if (!items) return Array.isArray;
  const test = testOf(items);
  return (value) => Array.isArray(value) && value.every((item) => test(item));
}

function objectTest(schema: JsonSchema): Test {
  const properties = propertiesOf(schema).map(([name, property]) => [name, testOf(property)] as const);
  if (properties.length === 0) return isRecord;
  const known = new Set(properties.map(([name]) => name));
  const open = Boolean(schema.additionalProperties);
  return (value) => {
    if (!isRecord(value)) return false;
    for (const [name, test] of properties) {
      const item = value[name];
      if (item !== undefined && !test(item)) return false;
    }
    return open || Object.keys(value).every((name) => known.has(name));
  };
}

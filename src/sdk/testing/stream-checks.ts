/** Checks of one stream: its schema, and its records against it. */
import type { Row } from '../json/source-rows.js';
import { isDateTime, propertiesOf } from '../singer/json-schema.js';
import { type Check, expectNone } from './check.js';
import { misfits, schemaProblems } from './misfits.js';
import type { Subject } from './subject.js';

export function streamChecks(subject: Subject, stream: string): Check[] {
  const check = (fact: string, look: () => Promise<string[]>): Check => ({
    name: `${stream}: ${fact}`,
    run: async () => expectNone(await look()),
  });
  return [
    check('the schema is a JSON Schema that has the keys', () => schemaFaults(subject, stream)),
    check('there are records', () => emptiness(subject, stream)),
    check('every column comes in some record', () => absentColumns(subject, stream)),
    check('records fit the schema', () => misfitsOf(subject, stream)),
    check('keys are there, and unique', () => keyFaults(subject, stream)),
    check('the replication key is there, and a date where the schema says so', () =>
      replicationFaults(subject, stream),
    ),
  ];
}

const isAllowed = (allowed: readonly string[] | 'all' = [], name: string): boolean =>
  allowed === 'all' || allowed.includes(name);

async function schemaFaults(subject: Subject, stream: string): Promise<string[]> {
  const { schema, key_properties: keys = [], replication_key: key } = await subject.entry(stream);
  const columns = new Map(propertiesOf(schema));
  const missing = [...keys, ...(key ? [key] : [])].filter((name) => !columns.has(name));
  const columnless = columns.size === 0 ? [`${stream} has no column`] : [];
  return [
    ...columnless,
    ...missing.map((name) => `${stream}.${name} is a key, but no column`),
    ...schemaProblems(schema, stream),
  ];
}

async function emptiness(subject: Subject, stream: string): Promise<string[]> {
  const { output } = await subject.whole();
  const isFilled = output.recordsOf(stream).length > 0 || isAllowed(subject.options.mayBeEmpty, stream);
  return isFilled ? [] : [`${stream} has no record`];
}

async function absentColumns(subject: Subject, stream: string): Promise<string[]> {
  const { schema } = await subject.entry(stream);
  const rows = (await subject.whole()).output.recordsOf(stream);
  if (rows.length === 0) return [];
  return propertiesOf(schema)
    .map(([name]) => name)
    .filter((name) => !rows.some((row) => row[name] !== undefined && row[name] !== null))
    .map((name) => `${stream}.${name}`)
    .filter((column) => !isAllowed(subject.options.mayBeAbsent, column))
    .map((column) => `${column} comes in no record`);
}

async function misfitsOf(subject: Subject, stream: string): Promise<string[]> {
  const { output } = await subject.whole();
  const { schema = {} } = output.schemas.get(stream) ?? {};
  const fits = { ...schema, additionalProperties: false };
  const needed = propertiesOf(schema).filter(([, { type = [] }]) => ![type].flat().includes('null'));
  const lacks = (row: Row): string[] =>
    needed
      .filter(([name]) => row[name] === undefined)
      .map(([name]) => `${stream}.${name} is missing, and must not be null`);
  return output.recordsOf(stream).flatMap((row) => [...misfits(fits, row, stream), ...lacks(row)]);
}

async function keyFaults(subject: Subject, stream: string): Promise<string[]> {
  const { output } = await subject.whole();
  const { key_properties: names = [] } = output.schemas.get(stream) ?? {};
  if (names.length === 0) return [];
  const isNull = (row: Row): boolean => names.some((name) => row[name] === null || row[name] === undefined);
  const keyless = output
    .recordsOf(stream)
    .filter(isNull)
    .map((row) => `${stream}: no key in ${JSON.stringify(row).slice(0, 80)}`);
  const seen = new Set<string>();
  const double = output.keysOf(stream).filter((key) => seen.has(key) || !seen.add(key));
  return [...keyless, ...double.map((key) => `${stream}: ${key} comes twice`)];
}

async function replicationFaults(subject: Subject, stream: string): Promise<string[]> {
  const { schema, replication_key: key } = await subject.entry(stream);
  if (!key) return [];
  const { output } = await subject.whole();
  const property = schema.properties?.[key] ?? {};
  const wanted = { type: property.type ?? [], ...(isDateTime(property) ? { format: 'date-time' } : {}) };
  const isNull = (value: unknown): boolean => value === null || value === undefined;
  return output
    .recordsOf(stream)
    .flatMap((row) =>
      isNull(row[key]) ? [`${stream}.${key} is missing`] : misfits(wanted, row[key], `${stream}.${key}`),
    );
}

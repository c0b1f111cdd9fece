/**
 * zod's issues as lines for people: the setting, its environment variable, what it is, what it
 * should be (an issue's own message, where it starts with "should", or the words for its type). A
 * secret's value is never part of a line; nor is a value whose issue says `params.hide`.
 */
import type { z } from 'zod';
import { type JsonSchema, propertiesOf, typesOf } from '../singer/json-schema.js';
import { variableOf } from './settings.js';

type Issue = z.core.$ZodIssue;

/** One line per setting or part of one, in the order of the settings. */
export function problemLines(issues: readonly Issue[], schema: JsonSchema, program: string): string[] {
  const order = propertiesOf(schema).map(([name]) => name);
  const lines = new Map<string, { rank: number; text: string }>();
  for (const issue of issues.flatMap((found) => concrete(found))) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys)
        lines.set(key, {
          rank: order.length,
          text: `${[...issue.path, key].join('.')} is not a setting of ${program}.`,
        });
      continue;
    }
    const place = placeOf(issue.path);
    if (!lines.has(place))
      lines.set(place, { rank: order.indexOf(String(issue.path[0])), text: lineOf(issue, schema, program, place) });
  }
  return [...lines.values()].sort((a, b) => a.rank - b.rank).map(({ text }) => text);
}

function lineOf(issue: Issue, schema: JsonSchema, program: string, place: string): string {
  const [first = '', ...below] = issue.path;
  const name = String(first);
  const property = schema.properties?.[name] ?? {};
  const subject = name === '' ? 'The configuration' : `${place} (${variableOf(program, name)})`;
  const { input } = issue;
  if (issue.code === 'custom' && issue.params?.['hide']) return `${subject} ${issue.message}.`;
  const should = issue.message.startsWith('should ')
    ? issue.message
    : `should be ${expected(schemaAt(property, below))}`;
  if (input === undefined)
    return `${subject} is missing; it ${should}${issue.path.length === 1 ? means(property) : ''}.`;
  const shown = property['secret'] === true ? `${kindOf(input)} (not shown: it is secret)` : short(input);
  return `${subject} is ${shown}; it ${should}.`;
}

/** Codes of issues that a value of another type has. */
const otherType: ReadonlySet<Issue['code']> = new Set(['invalid_type', 'invalid_value', 'invalid_union']);

/** A union's issue is replaced by those of the option that was meant: the one whose own type fitted. */
function concrete(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find(
    (option) => option.length > 0 && option.every(({ path, code }) => path.length > 0 || !otherType.has(code)),
  );
  return meant ? meant.flatMap((inner) => concrete({ ...inner, path: [...issue.path, ...inner.path] })) : [issue];
}

function schemaAt(schema: JsonSchema, [step, ...rest]: readonly PropertyKey[]): JsonSchema {
  if (step === undefined) return schema;
  const options = [schema, ...(schema.anyOf ?? [])];
  const next = options.map((option) => schemaBelow(option, step)).find(Boolean);
  return next ? schemaAt(next, rest) : {};
}

function schemaBelow(
  { items, properties, additionalProperties }: JsonSchema,
  step: PropertyKey,
): JsonSchema | undefined {
  if (typeof step === 'number') return items;
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return properties?.[String(step)] ?? others;
}

/** `a whole number from 1 to 100`. */
export function expected(schema: JsonSchema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.filter(({ type }) => type !== 'null').map(expected))].join(' or ');
  const values = valuesOf(schema);
  if (values)
    return values
      .filter((value) => value !== null)
      .map((value) => JSON.stringify(value))
      .join(' or ');
  switch (typesOf(schema).find((name) => name !== 'null')) {
    case 'integer':
      return `a whole number${bounds(schema)}`;
    case 'number':
      return `a number${bounds(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list, such as ["a", "b"]';
    case 'object':
      return 'an object, such as {"name": "value"}';
    default:
      return expectedText(schema);
  }
}

/** The values that a schema names one by one. */
function valuesOf({ enum: values, const: only }: JsonSchema): readonly unknown[] | undefined {
  if (Array.isArray(values)) return values;
  return only === undefined ? undefined : [only];
}

function expectedText({ format, minLength, maxLength, pattern }: JsonSchema): string {
  if (format === 'date-time') return 'a date, such as 2024-01-31 or 2024-01-31T00:00:00Z';
  const matching = typeof pattern === 'string' ? ` matching ${pattern}` : '';
  if (typeof minLength === 'number') return `a text of at least ${minLength} characters${matching}`;
  if (typeof maxLength === 'number') return `a text of at most ${maxLength} characters${matching}`;
  return `a text${matching}`;
}

const boundWords = Object.entries({
  minimum: 'of at least',
  exclusiveMinimum: 'greater than',
  maximum: 'of at most',
  exclusiveMaximum: 'less than',
});

function bounds(schema: JsonSchema): string {
  const { minimum, maximum } = schema;
  if (isBound(minimum) && isBound(maximum)) return ` from ${minimum} to ${maximum}`;
  return boundWords
    .filter(([keyword]) => isBound(schema[keyword]))
    .map(([keyword, words]) => ` ${words} ${String(schema[keyword])}`)
    .join(' and');
}

/** Whether a number limits anything: those of zod's plain integers do not. */
const isBound = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;

/** The first sentence of the description. */
function means({ description = '' }: JsonSchema): string {
  const [sentence] = /^.*?\.(?=\s|$)/s.exec(description) ?? [];
  return sentence ? ` (${sentence.slice(0, -1)})` : '';
}

function placeOf([name = '', ...rest]: readonly PropertyKey[]): string {
  return String(name) + rest.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'object':
      return 'an object';
    default:
      return `a ${typeof value}`;
  }
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

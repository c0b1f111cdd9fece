/**
 * zod's issues as lines for people: the setting, its environment variable, what it is, what it
 * should be (an issue's own message, where it starts with "should", or the words for its type). A
 * secret's value is never part of a line; nor is a value whose issue says `params.hide`.
 */
import type { z } from 'zod';
import { type JsonSchema, typesOf } from '../singer/json-schema.js';
import { variableOf } from './settings.js';

type Issue = z.core.$ZodIssue;

/** One line per setting or part of one, in the order of the settings. */
export function problemLines(issues: readonly Issue[], schema: JsonSchema, program: string): string[] {
  const order = Object.keys(schema.properties ?? {});
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
  const name = String(issue.path[0] ?? '');
  const property = schema.properties?.[name] ?? {};
  const subject = name === '' ? 'The configuration' : `${place} (${variableOf(program, name)})`;
  const { input } = issue;
  if (issue.code === 'custom' && issue.params?.['hide']) return `${subject} ${issue.message}.`;
  const should = issue.message.startsWith('should ')
    ? issue.message
    : `should be ${expected(schemaAt(property, issue.path.slice(1)))}`;
  if (input === undefined)
    return `${subject} is missing; it ${should}${issue.path.length === 1 ? means(property) : ''}.`;
  const shown = property['secret'] === true ? `${kindOf(input)} (not shown: it is secret)` : short(input);
  return `${subject} is ${shown}; it ${should}.`;
}

/** A union's issue is replaced by those of the option that was meant: the one whose own type fitted. */
function concrete(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find(
    (option) =>
      option.length > 0 &&
      option.every(
        ({ path, code }) =>
          path.length > 0 || (code !== 'invalid_type' && code !== 'invalid_value' && code !== 'invalid_union'),
      ),
  );
  return meant ? meant.flatMap((inner) => concrete({ ...inner, path: [...issue.path, ...inner.path] })) : [issue];
}

function schemaAt(schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  for (const option of [schema, ...(schema.anyOf ?? [])]) {
    const { additionalProperties } = option;
    const next =
      typeof step === 'number'
        ? option.items
        : (option.properties?.[String(step)] ??
          (typeof additionalProperties === 'object' ? additionalProperties : undefined));
    if (next) return schemaAt(next, rest);
  }
  return {};
}

/** `a whole number from 1 to 100`. */
export function expected(schema: JsonSchema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.filter(({ type }) => type !== 'null').map(expected))].join(' or ');
  const values = (schema['enum'] ?? (schema['const'] === undefined ? undefined : [schema['const']])) as
    | readonly unknown[]
    | undefined;
  if (values)
    return values
      .filter((value) => value !== null)
      .map((value) => JSON.stringify(value))
      .join(' or ');
  const type = typesOf(schema).find((name) => name !== 'null');
  if (type === 'integer' || type === 'number')
    return `${type === 'integer' ? 'a whole number' : 'a number'}${bounds(schema)}`;
  if (type === 'boolean') return 'true or false';
  if (type === 'array') return 'a list, such as ["a", "b"]';
  if (type === 'object') return 'an object, such as {"name": "value"}';
  if (schema.format === 'date-time') return 'a date, such as 2024-01-31 or 2024-01-31T00:00:00Z';
  return `a text${length(schema)}${typeof schema['pattern'] === 'string' ? ` matching ${schema['pattern']}` : ''}`;
}

function bounds(schema: JsonSchema): string {
  const bound = (name: string): number | undefined =>
    typeof schema[name] === 'number' && Math.abs(schema[name]) < Number.MAX_SAFE_INTEGER ? schema[name] : undefined;
  const [from, to, above, below] = [
    bound('minimum'),
    bound('maximum'),
    bound('exclusiveMinimum'),
    bound('exclusiveMaximum'),
  ];
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  const parts = [
    from === undefined ? '' : `of at least ${from}`,
    above === undefined ? '' : `greater than ${above}`,
    to === undefined ? '' : `of at most ${to}`,
    below === undefined ? '' : `less than ${below}`,
  ];
  return parts
    .filter((part) => part !== '')
    .map((part, index) => `${index ? ' and' : ''} ${part}`)
    .join('');
}

function length(schema: JsonSchema): string {
  if (typeof schema['minLength'] === 'number') return ` of at least ${schema['minLength']} characters`;
  return typeof schema['maxLength'] === 'number' ? ` of at most ${schema['maxLength']} characters` : '';
}

/** The first sentence of the description. */
function means({ description }: JsonSchema): string {
  const [sentence] = /^.*?\.(?=\s|$)/s.exec(description ?? '') ?? [];
  return sentence ? ` (${sentence.slice(0, -1)})` : '';
}

function placeOf([name, ...rest]: readonly PropertyKey[]): string {
  return (
    String(name ?? '') + rest.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  );
}

const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'string'
        ? 'a text'
        : typeof value === 'object'
          ? 'an object'
          : `a ${typeof value}`;

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

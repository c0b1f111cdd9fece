/**
 * The schema of a computed property, as Meltano's SDK finds it: by how the expression begins and ends, else by the
 * property that it replaces or passes through. Numbers and booleans that stand alone have their own types here, and
 * `_.get('name')` has that of its property.
 */
import { type JsonSchema, typesOf } from '../singer/json-schema.js';
import { setMember } from '../json/objects.js';
import type { Expression } from './syntax.js';
import { floatOf, integerOf } from './values.js';

const beginnings: readonly (readonly [prefix: string, schema: JsonSchema])[] = [
  ['float(', { type: 'number' }],
  ['int(', { type: 'integer' }],
  ['str(', { type: 'string' }],
  ['json.dumps(', { type: 'string' }],
  ['bool(', { type: 'boolean' }],
  ['datetime.date(', { type: 'string', format: 'date' }],
  ['datetime.date.', { type: 'string', format: 'date' }],
  ['datetime.datetime(', { type: 'string', format: 'date-time' }],
  ['datetime.datetime.', { type: 'string', format: 'date-time' }],
];

/** The property that an expression makes, and the schema that it is applied to. */
export interface Computed {
  readonly property: string;
  readonly text: string;
  readonly expression: Expression;
  /** Of the record that expressions see. */
  readonly source: JsonSchema;
  /** As the map has changed it so far. */
  readonly changed: Readonly<Record<string, JsonSchema>>;
}

/** The schema of a computed property; it may be null. */
export function resultSchema({ property, text, expression, source, changed }: Computed): JsonSchema {
  if (text === 'record') return nullable(source);
  if (text.endsWith('.date()')) return nullable({ type: 'string', format: 'date' });
  if (text.startsWith("'") && text.endsWith("'")) return nullable({ type: 'string' });
  const begun = beginnings.find(([prefix]) => text.startsWith(prefix))?.[1];
  if (begun) return nullable(begun);
  const properties = source.properties ?? {};
  const candidates = [
    own(changed, property),
    own(properties, text),
    own(properties, propertyGotten(expression)),
    literalSchema(text, expression),
  ];
  const [first = { type: 'string' }] = candidates.filter((schema) => schema !== undefined);
  return nullable(first);
}

/** The property that `_.get('name')` passes through. */
function propertyGotten(node: Expression): string {
  if (node.kind !== 'call' || node.callee.kind !== 'attribute' || node.callee.name !== 'get') return '';
  const { object } = node.callee;
  const isRecord = object.kind === 'name' && /^(?:_|record)$/.test(object.name);
  const [only, ...others] = node.args;
  if (!isRecord || only?.value.kind !== 'constant' || others.length > 0) return '';
  return String(only.value.value);
}

/** The schema of a property; undefined where it says nothing. */
function own(properties: Readonly<Record<string, JsonSchema>>, name: string): JsonSchema | undefined {
  const found = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return found && Object.keys(found).length > 0 ? found : undefined;
}

/** The type of a number or a boolean that stands alone. */
function literalSchema(text: string, node: Expression): JsonSchema | undefined {
  if (!/^[-+.\w]+$/.test(text)) return undefined;
  const literal = node.kind === 'unary' ? node.operand : node;
  if (literal.kind !== 'constant') return undefined;
  if (typeof literal.value === 'boolean') return node === literal ? { type: 'boolean' } : undefined;
  if (integerOf(literal.value) !== undefined) return { type: 'integer' };
  return floatOf(literal.value) === undefined ? undefined : { type: 'number' };
}

/** The same schema with null among its types. */
export function nullable(schema: JsonSchema): JsonSchema {
  const { type, anyOf, oneOf } = schema;
  if (type !== undefined) {
    const types = typeof type === 'string' ? [type] : type;
    return types.includes('null') ? schema : { ...schema, type: [...types, 'null'] };
  }
  if (anyOf) return { ...schema, anyOf: withNull(anyOf) };
  return Array.isArray(oneOf) ? { ...schema, oneOf: withNull(oneOf as JsonSchema[]) } : schema;
}

function withNull(options: readonly JsonSchema[]): readonly JsonSchema[] {
  const isThere = options.some(({ type = [] }) => typesOf({ type }).includes('null'));
  return isThere ? options : [...options, { type: 'null' }];
}

/** A schema with other properties. */
export function withProperties(schema: JsonSchema, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const copy: Record<string, JsonSchema> = {};
  for (const [name, property] of Object.entries(properties)) setMember(copy, name, property);
  return { ...schema, properties: copy };
}

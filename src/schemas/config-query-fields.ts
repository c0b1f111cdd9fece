/**
 * What the name of a field of Explore says without asking the server: its column, its type, and whether it is counted
 * over many rows. Fields are written as Sentry writes them: `issue.id`, `tags[plan]`, `p95(span.duration)`.
 */

/** What a column holds. */
export type FieldType = 'string' | 'integer' | 'number' | 'boolean' | 'date-time';

/** What Sentry answers for; the days that it keeps; and the fields that tell rows apart. */
export const datasets = {
  errors: { days: 90, key: ['id'] },
  spans: { days: 30, key: ['trace', 'id'] },
  logs: { days: 30, key: ['trace', 'id'] },
  tracemetrics: { days: 30, key: ['trace', 'id'] },
  profile_functions: { days: 30, key: ['trace', 'id'] },
  uptime_results: { days: 90, key: ['check_id', 'request_sequence'] },
} as const;

export type Dataset = keyof typeof datasets;

/** More fields than this are refused by the server. */
export const mostFields = 20;

const longestName = 63; // of a column, in databases
const functionForm = /^(\w+)\((.*)\)$/s;

/**
 * The column of a field: lower case, with `_` for everything but letters and digits. `count()` is `count`,
 * `p95(span.duration)` is `p95_span_duration`.
 */
export function columnOf(field: string): string {
  const words = field
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '');
  const name = /^\d/.test(words) ? `_${words}` : words;
  return name.slice(0, longestName);
}

/** Whether a field is a number over many rows, such as `count()`. */
export const isAggregate = (field: string): boolean => functionForm.test(field) || field.startsWith('equation|');

/** The fields that a query asks for: rows also need what tells them apart, and their time. */
export function fieldsOf(dataset: Dataset, fields: readonly string[]): string[] {
  if (fields.some(isAggregate)) return [...fields];
  return [...new Set([...fields, ...datasets[dataset].key, 'timestamp'])];
}

const integers = /^(count|count_unique|count_if|count_miserable|uniq|failure_count|total\.count)$/;
const texts = new Set(['any', 'concat', 'latest_event', 'to_string']);
const likeArgument = /^(min|max)$/;

const byName: Readonly<Record<FieldType, RegExp>> = {
  'date-time': /(^|[._])(timestamp|first_seen|last_seen)$|^timestamp\.to_(hour|day)$/,
  integer: /^(severity_number|http_status_code|incident_status|request_sequence|lineno|.*_us|.*_bytes|http\.\w+_size)$/,
  number: /^(value|measurements\..*|span\.self_time|(.*[._])?duration(_ms)?|timestamp_precise|precise\..*_ts)$/,
  boolean: /^(is_transaction|is_segment|error\.(handled|unhandled|main_thread)|stack\.in_app)$/,
  string: /^$/,
};

/** The type of a field, by its name. What is not known is a text. */
export function typeOf(field: string): FieldType {
  if (field.startsWith('equation|')) return 'number';
  const [, name, argument = ''] = functionForm.exec(field) ?? [];
  if (name !== undefined) return typeOfFunction(name.toLowerCase(), argument.trim());
  const [, said] = /^tags\[.*,\s*(number|boolean|string)\]$/.exec(field) ?? [];
  if (said !== undefined) return said as FieldType;
  const found = Object.entries(byName).find(([, form]) => form.test(field));
  return (found?.[0] ?? 'string') as FieldType;
}

function typeOfFunction(name: string, argument: string): FieldType {
  if (name === 'last_seen' || name === 'first_seen') return 'date-time';
  if (integers.test(name)) return 'integer';
  if (texts.has(name)) return 'string';
  return likeArgument.test(name) && typeOf(argument) === 'date-time' ? 'date-time' : 'number';
}

/** The type that a word of the server's `meta.fields` stands for. */
export function typeOfMeta(word: string): FieldType {
  if (word === 'integer' || word === 'boolean') return word;
  if (word === 'date') return 'date-time';
  const isNumber = /^(number|duration|percentage|percent_change|size|rate|currency|score)$/.test(word);
  return isNumber ? 'number' : 'string';
}

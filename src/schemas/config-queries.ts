/** The setting `queries`: what is asked of Explore. Whatever the server would refuse is refused at the start. */
import * as z from 'zod';
import { type Dataset, columnOf, datasets, fieldsOf, mostFields } from './config-query-fields.js';

/** A query, ready for use. */
export interface Query {
  readonly name: string;
  readonly dataset: Dataset;
  readonly fields: readonly string[];
  readonly query: string;
  readonly projects: readonly string[];
}

/** Columns that every query has. */
export const ownColumns: readonly string[] = ['interval_start', 'data_scanned'];

const known = Object.keys(datasets).join(', ');
const isDataset = (name: string): name is Dataset => name in datasets;

const name = z
  .string()
  .trim()
  .regex(
    /^[a-z][a-z0-9_]{0,62}$/,
    'should be the name of a stream: a small letter, then small letters, digits and _, at most 63 characters',
  );

const dataset = z
  .string()
  .trim()
  .transform((text, context) => {
    if (isDataset(text)) return text;
    const removed = text === 'discover' || text === 'transactions';
    const message = removed
      ? 'should be another one, since Sentry removes it: use errors or spans'
      : `should be one of ${known}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

const aFieldList = 'should be a list of what to ask for, such as ["title", "release"] or ["count()", "release"]';
const fields = z
  .array(z.string().trim().min(1, 'should be the name of a field, such as title'), aFieldList)
  .min(1, aFieldList)
  .transform((list) => [...new Set(list)]);

const projects = z
  .array(
    z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9_.-]+$/, 'should be the slug of a project, such as web, or its number'),
  )
  .refine((list) => new Set(list.map(isNumber)).size < 2, 'should hold slugs, or numbers: Sentry does not take both')
  .prefault([]);

/** Whether a project is named by its number. */
export const isNumber = (project: string): boolean => /^\d+$/.test(project);

const query = z
  .strictObject({ name, dataset, fields, query: z.string().trim().default(''), projects })
  .check((context) => {
    const complaint = problemOf(context.value);
    if (complaint === undefined) return;
    context.issues.push({ code: 'custom', path: ['fields'], input: context.value.fields, message: complaint });
  });

/** What is wrong with the fields as a whole. */
function problemOf({ dataset: from, fields: asked }: Pick<Query, 'dataset' | 'fields'>): string | undefined {
  const all = fieldsOf(from, asked);
  if (all.length > mostFields) {
    const added = all.filter((field) => !asked.includes(field));
    const more = added.length > 0 ? ` with ${added.join(', ')}, which rows are known by` : '';
    return `should have at most ${mostFields} fields, and has ${all.length}${more}`;
  }
  const names = all.map(columnOf);
  const nameless = all.find((field) => columnOf(field) === '');
  if (nameless !== undefined) return `should name fields by letters and digits; ${JSON.stringify(nameless)} has none`;
  const own = all.find((field) => ownColumns.includes(columnOf(field)));
  if (own !== undefined) return `should not have ${JSON.stringify(own)}: the tap has a column of that name`;
  const place = names.findIndex((one, n) => names.indexOf(one) < n);
  if (place < 0) return undefined;
  const both = [all[names.indexOf(names[place] ?? '')], all[place]].map((field) => JSON.stringify(field)).join(' and ');
  return `should have columns of different names; ${both} are both ${names[place] ?? ''}`;
}

/** The setting. */
export const queries = z.array(query, 'should be a JSON list of queries').check((context) => {
  const names = context.value.map((one) => one.name);
  const place = names.findIndex((one, n) => names.indexOf(one) < n);
  if (place < 0) return;
  context.issues.push({
    code: 'custom',
    path: [place, 'name'],
    input: names[place],
    message: 'should be a name of its own: another query has it',
  });
});

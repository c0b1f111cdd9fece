/** The forms that values of settings have: what is refused in which words, and what code gets instead of the text. */
import * as z from 'zod';
import { parseDate, parseDuration } from '../sdk/time.js';

const aDate =
  'should be a date that exists, such as 2024-01-31, 2024-01-31T08:00:00 (read as UTC) or 2024-01-31T08:00:00+01:00';
export const date = z
  .string(aDate)
  .transform((text, context) => parseDate(text) ?? refuse(context, aDate))
  .meta({ format: 'date-time' });

const aDuration = 'should be an ISO 8601 duration, such as PT30M, PT1H or P7D';
export const duration = z
  .string(aDuration)
  .transform((text, context) => parseDuration(text) ?? refuse(context, aDuration));

export const organization = z
  .string()
  .trim()
  .check((context) => {
    const slug = context.value;
    const message = complaintOf(slug);
    if (message !== undefined) context.issues.push({ code: 'custom', input: slug, message, params: { hide: true } });
  });

function complaintOf(slug: string): string | undefined {
  if (/^sntry[a-z]*_/.test(slug)) return 'looks like a token; it should be the slug of the organization';
  if (slug === 'your-organization-slug')
    return (
      "is the README's placeholder; it should be the slug of your organization, as in " +
      'https://sentry.io/organizations/SLUG/'
    );
  if (/^[A-Za-z0-9_-]+$/.test(slug)) return undefined;
  return (
    `is ${JSON.stringify(slug)}; it should be the slug alone: letters, digits, - and _, as in ` +
    'https://sentry.io/organizations/SLUG/ or https://SLUG.sentry.io/'
  );
}

/** A list of texts, each there once. */
export const texts = (example: string) =>
  z.array(z.string().trim()).transform((list, context) => {
    const given = [...new Set(list.filter((text) => text !== ''))];
    const isCut = given.length > 2 && given.every((text) => text.length === 1);
    return isCut
      ? refuse(context, `should be a JSON list, such as ${example}: Meltano cuts other texts into letters`)
      : given;
  });

export const projectSlugs = texts('["web", "api"]').transform((given, context) => {
  const wrong = given.find((slug) => /[^A-Za-z0-9_.-]/.test(slug));
  if (wrong === undefined) return given;
  return refuse(
    context,
    `should hold one slug in each element, such as ["web", "api"]; ${JSON.stringify(wrong)} is none (letters, ` +
      'digits, -, _)',
  );
});

export const axes = texts('["errors:count()"]').transform((list, context) => {
  const wrong = list.find((text) => !/^[a-z_]+:\s*\S/.test(text));
  if (wrong === undefined)
    return list.map((text) => ({
      dataset: text.slice(0, text.indexOf(':')),
      yAxis: text.slice(text.indexOf(':') + 1).trim(),
    }));
  return refuse(
    context,
    'should hold a dataset, a colon and what to count in each element, such as ["errors:count()"]; ' +
      `${JSON.stringify(wrong)} is none`,
  );
});

const aShard = 'should be the number of a shard, a slash and how many there are, such as 3/8';
export const shard = z
  .string(aShard)
  .trim()
  .transform((text, context) => {
    const [, index = NaN, count = NaN] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
    if (Number.isNaN(index)) return refuse(context, aShard);
    if (count === 0) return refuse(context, 'should name one shard or more after the slash, such as 1/4');
    if (index < 1 || index > count)
      return refuse(context, `should be one of the ${count} shards, from 1/${count} to ${count}/${count}`);
    return { index, count };
  });

export const userAgent = z
  .string()
  .trim()
  .regex(/^[\x20-\x7e]+$/, 'should be plain letters, digits and signs, such as acme-elt/1.0')
  .optional();

function refuse(context: z.core.$RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

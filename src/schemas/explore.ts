/**
 * Explore: https://docs.sentry.io/api/explore/query-explore-events-in-timeseries-format/ and
 * https://docs.sentry.io/api/explore/. Values stand in a list below their series in the document, and are rows here.
 * The names of metrics have no schema in the document: their fields are those of organization_trace_item_metrics.py.
 */
import * as z from 'zod';
import { freeObject, timestamp } from './common.js';

export const timeseriesValue = z.looseObject({
  interval_start: timestamp,
  dataset: z.string().describe('errors, spans, logs, tracemetrics, profile_functions, uptime_results'),
  y_axis: z.string().describe('what was counted, as count()'),
  value: z.number().nullish(),
  incomplete: z.boolean().nullish().describe('the interval is not over, or its events have not all arrived'),
  incompleteReason: z.string().nullish(),
  comparisonValue: z.number().nullish(),
  sampleCount: z.number().nullish(),
  sampleRate: z.number().nullish(),
  confidence: z.string().nullish().describe('low, high'),
  valueType: z.string().nullish().describe('integer, number, duration, percentage, …'),
  valueUnit: z.string().nullish(),
  dataScanned: z.string().nullish().describe('full; partial: of a sample, as Sentry keeps older spans and logs'),
  interval: z.number().nullish().describe('length of the interval; milliseconds or seconds, by server version'),
});

export const traceItemAttribute = z.looseObject({
  itemType: z.string().describe('spans, logs, tracemetrics'),
  attributeType: z.string().describe('string, number, boolean, array'),
  key: z.string().describe('how it is written in a query'),
  name: z.string().nullish(),
  secondaryAliases: z.array(z.string()).nullish(),
  attributeSource: z
    .looseObject({
      source_type: z.string().nullish().describe('sentry, user'),
      is_transformed_alias: z.boolean().nullish(),
    })
    .nullish(),
});

export const traceMetric = z.looseObject({
  name: z.string(),
  type: z.string().describe('counter, gauge, distribution'),
  unit: z.string().describe('(none): without one'),
  count: z.int().nullish().describe('in the last 30 days'),
  lastSeen: z.number().nullish().describe('nanoseconds since 1970'),
  context: freeObject.nullish().describe('brief, details: what people wrote about it; on request only'),
});

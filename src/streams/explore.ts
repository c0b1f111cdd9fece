/** Spans, logs and metrics as Explore shows them: numbers over time, and the names that occur in them. */
import { timeseriesValue, traceItemAttribute, traceMetric } from '../schemas/explore.js';
import { type Row, day } from '../sdk/index.js';
import { defineStream } from './define.js';
import { everyProject, optionalEveryProject, organization } from './scopes/organization.js';
import { listOf, timeOf } from './rows/statistics.js';
import { wordOf } from './rows/words.js';

export const events_timeseries = defineStream({
  name: 'events_timeseries',
  summary: 'Numbers over time that the setting timeseries names, for each hour.',
  path: '/organizations/{organization}/events-timeseries/',
  scope: organization,
  schema: timeseriesValue,
  primaryKey: ['interval_start', 'dataset', 'y_axis'],
  replicationKey: 'interval_start',
  optional: true,
  permission: 'org:read',
  sizeParam: null,
  params: () => ({ interval: '1h', ...everyProject }),
  optionalParam: optionalEveryProject,
  queries: ({ timeseries }) => timeseries,
  records: seriesRows,
  row: (row, _context, { dataset, yAxis }) => ({
    ...row,
    dataset: row.dataset ?? dataset,
    y_axis: row.y_axis ?? yAxis,
  }),
  window: { params: (range) => range, intervals: { length: day, most: 30, kept: 90 * day }, maxRows: 9000 },
  lookback: () => 2 * day,
  caution: 'The newest two days are read again in every run. Spans and logs of more than 30 days ago are a sample.',
});

export const trace_item_attributes = defineStream({
  name: 'trace_item_attributes',
  summary: 'The attributes that spans, logs and metrics of the last 14 days have.',
  path: '/organizations/{organization}/trace-items/attributes/',
  scope: organization,
  schema: traceItemAttribute,
  primaryKey: ['itemType', 'attributeType', 'key'],
  optional: true,
  permission: 'org:read',
  params: () => ({ statsPeriod: '14d', ...everyProject }),
  optionalParam: optionalEveryProject,
  queries: () =>
    ['spans', 'logs', 'tracemetrics'].flatMap((itemType) =>
      ['string', 'number', 'boolean'].map((attributeType) => ({ itemType, dataset: itemType, attributeType })),
    ),
  row: (row, _context, { itemType, attributeType }) => ({
    ...row,
    itemType,
    attributeType: row.attributeType ?? attributeType,
  }),
  skip: [404],
  caution: 'Nine lists: three kinds of rows, three types of attributes.',
});

export const trace_metrics = defineStream({
  name: 'trace_metrics',
  summary: 'The names of the metrics that applications sent in the last 30 days.',
  path: '/organizations/{organization}/trace-items/metrics/',
  scope: organization,
  schema: traceMetric,
  primaryKey: ['name', 'type', 'unit'],
  optional: true,
  permission: 'org:read',
  params: () => ({ statsPeriod: '30d', ...everyProject }),
  optionalParam: optionalEveryProject,
  row: (row) => ({ ...row, unit: wordOf(row.unit) }),
  skip: [404],
  caution: 'Sentry calls it experimental.',
});

/** A row for each value of each series. */
function seriesRows({ meta, timeSeries }: Row): Row[] {
  const dataset = (meta as Row | undefined)?.['dataset'];
  return listOf(timeSeries).flatMap(({ yAxis, values, meta: about }) => {
    const { valueType, valueUnit, dataScanned, interval } = (about ?? {}) as Row;
    return listOf(values).map(({ timestamp, ...value }) => {
      return {
        interval_start: timeOf(timestamp),
        dataset,
        y_axis: yAxis,
        ...value,
        valueType,
        valueUnit,
        dataScanned,
        interval,
      };
    });
  });
}

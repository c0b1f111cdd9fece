/**
 * Dashboards: https://docs.sentry.io/api/dashboards/list-an-organizations-custom-dashboards/ and
 * https://docs.sentry.io/api/dashboards/retrieve-an-organizations-custom-dashboard/; saved queries:
 * https://docs.sentry.io/api/discover/list-an-organizations-discover-saved-queries/
 *
 * The document gives most of their dates no format.
 */
import * as z from 'zod';
import { account, freeObject, timestamp } from './common.js';

const dashboardBase = z.looseObject({
  id: z.string().describe('a number, or a name such as default-overview for those that Sentry brings'),
  title: z.string().nullish(),
  createdBy: account.nullish(),
  environment: z.array(z.string()).nullish(),
  projects: z.array(z.int()).nullish().describe('ids'),
  filters: z
    .looseObject({
      release: z.array(z.string()).nullish(),
      releaseId: z.array(z.string()).nullish(),
      globalFilter: z.array(freeObject).nullish(),
    })
    .nullish(),
  permissions: z
    .looseObject({
      isEditableByEveryone: z.boolean().nullish(),
      teamsWithEditAccess: z.array(z.int()).nullish(),
    })
    .nullish(),
  isFavorited: z.boolean().nullish().describe("by the token's user"),
  prebuiltId: z.int().nullish(),
  dateCreated: z.string().nullish(),
});

export const dashboard = z.looseObject({
  ...dashboardBase.shape,
  widgetDisplay: z.array(z.string()).nullish(),
  widgetPreview: z.array(freeObject).nullish(),
  lastVisited: z.string().nullish(),
});

const widgetQuery = z.looseObject({
  id: z.string().nullish(),
  name: z.string().nullish(),
  fields: z.array(z.string()).nullish(),
  aggregates: z.array(z.string()).nullish(),
  columns: z.array(z.string()).nullish(),
  fieldAliases: z.array(z.string()).nullish(),
  conditions: z.string().nullish(),
  orderby: z.string().nullish(),
  widgetId: z.string().nullish(),
  onDemand: z
    .array(
      z.looseObject({
        enabled: z.boolean().nullish(),
        extractionState: z.string().nullish(),
        dashboardWidgetQueryId: z.int().nullish(),
      }),
    )
    .nullish(),
  isHidden: z.boolean().nullish(),
  selectedAggregate: z.int().nullish(),
  linkedDashboards: z
    .array(
      z.looseObject({
        field: z.string().nullish(),
        dashboardId: z.int().nullish(),
      }),
    )
    .nullish(),
});

const widget = z.looseObject({
  id: z.string().nullish(),
  title: z.string().nullish(),
  description: z.string().nullish(),
  dashboardId: z.string().nullish(),
  displayType: z.string().nullish().describe('line, area, bar, table, big_number, …'),
  widgetType: z.string().nullish().describe('error-events, spans, logs, issue, …'),
  interval: z.string().nullish(),
  queries: z.array(widgetQuery).nullish(),
  limit: z.int().nullish(),
  layout: freeObject.nullish().describe('x, y, w, h, minH'),
  thresholds: z
    .looseObject({
      max_values: freeObject.nullish(),
      unit: z.string().nullish(),
      preferredPolarity: z.string().nullish(),
    })
    .nullish(),
  axisRange: z.string().nullish(),
  legendType: z.string().nullish().describe('default, breakdown'),
  datasetSource: z.string().nullish(),
  exploreUrls: z.array(z.string()).nullish(),
  changedReason: z
    .array(
      z.looseObject({
        orderby: z.array(freeObject).nullish(),
        equations: z.array(freeObject).nullish(),
        selected_columns: z.array(z.string()).nullish(),
      }),
    )
    .nullish()
    .describe('what Sentry had to leave out when it moved the widget to another dataset'),
  dateCreated: z.string().nullish(),
});

export const dashboardDetail = z.looseObject({
  ...dashboardBase.shape,
  widgets: z.array(widget).nullish(),
  period: z.string().nullish(),
  utc: z.string().nullish(),
  expired: z.boolean().nullish(),
  start: timestamp.nullish(),
  end: timestamp.nullish(),
});

export const savedQuery = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  version: z.int().nullish(),
  queryDataset: z.string().nullish().describe('error-events, transaction-like, …'),
  datasetSource: z.string().nullish(),
  projects: z.array(z.int()).nullish().describe('ids'),
  environment: z.array(z.string()).nullish(),
  query: z.string().nullish(),
  fields: z.array(z.string()).nullish(),
  widths: z.array(z.string()).nullish(),
  conditions: z.array(z.string()).nullish(),
  aggregations: z.array(z.string()).nullish(),
  yAxis: z.array(z.string()).nullish(),
  display: z.string().nullish(),
  orderby: z.string().nullish(),
  limit: z.string().nullish(),
  topEvents: z.int().nullish(),
  interval: z.string().nullish(),
  range: z.string().nullish().describe('such as 14d'),
  start: z.string().nullish(),
  end: z.string().nullish(),
  expired: z.boolean().nullish().describe('the range lies before retention'),
  exploreQuery: freeObject.nullish(),
  createdBy: account.nullish(),
  dateCreated: z.string().nullish(),
  dateUpdated: z.string().nullish(),
});

/**
 * The settings: this object is the only place. plugin.json, meltano.yml, the README's table, --about
 * and error messages are made from it (`npm run docs`). What code gets is ready for use: times and
 * durations are milliseconds. Own messages continue the
 * sentence `page_size is 0; it …`, or, with `params.hide`, `api_token …`.
 */
import * as z from 'zod';
import { batchConfig } from './config-batch.js';
import { queries } from './config-queries.js';
import { headers, secretToken } from './config-secrets.js';
import { baseUrl } from './config-url.js';
import { axes, date, duration, organization, projectSlugs, shard, texts, userAgent } from './config-values.js';

export const settings = z
  .object({
    api_token: secretToken
      .meta({ label: 'Sentry API Token', secret: true, group: 'Access' })
      .describe(
        'Auth token of Sentry: of an internal integration, or a personal one, with org:read, project:read, ' +
          'team:read, member:read, event:read and project:releases. An organization token (sntrys_…) is for ' +
          'releases only.',
      ),
    start_date: date
      .meta({ label: 'Start Date', group: 'Extent', preset: '2020-01-01T00:00:00Z' })
      .describe(
        'The earliest time to read from: a date, or a date with a time (UTC unless it names an offset). It counts ' +
          'for streams that have no bookmark yet.',
      ),
    base_url: baseUrl
      .prefault('https://sentry.io/api/0/')
      .meta({ label: 'Sentry API Base URL', group: 'Access' })
      .describe(
        'Address of the Sentry server, for self-hosted and regional ones: https://de.sentry.io/api/0/, ' +
          'https://sentry.example.com. The path may be left out.',
      ),
    organization: organization
      .prefault('split-software')
      .meta({ label: 'Sentry Organization', group: 'Access' })
      .describe('Slug of the organization to read.'),
    project_slugs: projectSlugs
      .prefault([])
      .meta({ label: 'Project Slugs', group: 'Extent' })
      .describe(
        'Only these projects, such as ["web", "api"]. Empty: all projects that the token can read. In an ' +
          'environment variable of your own a list with commas will do; Meltano wants JSON.',
      ),
    shard: shard
      .optional()
      .meta({ label: 'Shard', group: 'Extent' })
      .describe(
        'The part of the projects to read, where several runs share them: 3/8 is the third of eight. Streams of the ' +
          'whole organization, and the rows of projects, come with the first. Unset: everything.',
      ),
    fetch_event_details: z
      .boolean()
      .default(false)
      .meta({ label: 'Fetch Event Details', group: 'Extent' })
      .describe(
        'Read whole events (stack traces, breadcrumbs, contexts) for the event streams, not only their outline. ' +
          'More bytes; hardly more requests.',
      ),
    event_text: z
      .boolean()
      .default(false)
      .meta({ label: 'Event Text', group: 'Extent' })
      .describe(
        'Add the column text_content to events, issue_events and event_detail: the event as a text for search and ' +
          'language models. It holds personal data. Best with fetch_event_details.',
      ),
    event_text_length: z
      .number()
      .int()
      .min(200)
      .default(8000)
      .meta({ label: 'Event Text Length', group: 'Extent' })
      .describe('The most characters of text_content; what is longer is cut at the end of a line.'),
    events_source: z
      .enum(['project', 'explore'])
      .default('project')
      .meta({ label: 'Events Source', group: 'Extent' })
      .describe(
        'Where the stream events is read: project, the list of each project; explore, the outline of events at ' +
          'thirty times the rate, without bodies. See docs/queries.md.',
      ),
    issue_query: z
      .string()
      .trim()
      .default('')
      .meta({ label: 'Issue Query', group: 'Extent' })
      .describe(
        'A Sentry search that issues must match, such as is:unresolved level:error. Empty: all issues, whatever ' +
          'their status.',
      ),
    lookback: duration
      .prefault('PT1H')
      .meta({ label: 'Lookback', group: 'Replication' })
      .describe(
        'How far before its bookmark an incremental stream reads again, for events that reach Sentry late. An ISO ' +
          '8601 duration.',
      ),
    issues_full_refresh_interval: duration
      .prefault('P1D')
      .meta({ label: 'Issues Full Refresh Interval', group: 'Replication' })
      .describe(
        'How often all issues since start_date are read again, since status, assignee and merges change without ' +
          'an event. An ISO 8601 duration; PT0S: never.',
      ),
    end_date: date
      .optional()
      .meta({ label: 'End Date', group: 'Extent', format: 'date-time' })
      .describe('The time to read up to, exclusive. Unset: the start of the run.'),
    concurrency: z
      .number()
      .int()
      .min(1)
      .max(50)
      .optional()
      .meta({ label: 'Concurrency', group: 'Requests' })
      .describe(
        'The most requests in flight at once for one route. Unset: what the server allows, and 8 when it names no ' +
          'limit.',
      ),
    rate_limit: z
      .number()
      .gt(0)
      .optional()
      .meta({ label: 'Rate Limit', group: 'Requests' })
      .describe('The most requests per second over all routes; fractions are fine. Unset: what the server allows.'),
    page_size: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(100)
      .meta({ label: 'Page Size', group: 'Requests' })
      .describe('Rows asked for in one request.'),
    timeout: z
      .number()
      .int()
      .min(1)
      .default(60)
      .meta({ label: 'Timeout', group: 'Requests' })
      .describe('Seconds to wait for one answer.'),
    retry_time: z
      .number()
      .int()
      .min(0)
      .default(300)
      .meta({ label: 'Retry Time', group: 'Requests' })
      .describe('Seconds during which a request that fails for a passing reason is tried again.'),
    headers: headers
      .optional()
      .meta({ label: 'Headers', secret: true, group: 'Requests' })
      .describe(
        'More headers for every request, such as those that a gateway in front of Sentry asks for. Their values ' +
          'are treated as secrets.',
      ),
    user_agent: userAgent
      .meta({ label: 'User Agent', group: 'Requests' })
      .describe('What the tap calls itself in requests. Unset: its name and version.'),
    sample_fraction: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .meta({ label: 'Sample Fraction', group: 'Extent' })
      .describe(
        'The share of events to keep, from 0 to 1. Chosen by the id of the event, so that two runs choose alike.',
      ),
    max_events_per_project: z
      .number()
      .int()
      .min(1)
      .optional()
      .meta({ label: 'Max Events Per Project', group: 'Extent' })
      .describe('At most this many of the newest events of a project in one run. Unset: all.'),
    max_events_per_issue: z
      .number()
      .int()
      .min(1)
      .optional()
      .meta({ label: 'Max Events Per Issue', group: 'Extent' })
      .describe('At most this many of the newest events of an issue in one run, for issue_events. Unset: all.'),
    tag_keys: texts('["environment", "release"]')
      .prefault([])
      .meta({ label: 'Tag Keys', group: 'Extent' })
      .describe(
        'The tags whose values are read, such as ["environment", "release"], for project_tag_values, ' +
          'issue_tag_values and issue_tags. Empty: no values, and issue_tags has all tags.',
      ),
    timeseries: axes
      .prefault(['errors:count()'])
      .meta({ label: 'Time Series', group: 'Extent' })
      .describe(
        'What events_timeseries counts: a dataset, a colon and what to count in each element, such as ' +
          '["errors:count()", "spans:p95(span.duration)"].',
      ),
    queries: queries
      .prefault([])
      .meta({ label: 'Queries', group: 'Extent' })
      .describe(
        'Queries of Explore of your own, each a stream: a JSON list such as [{"name": "slow_spans", "dataset": ' +
          '"spans", "fields": ["span.op", "span.duration"], "query": "span.duration:>1s", "projects": ["web"]}]. ' +
          'See docs/queries.md.',
      ),
    emit_activate_version_messages: z
      .boolean()
      .default(false)
      .meta({ label: 'Emit ACTIVATE_VERSION Messages', group: 'Replication' })
      .describe(
        'Tell the target to drop rows that are gone. Only for full-table streams, and only after one was read ' +
          'completely.',
      ),
    batch_config: batchConfig
      .optional()
      .meta({ label: 'Batch Config', group: 'Output' })
      .describe(
        'Write records into files, and tell the target where they are: {"storage": {"root": "file:///var/batches"}}. ' +
          'Only for targets with the capability batch. Also: encoding.compression (gzip, none), storage.prefix, ' +
          'batch_size.',
      ),
  })
  .check((context) => {
    const { start_date: start, end_date: end, events_source: source, fetch_event_details: whole } = context.value;
    if (source === 'explore' && whole)
      context.issues.push({
        code: 'custom',
        path: ['events_source'],
        input: source,
        message: 'should be project where fetch_event_details is true: Explore has no whole events',
      });
    if (end !== undefined && end <= start)
      context.issues.push({
        code: 'custom',
        path: ['end_date'],
        input: new Date(end).toISOString(),
        message: `should be later than start_date, ${new Date(start).toISOString()}`,
      });
  })
  .meta({
    leftOut: {
      min_events_per_issue:
        'rows are passed on as they are read, and a least number for each issue would need all of its events in ' +
        'memory. sample_fraction and max_events_per_issue are there.',
    },
  });

export type Config = z.output<typeof settings>;

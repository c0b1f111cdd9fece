/**
 * Session replays: https://docs.sentry.io/api/replays/list-an-organizations-replays/ and
 * https://docs.sentry.io/api/replays/list-users-who-have-viewed-a-replay/
 *
 * Rows are written in snake_case, unlike the rest. `tags` is an object, and an empty list where there are none. What
 * the document leaves out: a replay that was deleted is a row of nulls with `is_archived`.
 */
import * as z from 'zod';
import { account, freeObject, timestamp } from './common.js';

const versioned = z.looseObject({
  name: z.string().nullish(),
  version: z.string().nullish(),
});

export const replay = z.looseObject({
  id: z.string(),
  project_id: z.string().nullish(),
  trace_ids: z.array(z.string()).nullish(),
  error_ids: z.array(z.string()).nullish(),
  environment: z.string().nullish(),
  tags: freeObject.nullish().describe('by key: list of values'),
  user: z
    .looseObject({
      id: z.string().nullish(),
      username: z.string().nullish(),
      email: z.string().nullish(),
      ip: z.string().nullish(),
      display_name: z.string().nullish(),
      geo: z
        .looseObject({
          city: z.string().nullish(),
          country_code: z.string().nullish(),
          region: z.string().nullish(),
          subdivision: z.string().nullish(),
        })
        .nullish(),
    })
    .nullish(),
  sdk: versioned.nullish(),
  os: versioned.nullish(),
  browser: versioned.nullish(),
  device: z
    .looseObject({
      name: z.string().nullish(),
      brand: z.string().nullish(),
      model: z.string().nullish(),
      family: z.string().nullish(),
    })
    .nullish(),
  ota_updates: z
    .looseObject({
      channel: z.string().nullish(),
      runtime_version: z.string().nullish(),
      update_id: z.string().nullish(),
    })
    .nullish(),
  is_archived: z.boolean().nullish().describe('deleted: nearly all else is null'),
  urls: z.array(z.string()).nullish(),
  segment_names: z.array(z.string()).nullish(),
  clicks: z.array(freeObject).nullish(),
  count_dead_clicks: z.int().nullish(),
  count_rage_clicks: z.int().nullish(),
  count_errors: z.int().nullish(),
  count_warnings: z.int().nullish(),
  count_infos: z.int().nullish(),
  count_segments: z.int().nullish(),
  count_urls: z.int().nullish(),
  activity: z.int().nullish().describe('0 to 10'),
  duration: z.int().nullish().describe('seconds'),
  replay_type: z.string().nullish().describe('session, buffer'),
  platform: z.string().nullish(),
  releases: z.array(z.string()).nullish(),
  dist: z.string().nullish(),
  has_viewed: z.boolean().nullish().describe("the token's user"),
  started_at: timestamp.nullish(),
  finished_at: timestamp.nullish(),
});

export const replayViewedBy = z.looseObject({
  replay_id: z.string(),
  project_id: z.string(),
  viewed_by: z.array(account).nullish(),
});

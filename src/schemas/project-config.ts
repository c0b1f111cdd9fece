/**
 * How a project is set up: https://docs.sentry.io/api/projects/ (inbound filters, ownership, symbol sources, service
 * hooks) and https://docs.sentry.io/api/replays/list-replay-deletion-jobs/
 *
 * Custom inbound filters are not in the document: their fields are those of Sentry's endpoint
 * (project_custom_inbound_filters.py).
 */
import * as z from 'zod';
import { timestamp } from './common.js';

const project_id = z.string().describe('where it was asked for');

export const projectFilter = z.looseObject({
  project_id,
  id: z.string().describe('browser-extensions, localhost, web-crawlers, …'),
  active: z.string().nullish().describe('true, false, or a JSON list of what is filtered'),
});

export const customInboundFilter = z.looseObject({
  project_id,
  id: z.string(),
  name: z.string().nullish(),
  active: z.boolean().nullish(),
  dataType: z.string().nullish(),
  conditions: z
    .array(
      z.looseObject({
        type: z.string().nullish().describe('error_message, log_message, metric_name, release, …'),
        value: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
  dateCreated: timestamp.nullish(),
  dateUpdated: timestamp.nullish(),
});

export const projectOwnership = z.looseObject({
  project_id,
  raw: z.string().nullish().describe('the rules as they were written; null if there never were any'),
  schema: z
    .looseObject({
      $version: z.int().nullish(),
      rules: z
        .array(
          z.looseObject({
            matcher: z
              .looseObject({
                type: z.string().nullish().describe('path, url, module, tags.…, codeowners'),
                pattern: z.string().nullish(),
              })
              .nullish(),
            owners: z
              .array(
                z.looseObject({
                  type: z.string().nullish().describe('user, team'),
                  id: z.string().nullish(),
                  name: z.string().nullish(),
                }),
              )
              .nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
  fallthrough: z.boolean().nullish(),
  isActive: z.boolean().nullish(),
  autoAssignment: z.string().nullish(),
  codeownersAutoSync: z.boolean().nullish(),
  dateCreated: timestamp.nullish(),
  lastUpdated: timestamp.nullish(),
});

const hiddenSecret = z.looseObject({ 'hidden-secret': z.boolean().nullish() });

/** One of four kinds: http, s3, gcs and appStoreConnect have fields of their own. */
export const symbolSource = z.looseObject({
  project_id,
  id: z.string(),
  type: z.string().nullish().describe('http, s3, gcs, appStoreConnect'),
  name: z.string().nullish(),
  url: z.string().nullish(),
  username: z.string().nullish(),
  password: hiddenSecret.nullish(),
  bucket: z.string().nullish(),
  region: z.string().nullish(),
  prefix: z.string().nullish(),
  access_key: z.string().nullish(),
  secret_key: hiddenSecret.nullish(),
  client_email: z.string().nullish(),
  private_key: hiddenSecret.nullish(),
  appName: z.string().nullish(),
  appId: z.string().nullish(),
  bundleId: z.string().nullish(),
  appconnectIssuer: z.string().nullish(),
  appconnectKey: z.string().nullish(),
  appconnectPrivateKey: z.string().nullish(),
  layout: z
    .looseObject({
      type: z.string().nullish().describe('native, symstore, symstore_index2, ssqp, unified, debuginfod, slashsymbols'),
      casing: z.string().nullish().describe('lowercase, uppercase, default'),
    })
    .nullish(),
  filters: z
    .looseObject({
      filetypes: z.array(z.string()).nullish(),
      path_patterns: z.array(z.string()).nullish(),
      requires_checksum: z.boolean().nullish(),
    })
    .nullish(),
  platforms: z.array(z.string()).nullish(),
  is_public: z.boolean().nullish(),
  has_index: z.boolean().nullish(),
});

export const serviceHook = z.looseObject({
  project_id,
  id: z.string(),
  url: z.string().nullish(),
  events: z.array(z.string()).nullish(),
  status: z.string().nullish(),
  secret: z.string().nullish().describe('a secret'),
  dateCreated: z.string().nullish(),
});

export const replayDeletionJob = z.looseObject({
  project_id,
  id: z.int(),
  status: z.string().nullish().describe('pending, in-progress, completed, failed'),
  rangeStart: z.string().nullish(),
  rangeEnd: z.string().nullish(),
  environments: z.array(z.string()).nullish(),
  query: z.string().nullish(),
  countDeleted: z.int().nullish(),
  dateCreated: z.string().nullish(),
  dateUpdated: z.string().nullish(),
});

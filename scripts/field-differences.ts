/**
 * Where our row schemas differ from the API document, and why. Fields that say where a row was asked for (`project_id`)
 * need no entry. A difference that is not listed fails `npm run check:fields`; so does a listed one that is none.
 */

/** Streams whose rows the document does not describe, and where their fields come from. */
export const undocumented: Record<string, string> = {
  audit_logs: 'not published: the fields of api/serializers/models/auditlogentry.py',
  code_mappings: 'not in our document: the fields of repository_project_path_config.py',
  codeowners: 'not in our document: the fields of projectcodeowners.py',
  custom_inbound_filters: 'not in our document: the fields of project_custom_inbound_filters.py',
  events_dropped: 'not in our document: the fields of organization_events_dropped.py',
  events_timeseries: 'the document has series; each of their values is a row',
  flag_logs: 'not in our document: the fields of flags/endpoints/logs.py',
  issue_activities: 'not published: the fields of api/serializers/models/activity.py',
  issue_comments: 'not published: the fields of api/serializers/models/activity.py',
  issue_links: 'not in our document: the fields of group_integrations.py, each link a row',
  org_stats: 'the document has groups with series; each interval of a group is a row',
  org_stats_summary: 'the document has projects with categories; each category is a row',
  project_repositories: 'not in our document: what project_repo.py answers when a repository is linked',
  project_stats_daily: 'the document has groups with totals; each group is a row',
  replay_viewed_by: 'the document has an object below data; it is the row',
  sessions: 'the document has groups with series; each interval of a group is a row',
  trace_metrics: 'not in our document: the fields of organization_trace_item_metrics.py',
};

/** Fields that differ from the document, with all that is under them. */
export interface Difference {
  paths: string[];
  reason: string;
}

const fullBody: Difference = {
  paths: [
    '_meta',
    'breakdowns',
    'context',
    'contexts',
    'dateReceived',
    'dist',
    'endTimestamp',
    'entries',
    'errors',
    'fingerprints',
    'groupingConfig',
    'measurements',
    'occurrence',
    'packages',
    'sdk',
    'size',
    'startTimestamp',
    'type',
  ],
  reason: 'the full body, which full=1 adds to a row; the document has it for a single event only',
};
const madeText: Difference = { paths: ['text_content'], reason: 'made by the tap, with the setting event_text' };
const entryType: Difference = {
  paths: ['entries[].type'],
  reason: 'the document leaves entries open; each has a type and data (object or list: passed on undeclared)',
};

/** Why ours is not the document's, per stream. */
export const differences: Record<string, Difference[]> = {
  users: [
    { paths: ['projects'], reason: 'only on the unpublished users route' },
    { paths: ['role', 'roleName'], reason: 'older servers' },
  ],
  organization: [
    {
      paths: [
        'aggregatedDataConsent',
        'alertsMemberWrite',
        'allowJoinRequests',
        'allowSharedIssues',
        'attachmentsRole',
        'availableRoles',
        'codecovAccess',
        'dataScrubber',
        'dataScrubberDefaults',
        'debugFilesRole',
        'defaultRole',
        'desiredSampleRate',
        'effectiveSampleRate',
        'enhancedPrivacy',
        'eventsMemberAdmin',
        'experiments',
        'genAIConsent',
        'githubNudgeInvite',
        'githubOpenPRBot',
        'githubPRBot',
        'hideAiFeatures',
        'isDefault',
        'isDynamicallySampled',
        'issueAlertsThreadFlag',
        'metricAlertsThreadFlag',
        'openMembership',
        'orgRole',
        'orgRoleList',
        'pendingAccessRequests',
        'planSampleRate',
        'quota',
        'relayPiiConfig',
        'requireEmailVerification',
        'requiresSso',
        'role',
        'rollbackEnabled',
        'safeFields',
        'samplingMode',
        'scrapeJavaScript',
        'scrubIPAddresses',
        'sensitiveFields',
        'storeCrashReports',
        'streamlineOnly',
        'targetSampleRate',
        'teamRoleList',
        'trustedRelays',
        'uptimeAutodetection',
      ],
      reason: 'the settings: the document has the short form only',
    },
  ],
  project_members: [{ paths: ['role', 'roleName'], reason: 'older servers' }],
  monitors: [
    { paths: ['environments', 'environments[]'], reason: 'the document has one object here; servers send a list' },
  ],
  project_detail: [
    {
      paths: ['dynamicSamplingBiases[].id', 'dynamicSamplingBiases[].active'],
      reason: 'the document leaves the map open; its example has these',
    },
  ],
  issues: [
    {
      paths: ['owners'],
      reason: 'the document has one object here; servers send a list, as the document says of a single issue',
    },
    {
      paths: ['lifetime.count', 'lifetime.userCount', 'lifetime.stats', 'lifetime.firstSeen', 'lifetime.lastSeen'],
      reason: 'the document leaves the map open; it is the numbers of the issue over all time',
    },
    { paths: ['sentryAppIssues[]'], reason: 'left open here, named by the document for a single issue' },
  ],
  issue_detail: [
    { paths: ['activity[]', 'tags[]'], reason: 'the document leaves the map open; its example has these' },
    { paths: ['pluginActions', 'pluginContexts', 'pluginIssues'], reason: 'older servers' },
  ],
  events: [fullBody, madeText],
  issue_events: [fullBody, madeText],
  event_detail: [entryType, madeText],
  issue_hashes: [{ paths: ['latestEvent.entries[].type'], reason: entryType.reason }],
  project_tag_values: [
    {
      paths: ['count', 'firstSeen', 'lastSeen', 'query', 'value'],
      reason: "the document has the name only; servers send what it says of an issue's values",
    },
  ],
  trace_item_attributes: [{ paths: ['itemType'], reason: 'the kind of rows that was asked for' }],
};

const aDate = 'a time, to which the document gives no format';

/** Fields whose type in ours is not the document's, per stream. Only these may differ. */
export const typeDifferences: Record<string, Difference[]> = {
  issues: [{ paths: ['owners'], reason: 'a list, see above' }],
  monitors: [{ paths: ['environments'], reason: 'a list, see above' }],
  issue_tags: [{ paths: ['topValues[].firstSeen', 'topValues[].lastSeen'], reason: aDate }],
  issue_tag_values: [{ paths: ['firstSeen', 'lastSeen'], reason: aDate }],
  replays: [{ paths: ['started_at', 'finished_at'], reason: aDate }],
  tags: [{ paths: ['topValues[].firstSeen', 'topValues[].lastSeen'], reason: aDate }],
  user_feedback: [{ paths: ['dateCreated'], reason: aDate }],
};

/** Projects as the API shows them: in a list, inside a team, and in full. */
import { isoMicro, isoMilli } from '../clock.js';
import type { Project } from '../entities.js';
import { hex8, mix } from '../random.js';
import type { State } from '../state.js';
import { organizationRow, teamRef, type Row } from './organization.js';

const features = [
  'alert-filters',
  'custom-inbound-filters',
  'discard-groups',
  'minidump',
  'rate-limits',
  'servicehooks',
  'similarity-view',
];

function common(state: State, project: Project): Row {
  const first = project.events.length > 0 ? project.events.get(0) : undefined;
  const browser = project.platform.client === 'browser';
  return {
    id: project.id,
    slug: project.slug,
    name: project.name,
    platform: project.platform.key,
    dateCreated: isoMilli(project.created),
    isBookmarked: project.isBookmarked,
    isMember: project.isMember,
    features: project.releases.length > 0 ? [...features, 'releases'] : features,
    firstEvent: first === undefined ? null : isoMicro(state.events.second[first]!, state.events.micro[first]!),
    firstTransactionEvent: true,
    access: project.hasAccess ? [...state.settings.scopes] : [],
    hasAccess: project.hasAccess,
    hasFeedbacks: true,
    hasFlags: false,
    hasMinifiedStackTrace: browser,
    hasMonitors: false,
    hasNewFeedbacks: browser,
    hasProfiles: false,
    hasReplays: browser,
    hasSessions: project.platform.client !== 'server',
    hasInsightsHttp: true,
    hasInsightsDb: project.platform.client === 'server',
    hasInsightsAssets: browser,
    hasInsightsAppStart: project.platform.client === 'phone',
    hasInsightsScreenLoad: project.platform.client === 'phone',
    hasInsightsVitals: browser,
    hasInsightsCaches: false,
    hasInsightsQueues: false,
    hasInsightsAgentMonitoring: false,
    hasInsightsMCP: false,
    hasLogs: true,
    hasTraceMetrics: false,
  };
}

function teamsOf(project: Project): Row {
  const teams = project.teams.filter((team) => !team.deleted).map(teamRef);
  return { team: teams[0] ?? null, teams };
}

function latestRelease(project: Project): Row | null {
  const release = project.releases.at(-1);
  return release ? { version: release.version } : null;
}

/** A row of the project list. */
export function projectRow(state: State, project: Project, collapse: readonly string[] = []): Row {
  return {
    ...common(state, project),
    ...teamsOf(project),
    platforms: project.events.length > 0 ? [project.platform.language] : [],
    hasUserReports: project.platform.client === 'browser',
    environments: [...project.environments],
    latestRelease: latestRelease(project),
    ...(collapse.includes('latestDeploys') ? {} : { latestDeploys: null }),
  };
}

/** A project inside a team. */
export function projectSummary(state: State, project: Project): Row {
  const hue = mix(state.settings.seed, project.index, 21);
  return {
    ...common(state, project),
    isInternal: false,
    isPublic: false,
    avatar: { avatarType: 'letter_avatar', avatarUuid: null, avatarUrl: null },
    color: `#${hex8(hue).slice(0, 6)}`,
    status: 'active',
  };
}

export function projectDetail(state: State, project: Project, regionUrl: string): Row {
  const token = [1, 2, 3, 4].map((part) => hex8(mix(state.settings.seed, project.index, part, 22))).join('');
  const teams = teamsOf(project);
  return {
    ...projectSummary(state, project),
    ...(teams.team === null ? { teams: teams.teams } : teams),
    latestRelease: latestRelease(project),
    options: {
      'sentry:scrub_defaults': true,
      'sentry:scrub_data': true,
      'sentry:resolve_age': 0,
      'sentry:token': token,
      'sentry:origins': ['*'],
      'filters:react-hydration-errors': true,
      'filters:blacklisted_ips': '',
      'feedback:branding': true,
      'sentry:verify_ssl': false,
    },
    digestsMinDelay: 300,
    digestsMaxDelay: 1800,
    subjectPrefix: '',
    allowedDomains: ['*'],
    resolveAge: 0,
    dataScrubber: true,
    dataScrubberDefaults: true,
    safeFields: [],
    storeCrashReports: state.settings.behaviour.storeCrashReports,
    sensitiveFields: project.index % 3 === 0 ? ['iban'] : [],
    subjectTemplate: '$shortID - $title',
    securityToken: token,
    securityTokenHeader: null,
    verifySSL: false,
    scrubIPAddresses: false,
    scrapeJavaScript: true,
    enableAutoReleaseCreation: true,
    highlightTags: ['environment', 'release'],
    highlightContext: {},
    highlightPreset: { tags: ['environment', 'level', 'release'], context: { user: ['email'] } },
    groupingConfig: 'newstyle:2023-01-11',
    derivedGroupingEnhancements: '',
    groupingEnhancements: '',
    secondaryGroupingExpiry: 0,
    secondaryGroupingConfig: null,
    fingerprintingRules: '',
    organization: organizationRow(state, regionUrl),
    platforms: [project.platform.language],
    processingIssues: 0,
    defaultEnvironment: project.environments[0] ?? null,
    relayPiiConfig: null,
    builtinSymbolSources: project.platform.client === 'phone' ? ['ios', 'apple'] : [],
    dynamicSamplingBiases: [
      { id: 'boostEnvironments', active: true },
      { id: 'ignoreHealthChecks', active: true },
    ],
    symbolSources: '[]',
    isDynamicallySampled: false,
    tempestFetchScreenshots: false,
    autofixAutomationTuning: 'off',
    seerScannerAutomation: false,
    seerNightshiftTweaks: null,
    scmSourceContextEnabled: false,
    debugFilesRole: null,
  };
}

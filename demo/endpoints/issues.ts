/**
 * Issue lists and the single issue. A list with a window shows the window's values at the top and the
 * all-time ones under `lifetime`; the project's own list knows no window.
 */
import { badRequest, forbidden, json, notFound, Refusal, type Answer, type ApiRequest } from '../answer.js';
import { isListOfNothing, projectOf, projectsOf, type App } from '../app.js';
import type { Issue, Project } from '../entities.js';
import type { Found, Sort } from '../issue-lists.js';
import { clampedLimit, linkHeader, onlyPage, scoreSlice } from '../paging.js';
import type { Row } from '../rows/organization.js';
import { readWindow, retained, usualWindow } from '../times.js';

const maxHits = 1000;

/** The seconds and number of steps of a `stats` series, by its period. */
const seriesSteps: Readonly<Record<string, readonly [number, number]>> = {
  '24h': [3600, 24],
  '14d': [86_400, 14],
  auto: [3600, 24],
};

export function organizationIssues(app: App, request: ApiRequest): Answer {
  if (app.behaviour.organizationIssues === false) throw notFound();
  const { query } = request;
  const period = query.get('groupStatsPeriod') ?? '24h';
  if (period !== '' && !seriesSteps[period])
    throw badRequest("Invalid stats_period. Valid choices are '', '24h', '14d', and 'auto'");
  const projects = projectsOf(app, query);
  if (app.behaviour.organizationIssues === 'error') throw internalError();
  const ignoresDates = app.behaviour.ignoreIssueDates || app.behaviour.issueWindow === 'none';
  const window = (ignoresDates ? undefined : readWindow(query, app.state)) ?? usualWindow(app.state);
  const collapse = query.getAll('collapse');
  const show = (found: Found): string => {
    const { issue, range } = found;
    const isWindowed = app.behaviour.issueWindow === 'events' && range[1] > range[0];
    const counted: Row = isWindowed ? { ...app.issues.windowed(issue, range) } : { ...app.issues.lifetime(issue) };
    if (!collapse.includes('stats')) {
      const steps = seriesSteps[period];
      if (steps) counted.stats = { [period]: app.issues.series(issue, ...steps) };
      if (app.behaviour.lifetime && !collapse.includes('lifetime'))
        counted.lifetime = { ...app.issues.lifetime(issue), stats: null };
      if (app.behaviour.lifetime && !collapse.includes('filtered')) counted.filtered = null;
    }
    return app.issues.text(issue, { ...counted, ...expanded(query.getAll('expand')) });
  };

  const groups = query.getAll('group');
  if (groups.length > 0)
    return namedIssues(app, request, groups, projects, (issue) =>
      show({ issue, range: issue.events.within(window.start, window.end) }),
    );
  return listed(app, request, projects, retained(window, app.state), show);
}

/** The project's own list: dates have no effect, values are all-time. */
export function projectIssues(app: App, request: ApiRequest): Answer {
  const { query } = request;
  const period = query.get('statsPeriod') ?? '24h';
  if (!['', '24h', '14d'].includes(period))
    throw badRequest("Invalid stats_period. Valid choices are '', '24h', and '14d'");
  if (isListOfNothing(app, request)) return textPage([], { Link: onlyPage(request, app.behaviour) });
  const project = projectOf(app, request);
  const steps = seriesSteps[period];
  const show = ({ issue }: Found): string =>
    app.issues.text(issue, {
      ...app.issues.lifetime(issue),
      ...(steps ? { stats: { [period]: app.issues.series(issue, ...steps) } } : {}),
    });
  // All that retention shows; the far end lies ahead of the clock since nothing pins it.
  const window = { start: app.state.oldest(), end: Math.floor(app.state.clock.now() / 1000) + 3600 };
  return listed(app, request, [project], window, show);
}

export function issueDetail(app: App, request: ApiRequest): Answer {
  const status = request.params.organization === undefined ? 200 : app.behaviour.organizationIssueDetail;
  if (status === 404) throw notFound();
  if (status === 405) throw new Refusal(405, { detail: 'Method not allowed' }, { Allow: 'DELETE, PUT' });
  const issue = issueOf(app, request);
  if (request.query.getAll('expand').includes('latestEventHasAttachments')) throw notFound();
  return json({
    ...app.issues.detail(issue, request.query.getAll('collapse')),
    ...expanded(request.query.getAll('expand'), true),
  });
}

/** The issue a path names; a merged id answers with the issue it went into. */
export function issueOf(app: App, request: ApiRequest): Issue {
  const issue = app.state.issue(request.params.issue ?? '');
  if (!issue || !app.state.isVisible(issue)) throw notFound();
  if (!issue.project.hasAccess) throw forbidden();
  return issue;
}

function listed(
  app: App,
  request: ApiRequest,
  projects: readonly Project[],
  window: { start: number; end: number } | undefined,
  show: (found: Found) => string,
): Answer {
  const { query } = request;
  const list = app.issueLists.list({
    projects,
    window,
    query: query.get('query') ?? app.behaviour.defaultQuery,
    sort: sortOf(app, query.get('sort')),
  });
  const slice = scoreSlice(query, list.scores, clampedLimit(query, app.behaviour), app.behaviour);
  const rows = list.found.slice(slice.from, slice.to).flatMap((found) => (found ? [show(found)] : []));
  return textPage(rows, {
    Link: linkHeader(request, slice, app.behaviour),
    ...(list.hits === undefined ? {} : { 'X-Hits': String(list.hits), 'X-Max-Hits': String(maxHits) }),
  });
}

/** `group=`: these issues, whatever the query and the dates say. */
function namedIssues(
  app: App,
  request: ApiRequest,
  ids: readonly string[],
  projects: readonly Project[],
  show: (issue: Issue) => string,
): Answer {
  if (ids.length > 100) throw badRequest('Too many group ids');
  const issues = ids
    .flatMap((id) => app.state.liveIssues().find((issue) => issue.id === id) ?? [])
    .filter((issue) => projects.includes(issue.project));
  return textPage(issues.map(show), {
    Link: onlyPage(request, app.behaviour),
    'X-Hits': String(issues.length),
    'X-Max-Hits': String(maxHits),
  });
}

/** Every name of an order, whichever server knows it. */
const sortNames: Readonly<Record<string, Sort>> = {
  date: 'date',
  new: 'new',
  freq: 'freq',
  user: 'user',
  '-last_seen': 'date',
  '-created': 'new',
  '-count': 'freq',
};

function sortOf({ behaviour }: App, text: string | null): Sort {
  if (text === null) return 'date';
  const sort = behaviour.issueSorts.includes(text) ? sortNames[text] : undefined;
  if (sort) return sort;
  if (!behaviour.unknownSort422) throw badRequest('Invalid sort parameter.');
  const known = behaviour.issueSorts.join(', ');
  throw new Refusal(422, {
    detail: [{ loc: ['query', 'sort'], msg: `Input should be ${known}`, type: 'literal_error' }],
  });
}

function internalError(): Refusal {
  return new Refusal(500, { detail: 'Internal Error', errorId: '0'.repeat(32) });
}

function expanded(names: readonly string[], asList = false): Row {
  const values: Row = {
    inbox: null,
    owners: asList ? [] : null,
    integrationIssues: [],
    sentryAppIssues: [],
    latestEventHasAttachments: false,
  };
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

function textPage(rows: readonly string[], headers: Record<string, string>): Answer {
  return { status: 200, headers, body: [Buffer.from(`[${rows.join(',')}]`)], rows: rows.length };
}

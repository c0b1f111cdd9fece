/**
 * Issue lists and the single issue. A list with a window shows the window's values at the top and the
 * all-time ones under `lifetime`; the project's own list knows no window.
 */
import { badRequest, forbidden, json, notFound, Refusal, type Answer, type ApiRequest } from '../answer.js';
import { projectOf, projectsOf, type App } from '../app.js';
import type { Issue, Project } from '../entities.js';
import { sorts, type Found, type Sort } from '../issue-lists.js';
import { linkHeader, scoreSlice } from '../paging.js';
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
  if (!app.behaviour.organizationIssues) throw notFound();
  const { query } = request;
  const period = query.get('groupStatsPeriod') ?? '24h';
  if (period !== '' && !seriesSteps[period])
    throw badRequest("Invalid stats_period. Valid choices are '', '24h', '14d', and 'auto'");
  const projects = projectsOf(app, query);
  const asked = readWindow(query, app.state);
  const window = (app.behaviour.ignoreIssueDates ? undefined : asked) ?? usualWindow(app.state);
  const collapse = query.getAll('collapse');
  const show = (found: Found): string => {
    const { issue, range } = found;
    const values =
      app.behaviour.issueWindow === 'events' && range[1] > range[0]
        ? app.issues.windowed(issue, range)
        : app.issues.lifetime(issue);
    const counted: Row = { ...values };
    if (!collapse.includes('stats')) {
      const steps = seriesSteps[period];
      if (steps) counted.stats = { [period]: app.issues.series(issue, ...steps) };
      if (app.behaviour.lifetime && !collapse.includes('lifetime'))
        counted.lifetime = { ...app.issues.lifetime(issue), stats: null };
      if (!collapse.includes('filtered')) counted.filtered = null;
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
  const slice = scoreSlice(query, list.scores);
  const rows = list.found.slice(slice.from, slice.to).flatMap((found) => (found ? [show(found)] : []));
  return textPage(rows, {
    Link: linkHeader(request, slice, app.behaviour),
    'X-Hits': String(list.hits),
    'X-Max-Hits': String(maxHits),
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
  const ends = { previous: { cursor: '0:0:1', results: false }, next: { cursor: '0:0:0', results: false } };
  return textPage(issues.map(show), {
    Link: linkHeader(request, ends, app.behaviour),
    'X-Hits': String(issues.length),
    'X-Max-Hits': String(maxHits),
  });
}

function sortOf(app: App, text: string | null): Sort {
  const sort = sorts.find((one) => one === (text ?? 'date'));
  if (sort) return sort;
  if (!app.behaviour.unknownSort422) throw badRequest('Invalid sort parameter.');
  throw new Refusal(422, {
    detail: [{ loc: ['query', 'sort'], msg: `Input should be ${sorts.join(', ')}`, type: 'literal_error' }],
  });
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

/** Events of a project, of an issue, and alone: newest first by whole second, then by id, or by arrival. */
import { badRequest, html, json, notFound, type Answer, type ApiRequest } from '../answer.js';
import { isListOfNothing, projectOf, type App } from '../app.js';
import type { Issue } from '../entities.js';
import type { EventList } from '../event-index.js';
import type { OrderedEvents } from '../event-order.js';
import { linkHeader, onlyPage, perPage, rowSlice, scoreSlice, type Slice } from '../paging.js';
import { snakeCase } from '../similar.js';
import { readWindow, retained, usualWindow, type Window } from '../times.js';
import { issueOf } from './issues.js';

/** How far before an issue's first event its event list still looks. */
const shrinkMargin = 5 * 60;

export function projectEvents(app: App, request: ApiRequest): Answer {
  if (isListOfNothing(app, request)) return json([], { Link: onlyPage(request, app.behaviour) });
  const project = projectOf(app, request);
  const asked = app.behaviour.ignoreEventDates ? undefined : readWindow(request.query, app.state);
  const window = retained(asked ?? everything(app), app.state);
  if (!window) throw outOfRetention();
  return page(app, request, project.events, window, isTrue(request.query.get('full'), true));
}

/** The events of an issue; the route without organization is the older one. */
export function issueEvents(app: App, request: ApiRequest): Answer {
  const { behaviour, state } = app;
  if (request.params.organization !== undefined) {
    if (behaviour.organizationIssueEvents === 'html') return html('Not found');
    if (behaviour.organizationIssueEvents === 404) throw notFound();
  }
  const issue = issueOf(app, request);
  const window = retained(issueWindow(app, request, issue), state);
  if (!window) throw outOfRetention();
  const answer = page(app, request, issue.events, window, isTrue(request.query.get('full'), behaviour.anyTextIsFull));
  return behaviour.snakeCaseIssueEvents ? snakeCase(answer) : answer;
}

function issueWindow(app: App, { query }: ApiRequest, issue: Issue): Window {
  const { behaviour, state } = app;
  if (behaviour.ignoreIssueEventDates) return everything(app);
  if (behaviour.refuseEmptyPeriod && query.get('statsPeriod') === '') throw badRequest("Invalid statsPeriod: ''");
  const { start, end } = readWindow(query, state) ?? usualWindow(state);
  return { start: Math.max(start, state.events.second[issue.firstEvent]! - shrinkMargin), end };
}

/** `full`: where any text counts as yes, `false` does too. */
function isTrue(text: string | null, anyText: boolean): boolean {
  return anyText ? Boolean(text) : ['1', 'true'].includes(text ?? '');
}

/** The event that a path names, with dashes or without. */
export function eventOf(app: App, request: ApiRequest): number {
  const project = projectOf(app, request);
  const id = (request.params.event ?? '').replaceAll('-', '').toLowerCase();
  const event = app.state.events.find(id).find((one) => {
    const issue = app.state.birthIssue(one);
    return (
      issue.project === project &&
      app.state.isLive(app.state.survivor(issue)) &&
      app.state.events.second[one]! >= app.state.oldest()
    );
  });
  if (event === undefined) throw notFound('Event not found');
  return event;
}

export function eventDetail(app: App, request: ApiRequest): Answer {
  const event = eventOf(app, request);
  return { status: 200, headers: {}, body: [Buffer.from(app.events.bodies.detail(event))], rows: 1 };
}

/** Whether an event's time is one its issue's list shows; late events can lie before it. */
export function isListedInIssue({ behaviour, state }: App, firstEvent: number, event: number): boolean {
  if (behaviour.ignoreIssueEventDates) return true;
  return state.events.second[event]! >= state.events.second[firstEvent]! - shrinkMargin;
}

function page(app: App, request: ApiRequest, list: EventList, window: Window, askedFull: boolean): Answer {
  const { behaviour } = app;
  const found = app.eventOrder.newestFirst(list, window);
  const full = behaviour.fullEvents === 'always' || (behaviour.fullEvents === 'asked' && askedFull);
  const asked = perPage(request.query, behaviour);
  const size = full && behaviour.fullPageSize > 0 ? Math.min(asked, behaviour.fullPageSize) : asked;
  const slice = sliceOf(app, request, found, size);
  const events = Array.from({ length: slice.to - slice.from }, (_, n) => found.at(slice.from + n));
  return {
    status: 200,
    headers: { Link: linkHeader(request, slice, behaviour) },
    body: app.events.page(events, full),
    rows: events.length,
  };
}

function sliceOf({ behaviour, state }: App, { query }: ApiRequest, found: OrderedEvents, size: number): Slice {
  if (behaviour.eventCursors === 'rows') return rowSlice(query, found.length, size, behaviour);
  const times = Array.from({ length: found.length }, (_, n) => state.events.second[found.at(n)]! * 1000);
  return scoreSlice(query, times, size, behaviour);
}

function everything(app: App): Window {
  return { start: app.state.oldest(), end: Math.floor(app.state.clock.now() / 1000) + 61 };
}

function outOfRetention(): Error {
  return badRequest('Invalid date range. Please try a more recent date range.');
}

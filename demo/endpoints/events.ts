/** Events of a project, of an issue, and alone: newest first by whole second, then by id. */
import { badRequest, notFound, type Answer, type ApiRequest } from '../answer.js';
import { projectOf, type App } from '../app.js';
import type { EventList } from '../event-index.js';
import { linkHeader, rowSlice } from '../paging.js';
import { readWindow, retained, usualWindow, type Window } from '../times.js';
import { issueOf } from './issues.js';

/** How far before an issue's first event its event list still looks. */
const shrinkMargin = 5 * 60;

export function projectEvents(app: App, request: ApiRequest): Answer {
  const project = projectOf(app, request);
  const asked = app.behaviour.ignoreEventDates ? undefined : readWindow(request.query, app.state);
  const window = retained(asked ?? everything(app), app.state);
  if (!window) throw outOfRetention();
  // Any value that is not empty counts as yes, `false` too.
  return page(app, request, project.events, window, Boolean(request.query.get('full')));
}

export function issueEvents(app: App, request: ApiRequest): Answer {
  const issue = issueOf(app, request);
  const window = retained(readWindow(request.query, app.state) ?? usualWindow(app.state), app.state);
  if (!window) throw outOfRetention();
  const first = app.state.events.second[issue.firstEvent]! - shrinkMargin;
  const full = ['1', 'true'].includes(request.query.get('full') ?? '');
  return page(app, request, issue.events, { start: Math.max(window.start, first), end: window.end }, full);
}

export function eventDetail(app: App, request: ApiRequest): Answer {
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
  return { status: 200, headers: {}, body: [Buffer.from(app.events.bodies.detail(event))], rows: 1 };
}

/** Whether an event's time is one its issue's list shows; late events can lie before it. */
export function isListedInIssue(app: App, firstEvent: number, event: number): boolean {
  return app.state.events.second[event]! >= app.state.events.second[firstEvent]! - shrinkMargin;
}

function page(app: App, request: ApiRequest, list: EventList, window: Window, full: boolean): Answer {
  const [from, to] = list.within(window.start, window.end);
  const slice = rowSlice(request.query, to - from, app.behaviour.eventOffsetLimit);
  const events = Array.from({ length: slice.to - slice.from }, (_, n) => list.get(to - 1 - slice.from - n));
  return {
    status: 200,
    headers: { Link: linkHeader(request, slice, app.behaviour) },
    body: app.events.page(events, full),
    rows: events.length,
  };
}

function everything(app: App): Window {
  return { start: app.state.oldest(), end: Math.floor(app.state.clock.now() / 1000) + 61 };
}

function outOfRetention(): Error {
  return badRequest('Invalid date range. Please try a more recent date range.');
}

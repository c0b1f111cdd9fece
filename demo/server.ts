/**
 * The HTTP side: in which order a request meets limits, token, scopes, faults and its endpoint, and how
 * the answer is sent. Nothing here knows what a row is.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { bytes, forbidden, json, notFound, Refusal, size, unauthorized, type Answer } from './answer.js';
import type { App } from './app.js';
import { control, type Controlled } from './control.js';
import { sendSpoiled, spoil, type Fault } from './faults.js';
import { strangerToken } from './options.js';
import { matchRoute, type Match } from './routes.js';
import { restyle } from './similar.js';

const compress = promisify(gzip);
const apiRoot = '/api/0';

export function serve(app: App, demo: Controlled): Server {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
    const done = url.pathname.startsWith('/_demo/')
      ? control(demo, url, request, response)
      : answerApi(app, demo, url, request, response);
    done.catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'application/json' });
      response.end(
        JSON.stringify({ detail: 'Internal Error', demo: error instanceof Error ? error.stack : String(error) }),
      );
    });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

async function answerApi(
  app: App,
  demo: Controlled,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const close = demo.journal.open();
  const came = performance.now();
  const time = new Date(demo.clock.now()).toISOString();
  const match = url.pathname.startsWith(`${apiRoot}/`) ? matchRoute(url.pathname.slice(apiRoot.length)) : undefined;
  let leave: () => void = () => undefined;
  let answer: Answer | undefined;
  let fault: Fault | undefined;
  response.once('close', () => {
    leave();
    close({
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.search.slice(1),
      route: match?.route.template ?? '-',
      name: match?.route.name ?? '-',
      status: answer?.status ?? 0,
      rows: answer?.rows ?? 0,
      bytes: answer ? size(answer) : 0,
      time,
      ms: performance.now() - came,
      ...(fault ? { fault: fault.kind } : {}),
    });
  });
  request.resume();

  let limitHeaders: Record<string, string> = {};
  try {
    const entered = demo.limits.enter(match?.route.name ?? '-');
    ({ leave } = entered);
    limitHeaders = entered.headers;
    fault = demo.faults.next({
      name: match?.route.name ?? '-',
      template: match?.route.template ?? '-',
      pathAndQuery: url.pathname + url.search,
    });
    const truth = (): Answer => ask(app, url, request, match);
    answer = fault ? spoil(fault, truth) : truth();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    answer = error.answer();
    if (answer.status === 429) limitHeaders = {};
  }
  if (app.behaviour.rateLimitHeaders) answer = { ...answer, headers: { ...limitHeaders, ...answer.headers } };
  else
    answer = {
      ...answer,
      headers: Object.fromEntries(
        Object.entries(answer.headers).filter(([name]) => !name.startsWith('X-Sentry-Rate-Limit')),
      ),
    };

  if (app.state.settings.latencyMs > 0) await sleep(app.state.settings.latencyMs);
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    Date: new Date(demo.clock.now()).toUTCString(),
    ...(app.behaviour.deprecations ? match?.route.headers : {}),
    ...answer.headers,
  };
  if (fault && (await sendSpoiled(fault, response, answer, headers))) return;
  if (
    app.state.settings.gzip &&
    size(answer) > 200 &&
    !headers['Content-Encoding'] &&
    String(request.headers['accept-encoding'] ?? '').includes('gzip')
  ) {
    answer = { ...answer, body: [await compress(bytes(answer), { level: 1 })] };
    headers['Content-Encoding'] = 'gzip';
    headers.Vary = 'Accept-Encoding';
  }
  response.writeHead(answer.status, { ...headers, 'Content-Length': String(size(answer)) });
  for (const piece of answer.body) response.write(piece);
  response.end();
}

/** The true answer: token, organization and scope first, then the endpoint. */
function ask(app: App, url: URL, request: IncomingMessage, match: Match | undefined): Answer {
  const { settings } = app.state;
  const { authorization } = request.headers;
  const isStranger = authorization === `Bearer ${strangerToken}`;
  try {
    if (!isStranger && authorization !== `Bearer ${settings.token}`) throw unauthorized();
    if (!match)
      throw new Refusal(404, { info: `Route not found, did you forget a trailing slash?\n\ntry: ${url.pathname}/` });
    if (request.method !== 'GET')
      throw new Refusal(405, { detail: `Method "${request.method}" not allowed.` }, { Allow: 'GET' });
    if (isStranger || isElsewhere(app, match)) return nothingFor(app, match, isStranger);
    if (!match.route.scopes.some((scope) => settings.scopes.includes(scope))) throw forbidden();
    const answer = match.route.answer(app, {
      method: 'GET',
      origin: settings.linkOrigin ?? url.origin,
      path: url.pathname.slice(apiRoot.length),
      params: match.params,
      query: url.searchParams,
    });
    return restyle(answer, app.behaviour);
  } catch (error) {
    if (error instanceof Refusal) return error.answer();
    throw error;
  }
}

/** The path names an organization that does not exist. */
function isElsewhere({ state }: App, { params: { organization } }: Match): boolean {
  return ![undefined, state.settings.organization, state.organizationId].includes(organization);
}

/** What is answered about an organization that does not exist, and to somebody who is not in it. */
function nothingFor({ behaviour }: App, { route }: Match, isStranger: boolean): Answer {
  if (route.name === 'organizations') return json([]);
  if (behaviour.strangers === 'refused') throw isStranger ? forbidden() : notFound();
  if (route.name === 'projects') return json([]);
  throw notFound();
}

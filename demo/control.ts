/**
 * The demo's own controls under `/_demo/`, for whoever runs it from another process: read the truth and
 * the journal, move the clock and the world, set faults and limits. They need no token.
 */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.js';
import type { FaultSpec, Faults } from './faults.js';
import type { Journal } from './journal.js';
import { limitPresets, type LimitChoice, type LimitPreset, type Limits } from './limits.js';
import type { Behaviour } from './behaviour.js';
import { truthStreams, type Truth, type TruthStream, worldStreams } from './truth.js';
import type { World } from './world.js';

export interface Controlled {
  readonly world: World;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly behaviour: Behaviour;
  truth(): Truth;
}

type Body = Record<string, unknown>;

/** What `POST /_demo/act` can do: each name is a method of the world. */
const acts: Readonly<Record<string, (world: World, body: Body) => unknown>> = {
  addEvents: (world, body) => world.addEvents(body as Parameters<World['addEvents']>[0]),
  newIssue: (world, body) => ({ id: world.newIssue(body as Parameters<World['newIssue']>[0]).id }),
  resolve: (world, { issue }) => world.resolve(String(issue)),
  unresolve: (world, { issue }) => world.unresolve(String(issue)),
  ignore: (world, { issue }) => world.ignore(String(issue)),
  assign: (world, { issue, user, team }) =>
    world.assign(
      String(issue),
      user === undefined && team === undefined
        ? null
        : {
            ...(user === undefined ? {} : { user: String(user) }),
            ...(team === undefined ? {} : { team: String(team) }),
          },
    ),
  prioritize: (world, { issue, priority }) =>
    world.prioritize(String(issue), (priority ?? null) as Parameters<World['prioritize']>[1]),
  comment: (world, { issue, text }) => world.comment(String(issue), String(text)),
  merge: (world, { child, parent }) => world.merge(String(child), String(parent)),
  deleteIssue: (world, { issue }) => world.deleteIssue(String(issue)),
  newProject: (world, { name }) => ({ id: world.newProject(String(name)).id }),
  renameProject: (world, { project, slug }) => world.renameProject(String(project), String(slug)),
  revokeAccess: (world, { project }) => world.revokeAccess(String(project)),
  deleteProject: (world, { project }) => world.deleteProject(String(project)),
  newRelease: (world, body) => ({ version: world.newRelease(body as Parameters<World['newRelease']>[0]).version }),
  archiveRelease: (world, { version }) => world.archiveRelease(String(version)),
  newMember: (world) => ({ id: world.newMember().id }),
  deactivateMember: (world, { member }) => world.deactivateMember(String(member)),
  randomChange: (world, { times = 1 }) => Array.from({ length: Number(times) }, () => world.randomChange()),
};

export async function control(
  demo: Controlled,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = `${request.method ?? 'GET'} ${url.pathname.replace(/^\/_demo\//, '').replace(/\/$/, '')}`;
  try {
    const body = await readBody(request);
    switch (name) {
      case 'GET truth':
        return await sendTruth(demo.truth(), url.searchParams, response);
      case 'GET journal':
        return send(response, 200, {
          gauges: demo.journal.gauges(),
          ...(url.searchParams.has('gauges') ? {} : { entries: demo.journal.entries }),
        });
      case 'DELETE journal':
        demo.journal.clear();
        return send(response, 200, {});
      case 'GET clock':
        return send(response, 200, { now: new Date(demo.clock.now()).toISOString() });
      case 'POST clock':
        demo.clock.advance(Number(body.advance));
        return send(response, 200, { now: new Date(demo.clock.now()).toISOString() });
      case 'GET history':
        return send(response, 200, demo.world.history);
      case 'POST act':
        return send(response, 200, { result: act(demo.world, body) ?? null });
      case 'GET faults':
        return send(response, 200, demo.faults.list);
      case 'POST faults':
        return send(response, 200, demo.faults.add(faultOf(body)));
      case 'DELETE faults':
        demo.faults.clear();
        return send(response, 200, {});
      case 'GET limits':
        return send(response, 200, demo.limits.rules);
      case 'POST limits':
        demo.limits.set(limitsOf(body));
        return send(response, 200, demo.limits.rules);
      case 'GET behaviour':
        return send(response, 200, demo.behaviour);
      case 'POST behaviour':
        return send(response, 200, changed(demo.behaviour, body));
      default:
        return send(response, 404, { error: `no such control: ${name}` });
    }
  } catch (error) {
    send(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function act(world: World, { action, ...body }: Body): unknown {
  const run = Object.hasOwn(acts, String(action)) ? acts[String(action)] : undefined;
  if (!run) throw new RangeError(`no such action: ${String(action)}; known: ${Object.keys(acts).join(', ')}`);
  return run(world, body);
}

/** `{"kind": …}`; `pattern` becomes a regular expression for path and query. */
function faultOf({ pattern, ...spec }: Body): FaultSpec {
  return { ...(spec as unknown as FaultSpec), ...(typeof pattern === 'string' ? { match: new RegExp(pattern) } : {}) };
}

/** `{"preset": "sentry.io", "timeScale"?}` or `{"rules": [...]}`. */
function limitsOf(body: Body): LimitChoice {
  if (Array.isArray(body.rules)) return body.rules as LimitChoice;
  const presets = Object.keys(limitPresets) as LimitPreset[];
  const preset = presets.find((one) => one === body.preset);
  if (preset === undefined) throw new RangeError(`limits: give "rules" or "preset", one of ${presets.join(', ')}`);
  return { preset, timeScale: Number(body.timeScale ?? 1) };
}

function changed(behaviour: Behaviour, body: Body): Behaviour {
  const unknown = Object.keys(body).find((key) => !(key in behaviour));
  if (unknown !== undefined) throw new RangeError(`no such behaviour: ${unknown}`);
  return Object.assign(behaviour, body);
}

async function sendTruth(truth: Truth, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const asked =
    query.get('streams')?.split(',') ??
    [...worldStreams].filter((stream) => stream !== 'events_full' && stream !== 'event_detail');
  const unknown = asked.find((name) => !truthStreams.some((stream) => stream === name));
  if (unknown !== undefined) throw new RangeError(`no such stream: ${unknown}; known: ${truthStreams.join(', ')}`);
  const onlyIds = query.has('ids');
  response.writeHead(200, { 'Content-Type': 'application/json' });
  let text = '{';
  for (const [n, stream] of asked.entries()) {
    text += `${n > 0 ? ',' : ''}"${stream}":[`;
    let first = true;
    for (const row of truth.each(stream as TruthStream)) {
      text += `${first ? '' : ','}${onlyIds ? JSON.stringify(row.key) : row.text()}`;
      first = false;
      if (text.length < 1_000_000) continue;
      if (!response.write(text)) await once(response, 'drain');
      text = '';
    }
    text += ']';
  }
  response.end(`${text}}\n`);
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify(value)}\n`);
}

async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as Body);
}

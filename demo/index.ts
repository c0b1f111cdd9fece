/**
 * A Sentry of our own, in one call: `await createDemo({ seed: 1 })` grows an organization and serves it
 * on a loopback port, with paging, windows, limits and faults like the real one.
 */
import type { AddressInfo } from 'node:net';
import type { App } from './app.js';
import type { Behaviour } from './behaviour.js';
import { Clock } from './clock.js';
import { EventOrder } from './event-order.js';
import { EventTexts } from './event-texts.js';
import { Faults } from './faults.js';
import { IssueLists } from './issue-lists.js';
import { Journal } from './journal.js';
import { Limits } from './limits.js';
import { settle, type DemoOptions } from './options.js';
import { IssueRows } from './rows/issue.js';
import { serve } from './server.js';
import { Truth } from './truth.js';
import { World } from './world.js';

export interface Demo {
  /** The API's root: `http://127.0.0.1:PORT/api/0/`. */
  readonly url: string;
  readonly origin: string;
  readonly token: string;
  /** The organization's slug. */
  readonly organization: string;
  readonly clock: Clock;
  readonly world: World;
  readonly journal: Journal;
  readonly limits: Limits;
  readonly faults: Faults;
  /** May be changed while it runs. */
  readonly behaviour: Behaviour;
  truth: () => Truth;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function createDemo(options: DemoOptions = {}): Promise<Demo> {
  const settings = settle(options);
  const { behaviour } = settings;
  const clock = new Clock(settings.now, settings.frozen);
  const world = new World(settings, clock);
  const { state } = world;
  const app: App = {
    state,
    behaviour,
    events: new EventTexts(state),
    eventOrder: new EventOrder(state, behaviour),
    issues: new IssueRows(state),
    issueLists: new IssueLists(state, behaviour),
  };
  const journal = new Journal();
  const limits = new Limits(clock, settings.limits, settings.tokenKind);
  const faults = new Faults(settings.seed);
  for (const fault of settings.faults) faults.add(fault);

  let origin = '';
  const truth = (): Truth => new Truth(app, origin);
  const server = serve(app, { world, clock, journal, faults, limits, behaviour, truth });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, resolve);
  });
  origin = `http://${settings.host}:${(server.address() as AddressInfo).port}`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `${origin}/api/0/`,
    origin,
    token: settings.token,
    organization: settings.organization,
    clock,
    world,
    journal,
    limits,
    faults,
    behaviour,
    truth,
    close,
    [Symbol.asyncDispose]: close,
  };
}

export { Dice } from './random.js';
export type { EventKey, World } from './world.js';
export type { Behaviour } from './behaviour.js';
export { strangerToken, type DemoOptions } from './options.js';
export { serverNames, type ServerName } from './servers.js';
export { faultKinds, type FaultKind, type FaultSpec } from './faults.js';
export type { LimitRule } from './limits.js';
export type { Gauges, JournalEntry } from './journal.js';
export { statisticsStreams, truthStreams, type Truth, type TruthStream } from './truth.js';

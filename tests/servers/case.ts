/** One case: a server of its own, a sequence of runs against it with changes between them, and a verdict. */
import { FastClock } from './clock.js';
import { drawPlan } from './draw.js';
import { Organization } from './organization.js';
import type { Plan, RunPlan, StreamName } from './plan.js';
import { Dice } from './random.js';
import { runTap } from './run.js';
import { RandomServer } from './server.js';
import { Truth } from './truth.js';
import { type EndedRun, type Verdict, judge } from './verdict.js';

export interface CaseResult {
  seed: number;
  plan: Plan;
  verdict: Verdict;
  runs: EndedRun[];
  journal: readonly string[];
}

/** A run that takes longer hangs: a second of the machine is a hundred of the tap's. */
const longestRun = 25_000;
const token = 'sntryu_0123456789abcdef0123456789abcdef';

export async function runCase(seed: number, tap: string, only?: StreamName): Promise<CaseResult> {
  const plan = drawPlan(seed, only);
  const clock = new FastClock(plan.now);
  const organization = new Organization(plan);
  const server = new RandomServer(plan, organization, clock);
  await server.open();
  const slugs =
    plan.settings.named === undefined
      ? undefined
      : organization.projects.slice(-plan.settings.named).map(({ slug }) => slug);
  const config = configOf(plan, server.url, slugs);
  const changes = new Dice(seed + 5_555);
  const runs: EndedRun[] = [];
  try {
    for (const [index, run] of plan.runs.entries()) {
      for (const change of run.changes) {
        clock.advance((run.pause / (run.changes.length + 1)) * changes.next());
        organization.change(change, clock.now());
      }
      clock.advance(run.pause / (run.changes.length + 1));
      server.begin(index);
      runs.push(
        await oneRun({ plan, run, server, clock, tap, config, budget: budgetOf(organization, plan), before: runs }),
      );
      if (runs.at(-1)?.hang) break;
    }
  } finally {
    server.close();
  }
  const truth = new Truth(plan, organization, runs, slugs && new Set(slugs));
  return { seed, plan, verdict: judge(plan, runs, truth), runs, journal: server.journal };
}

interface OneRun {
  plan: Plan;
  run: RunPlan;
  server: RandomServer;
  clock: FastClock;
  tap: string;
  config: unknown;
  /** More requests than this are a hang. */
  budget: number;
  before: readonly EndedRun[];
}

async function oneRun({ plan, run, server, clock, tap, config, budget, before }: OneRun): Promise<EndedRun> {
  let cut = false;
  let hang: string | undefined;
  const { start, origin } = clock.reference;
  const output = await runTap({
    tap,
    config,
    streams: run.streams,
    state: before.flatMap((one) => one.output.states).at(-1),
    clock: { start: start + plan.machine, origin },
    longest: longestRun,
    started: (kill) => {
      server.onRequest = (number) => {
        if (number === run.kill?.request) {
          cut = true;
          kill(run.kill.signal);
        } else if (number > budget && hang === undefined) {
          hang = `${number} requests, where ${budget} are more than enough`;
          kill('SIGKILL');
        }
      };
    },
  });
  if (output.timedOut) hang ??= `no end after ${longestRun / 1000} s`;
  const now = clock.now();
  const ended = now + Math.min(0, plan.machine, plan.date === 'an hour behind' ? -3_600_000 : 0);
  const state = output.states.at(-1);
  const remembers = (stream: StreamName, project: string): boolean => hasBookmark(state, stream, project);
  return { streams: run.streams, output, cut, hang, began: server.began ?? now, ended, remembers };
}

function hasBookmark(state: unknown, stream: StreamName, project: string): boolean {
  const { bookmarks = {} } = (state ?? {}) as { bookmarks?: Record<string, unknown> };
  return JSON.stringify(bookmarks[stream] ?? {}).includes(`"project_id":"${project}"`);
}

function configOf({ settings, startDate }: Plan, url: string, slugs: readonly string[] | undefined): unknown {
  const { named: _, ...others } = settings;
  return {
    api_token: token,
    organization: 'acme',
    base_url: url,
    start_date: new Date(startDate).toISOString(),
    ...(slugs ? { project_slugs: slugs } : {}),
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
  };
}

/** The lists of further streams: at most one for each row of the organization. */
function furtherBudget({ further, settings }: Plan, homes: number): number {
  const pages = Math.ceil(60 / Math.min(settings.page_size, 7));
  return Object.keys(further).length * (200 + 20 * pages * (1 + homes));
}

/** Twenty times the pages and rows that a patient reader asks for, and some. */
function budgetOf({ projects, events, issues, releases, teams, people }: Organization, plan: Plan): number {
  const size = Math.min(plan.settings.page_size, plan.fullMost, ...Object.values(plan.lists).map(({ most }) => most));
  const lists = [events, events, issues, issues, releases, teams, people, projects].map(({ length }) => length);
  const pages =
    lists.reduce((sum, length) => sum + Math.ceil(length / size) + 1, 0) + 2 * (projects.length + issues.length);
  const homes = projects.length + teams.length + releases.length + issues.length;
  const rest = 3 * (events.length + issues.length + releases.length);
  return 500 + 20 * pages + rest + furtherBudget(plan, homes);
}

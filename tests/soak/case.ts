/**
 * One case of the soak: a small organization, a target, runs that are cut short at random, changes
 * between any two requests, faults; then a clean run, and the comparison with the truth. Everything
 * random comes from the seed, but for the race between processes.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDemo, type Demo, Dice, type FaultSpec } from '../../demo/index.js';
import { tap } from '../../src/tap/tap-sentry.js';
import { Chance } from '../support/random.js';
import { type ComparedStream, type Kind, compare } from './differences.js';
import { type Cut, type PipelineResult, Stored, runPipeline } from './pipeline.js';
import type { Programs } from './programs.js';

export interface CaseResult {
  seed: number;
  /** What this case was like, for whoever has to repeat it. */
  story: string;
  runs: number;
  kills: number;
  rows: number;
  lost: string[];
  wrong: string[];
  doubled: string[];
  /** Broken promises that are not about rows: a trace, a token in a log, a wrong exit code. */
  broken: string[];
  /**
   * Share of all rows that was read again, for each run that followed a kill; only of cases whose world stood still.
   */
  reread: number[];
  /** The same of `issue_events`, which goes on issue by issue and not page by page. */
  rereadByIssue: number[];
  allowed: Map<Kind, number>;
  faults: number;
}

const scale = 100; // the clocks run so much faster than the day
const usual: readonly ComparedStream[] = [
  'projects',
  'project_detail',
  'teams',
  'users',
  'releases',
  'release',
  'issues',
  'events',
];
const more: readonly ComparedStream[] = ['issue_detail', 'issue_events', 'event_detail'];
const incremental = new Set<string>(['issues', 'events', 'releases', 'release', ...more]);
const began = Date.UTC(2026, 2, 1, 12);
const lookback = 3600_000;
const visible = 60_000; // what arrives later than this after its time may change what has been read

/** Faults that pass; what they do to one request is what real servers do. */
const passing: readonly FaultSpec[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, body: '<html>busy</html>' },
  { kind: 'htmlError' },
  { kind: 'status', status: 504 },
  { kind: 'reset' },
  { kind: 'truncate' },
  { kind: 'badJson' },
  { kind: 'status', status: 429, body: { detail: 'You are attempting to use this endpoint too frequently.' } },
  { kind: 'status', status: 429, headers: { 'Retry-After': '2' } },
  { kind: 'retryable400' },
  { kind: 'emptyPageWithNext', match: /\/(?:issues|events|releases|projects|teams)\/\?/ },
  { kind: 'brownout410' },
  { kind: 'brokenGzip' },
];
/** Faults that may end a stream, or a run: the next run goes on. */
const lasting: readonly FaultSpec[] = [
  { kind: 'permanent400' },
  { kind: 'loginPage' },
  { kind: 'noLink' },
  { kind: 'malformedLink' },
  { kind: 'repeatCursor' },
  { kind: 'unauthorized' },
  { kind: 'status', status: 403 },
  { kind: 'status', status: 404, match: /\/(?:issues|events|releases|projects|teams)\/\?/ },
  { kind: 'redirect' },
];

interface Plan {
  moving: boolean;
  share: number;
  lastingFaults: boolean;
  limited: boolean;
  streams: readonly ComparedStream[];
  cuts: readonly Cut[];
  statesPerStore: number;
  pageSize: number;
  sizes: { projects: number; issues: number; events: number; releases: number };
}

function planOf(chance: Chance): Plan {
  const events = chance.is(0.2) ? chance.int(50, 300) : chance.int(500, 2500);
  const heavy = chance.is(0.25);
  const cuts = Array.from({ length: chance.int(1, 4) }, (): Cut => {
    const when = chance.is(0.75)
      ? { bytes: Math.ceil(2000 * Math.exp(chance.next() * Math.log(events / 2))) }
      : { ms: chance.int(60, 900) };
    return {
      who: chance.is(0.15) ? 'target' : 'tap',
      signal: chance.is(0.8) ? 'SIGKILL' : chance.pick(['SIGTERM', 'SIGINT'] as const),
      when,
    };
  });
  return {
    moving: chance.is(0.6),
    share: chance.pick([0, 0, 0.02, 0.02, 0.1, 0.3]),
    lastingFaults: chance.is(0.3),
    limited: chance.is(0.25),
    streams: chance.is(0.15) ? [...usual, chance.pick(more)] : usual,
    cuts,
    statesPerStore: chance.int(1, 3),
    pageSize: chance.pick([10, 20, 25, 50]),
    sizes: {
      projects: chance.int(1, 6),
      issues: heavy ? chance.int(200, 500) : chance.int(10, 60),
      events,
      releases: chance.int(3, 25),
    },
  };
}

/** `keep`: leave the files of the case, and each run's log, in this folder. */
export async function runCase(seed: number, programs: Programs, keep?: string): Promise<CaseResult> {
  const chance = new Chance(seed);
  const plan = planOf(chance);
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'soak-'));
  await using demo = await createDemo({
    seed,
    ...plan.sizes,
    now: began,
    frozen: true,
    tokenKind: chance.pick(['user', 'integration'] as const),
    gzip: chance.is(0.3),
    ...(plan.limited ? { limits: 'sentry.io' as const } : {}),
  });
  const world = new Living(demo, new Dice(seed, 99), chance);
  const faults = plan.lastingFaults ? [...passing, ...lasting] : passing;
  const stored = new Stored(folder);
  const result: CaseResult = {
    seed,
    story: storyOf(plan),
    runs: 0,
    kills: 0,
    rows: 0,
    lost: [],
    wrong: [],
    doubled: [],
    broken: [],
    reread: [],
    rereadByIssue: [],
    allowed: new Map(),
    faults: 0,
  };
  if (plan.share > 0)
    for (const fault of faults) demo.faults.add({ ...fault, probability: plan.share / faults.length });

  const run = async (cut?: Cut): Promise<PipelineResult> => {
    const ended = await runPipeline({
      programs,
      folder,
      config: configOf(demo, plan),
      catalog: catalogOf(plan.streams),
      now: demo.clock.now() + chance.int(-1, 1) * 3600_000,
      scale,
      statesPerStore: plan.statesPerStore,
      cut,
    });
    result.runs++;
    if (keep) writeFileSync(join(keep, `run-${result.runs}.log`), ended.stderr);
    if (keep && existsSync(join(keep, 'state.json')))
      copyFileSync(join(keep, 'state.json'), join(keep, `state-${result.runs}.json`));
    result.broken.push(...brokenIn(ended, demo, cut, `run ${result.runs}`));
    return ended;
  };

  try {
    world.start(plan.moving);
    let killed = false;
    for (const cut of [...plan.cuts, undefined]) {
      const ended = await run(cut);
      if (ended.cut) result.kills++;
      const came = stored.look().filter(({ stream }) => incremental.has(stream));
      if (killed && !plan.moving) {
        const again = (streams: readonly ComparedStream[]): number[] =>
          streams.length === 0
            ? []
            : [
                came.filter(({ stream, held }) => held && streams.some((one) => one === stream)).length /
                  total(demo, streams),
              ];
        result.reread.push(...again(plan.streams.filter((stream) => stream !== 'issue_events')));
        result.rereadByIssue.push(...again(plan.streams.filter((stream) => stream === 'issue_events')));
      }
      killed = ended.cut;
      if (!plan.moving && !ended.cut && ended.code === 0 && !/\| \w+ +partial /.test(ended.stderr)) {
        const silent = compare(demo, stored.rows, plan.streams, {
          late: world.late,
          moved: world.moved,
          withdrawn: world.withdrawn,
          contents: false,
        });
        result.broken.push(
          ...silent.lost.slice(0, 3).map((what) => `run ${result.runs} ended well and left out ${what}`),
        );
      }
      if (!ended.cut && ended.code === 0) break; // the rest is up to date already: lookback and full passes only
      if (chance.is(0.3)) demo.clock.advance(chance.int(1, 7200));
    }
    // The world comes to rest; then one more run, a day later, so that a full pass is due.
    world.stop();
    result.faults = demo.faults.list.reduce((sum, { played }) => sum + played, 0);
    demo.faults.clear();
    demo.clock.advance(26 * 3600);
    world.start(false);
    const last = await run();
    const came = stored.look();
    const expected = world.withdrawn ? [0, 1] : [0];
    if (last.code === null || !expected.includes(last.code))
      result.broken.push(`the last run ended with ${last.code ?? last.signal}: ${lastLine(last.stderr)}`);
    const twice = new Set<string>();
    for (const { stream, key, twin } of came) {
      const name = `${stream} ${key} ${twin}`;
      if (twice.has(name)) result.doubled.push(`${name} came twice in one run`);
      twice.add(name);
    }
    const { lost, wrong, doubled, allowed } = compare(demo, stored.rows, plan.streams, {
      late: world.late,
      moved: world.moved,
      withdrawn: world.withdrawn,
      contents: true,
    });
    result.lost = lost;
    result.wrong = wrong;
    result.doubled.push(...doubled);
    result.allowed = allowed;
    result.rows = total(demo, plan.streams);
  } finally {
    world.stop();
    if (keep)
      writeFileSync(
        join(keep, 'requests.txt'),
        demo.journal.entries
          .map(
            (entry) =>
              `${entry.time} ${entry.status} ${entry.rows} ${entry.path}?${decodeURIComponent(entry.query)} ` +
              `${entry.fault ?? ''}`,
          )
          .join('\n'),
      );
    if (keep) writeFileSync(join(keep, 'history.json'), JSON.stringify(demo.world.history, null, 1));
    else rmSync(folder, { recursive: true, force: true });
  }
  return result;
}

/** The demo's clock runs as fast as the tap's, and things happen between two requests. */
class Living {
  readonly late = new Set<string>();
  readonly moved = new Set<string>();
  /** A project was lost that an earlier run may have read: a run that says so ends with 1. */
  withdrawn = false;
  #ticker: NodeJS.Timeout | undefined;
  #moves = false;

  constructor(
    private readonly demo: Demo,
    private readonly dice: Dice,
    private readonly chance: Chance,
  ) {
    const { world, journal } = demo;
    const add = world.addEvents.bind(world);
    world.addEvents = (what) => {
      const keys = add(what);
      for (const { projectID, eventID, dateCreated, groupID } of keys) {
        if (demo.clock.now() - dateCreated > lookback) this.late.add(`${projectID}/${eventID}`);
        if (demo.clock.now() - dateCreated > visible) this.moved.add(groupID);
      }
      return keys;
    };
    const merge = world.merge.bind(world);
    world.merge = (child, parent) => {
      this.moved.add(child).add(parent);
      merge(child, parent);
    };
    const open = journal.open.bind(journal);
    journal.open = () => {
      if (this.#moves && this.chance.is(0.15)) this.#change();
      return open();
    };
  }

  start(moving: boolean): void {
    this.#moves = moving;
    let before = performance.now();
    this.#ticker = setInterval(() => {
      const now = performance.now();
      const passed = Math.floor((now - before) * scale);
      this.demo.clock.advance(passed / 1000);
      before += passed / scale;
    }, 3);
  }

  stop(): void {
    this.#moves = false;
    clearInterval(this.#ticker);
  }

  #change(): void {
    const { world } = this.demo;
    const open = world.state.liveProjects().filter((project) => project.hasAccess);
    if (this.chance.is(0.02) && open.length > 2) {
      const project = this.chance.pick(open);
      const act = this.chance.pick(['revoke', 'delete', 'rename', 'rename', 'rename'] as const);
      if (act === 'rename') return world.renameProject(project.id, `renamed-${this.chance.int(1, 999)}`);
      this.withdrawn = true;
      if (act === 'revoke') world.revokeAccess(project.id);
      else world.deleteProject(project.id);
      return;
    }
    world.randomChange(this.dice);
  }
}

function configOf(demo: Demo, { pageSize }: Plan): Record<string, unknown> {
  return {
    api_token: demo.token,
    organization: demo.organization,
    base_url: demo.url,
    start_date: '2020-01-01T00:00:00Z',
    page_size: pageSize,
    timeout: 5,
  };
}

/** The catalog that selects these streams. */
export function catalogOf(streams: readonly string[]): unknown {
  const { streams: entries } = tap.discover(undefined);
  return {
    streams: entries.map((entry) => ({
      ...entry,
      metadata: entry.metadata.map((item) =>
        item.breadcrumb.length === 0
          ? { ...item, metadata: { ...item.metadata, selected: streams.includes(entry.tap_stream_id) } }
          : item,
      ),
    })),
  };
}

function brokenIn(
  { code, signal, cut, stderr, targetError }: PipelineResult,
  demo: Demo,
  asked: Cut | undefined,
  run: string,
): string[] {
  const broken: string[] = [];
  if (stderr.includes(demo.token)) broken.push(`${run} printed the token`);
  if (/^\s+at /m.test(stderr)) broken.push(`${run} printed a trace: ${stderr.slice(-300)}`);
  if (stderr.includes('This should not have happened')) broken.push(`${run}: ${lastLine(stderr)}`);
  if (targetError && asked?.who !== 'target') broken.push(`${run}, target: ${targetError.slice(0, 300)}`);
  const byTap = cut && asked?.who === 'tap';
  if (byTap && signal === asked.signal) return broken; // before its first line: nothing was there to be written
  const expected = byTap ? [asked.signal === 'SIGINT' ? 130 : 143, 0, 1] : [0, 1];
  if (code === null || !expected.includes(code))
    broken.push(`${run} ended with ${code ?? signal}: ${lastLine(stderr)}`);
  return broken;
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

const total = (demo: Demo, streams: readonly ComparedStream[]): number =>
  streams.filter((stream) => incremental.has(stream)).reduce((sum, stream) => sum + demo.truth().count(stream), 0);

function storyOf({ moving, share, lastingFaults, limited, cuts, sizes, pageSize }: Plan): string {
  const cutting = cuts
    .map(({ who, signal, when }) => `${who} ${signal} at ${'bytes' in when ? `byte ${when.bytes}` : `${when.ms} ms`}`)
    .join(', ');
  return (
    `${sizes.projects} projects, ${sizes.issues} issues, ${sizes.events} events, pages of ` +
    `${pageSize}${moving ? ', moving' : ''}${limited ? ', limited' : ''}, ${share * 100} % ` +
    `faults${lastingFaults ? ' of all kinds' : ''}; ${cutting}`
  );
}

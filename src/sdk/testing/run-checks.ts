/** Checks that take several runs: what a selection does, what a state resumes, and how large it becomes. */
import { isRecord } from '../json/objects.js';
import { type Check, expectNone } from './check.js';
import { Output, messagesIn } from './output.js';
import { optionalColumns, withoutColumn } from './selecting.js';
import type { Subject } from './subject.js';

const usualStops = 5;

export const runChecks = (subject: Subject): Check[] => [
  { name: 'writes the selected stream alone', run: () => selectsStreams(subject) },
  { name: 'leaves out the columns that are not selected', run: () => leavesOutColumns(subject) },
  { name: 'loses nothing when it is stopped or killed at any message', run: () => resumes(subject) },
  { name: 'reads nothing new where nothing is new, and its state does not grow', run: () => keepsItsState(subject) },
];

async function selectsStreams(subject: Subject): Promise<void> {
  const { output: whole } = await subject.whole();
  const problems: string[] = [];
  for (const stream of subject.streams) {
    const { output } = await subject.sync({ catalog: await subject.selecting([stream]) });
    const others = new Set(output.messages.flatMap(({ stream: other }) => (other && other !== stream ? [other] : [])));
    problems.push(...[...others].map((other) => `${other} is written although ${stream} alone is selected`));
    problems.push(...missing(stream, whole, [output]).map((what) => `${what}, where ${stream} alone is selected`));
  }
  expectNone(problems);
}

async function leavesOutColumns(subject: Subject): Promise<void> {
  const { streams } = await subject.selecting();
  const left = new Map(streams.map((entry) => [entry.tap_stream_id, optionalColumns(entry)[0]] as const));
  const leave = (entry: (typeof streams)[number]) => {
    const column = left.get(entry.tap_stream_id);
    return column === undefined ? entry : withoutColumn(entry, column);
  };
  const { output } = await subject.sync({ catalog: { streams: streams.map(leave) } });
  const problems = subject.streams.flatMap((stream) => {
    const column = left.get(stream);
    if (column === undefined) return [];
    const inSchema = column in (output.schemas.get(stream)?.schema?.properties ?? {});
    const inRecord = output.recordsOf(stream).some((row) => column in row);
    return [
      ...(inSchema ? [`the SCHEMA of ${stream} has ${column}, which is not selected`] : []),
      ...(inRecord ? [`records of ${stream} have ${column}, which is not selected`] : []),
    ];
  });
  expectNone(problems);
}

/** What a whole run has of a stream, and others do not have together. */
function missing(stream: string, whole: Output, others: readonly Output[]): string[] {
  const found = new Set(others.flatMap((one) => one.keysOf(stream)));
  const lost = [...new Set(whole.keysOf(stream))].filter((key) => !found.has(key));
  return lost.length === 0
    ? []
    : [`${stream} lacks ${lost.length} of ${whole.recordsOf(stream).length} records, such as ${lost[0] ?? ''}`];
}

async function resumes(subject: Subject): Promise<void> {
  const { output: whole } = await subject.whole();
  const { stops = usualStops } = subject.options;
  const catalog = await subject.selecting();
  const problems: string[] = [];
  for (let stop = 1; stop <= stops; stop++) {
    const at = Math.floor((stop * whole.messages.length) / (stops + 1));
    const { stdout } = await subject.run({ catalog, onLine: (lines, end) => lines === at && end('SIGTERM') });
    const messages = messagesIn(stdout);
    for (const [how, cut] of [
      ['stopped', messages],
      ['killed', messages.slice(0, at)],
    ] as const)
      problems.push(
        ...(await lossAfter(subject, whole, new Output(cut))).map((what) => `${how} at message ${at}: ${what}`),
      );
  }
  expectNone(problems);
}

/** What is missing after an interrupted run and the one that goes on from its last state. */
async function lossAfter(subject: Subject, whole: Output, before: Output): Promise<string[]> {
  const state = before.states.at(-1);
  if (state === undefined) return []; // the next run begins anew
  const { output } = await subject.sync({ state });
  return subject.streams.flatMap((stream) => missing(stream, whole, [before, output]));
}

async function keepsItsState(subject: Subject): Promise<void> {
  const { output: first } = await subject.whole();
  const state = first.states.at(-1);
  const { output: again } = await subject.sync({ state });
  const known = new Map(subject.streams.map((stream) => [stream, new Set(first.keysOf(stream))]));
  const { streams } = await subject.catalog();
  const incremental = streams.filter(({ tap_stream_id: name, replication_key: key }) => key && known.has(name));
  const problems = incremental.flatMap(({ tap_stream_id: name }) => {
    const [before, after] = [first.recordsOf(name).length, again.recordsOf(name).length];
    return after > 0 && after >= before ? [`${name} is read again: ${after} of ${before} records`] : [];
  });
  const [before, after] = [placesIn(state), placesIn(again.states.at(-1) ?? state)];
  expectNone(after > before ? [...problems, `the state has grown from ${before} to ${after} bookmarks`] : problems);
}

/** How many bookmarks a state holds, those of partitions included. */
function placesIn(state: unknown): number {
  if (!isRecord(state) || !isRecord(state['bookmarks'])) return 0;
  const entries = Object.values(state['bookmarks']).filter(isRecord);
  return entries.reduce((sum, { partitions }) => sum + 1 + (Array.isArray(partitions) ? partitions.length : 0), 0);
}

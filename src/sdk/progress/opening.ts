/** The first lines of a run, before any request: what is read from where, and where each incremental stream resumes. */
import type { StreamDefinition } from '../define/stream-definition.js';
import type { State } from '../singer/state.js';
import { isoSeconds } from '../time.js';

export interface Opening {
  readonly name: string;
  readonly version: string;
  /** Path variables that are the same for every stream. */
  readonly variables: Readonly<Record<string, string>>;
  readonly origin: string;
  readonly startDate: number;
  readonly endDate: number | undefined;
  readonly now: number;
  /** The selected streams. */
  readonly streams: readonly StreamDefinition[];
  /** Those that the catalog wants to be read wholly. */
  readonly fullTable: ReadonlySet<string>;
  readonly state: State;
  readonly config: unknown;
}

/** What a person wants to know at once. */
export function openingLines(opening: Opening): string[] {
  const { name, version, variables, origin, startDate, endDate, streams } = opening;
  const whose = Object.entries(variables).map(([variable, value]) => `${variable} ${value}`);
  const place = [...whose, origin].join(' at ');
  const end = endDate === undefined ? 'now' : isoSeconds(endDate);
  const range = `from ${isoSeconds(startDate)} to ${end}`;
  const first = `${name} v${version} reads ${streams.length} streams of ${place}, ${range}.`;
  const places = streams.filter(({ replicationKey }) => replicationKey).map((stream) => resumption(stream, opening));
  return [first, ...grouped(places)];
}

interface Resumption {
  readonly stream: string;
  /** Where and why. */
  readonly text: string;
}

function resumption(stream: StreamDefinition, opening: Opening): Resumption {
  const { state, startDate, now, config, fullTable } = opening;
  const { name } = stream;
  if (fullTable.has(name)) return { stream: name, text: 'from the start date: the catalog says FULL_TABLE' };
  const bookmark = earliest(state, name);
  if (bookmark === undefined) return { stream: name, text: 'from the start date: there is no bookmark' };
  if (isPassDue(stream, opening)) return { stream: name, text: 'from the start date: a full refresh is due' };
  const lookback = stream.lookback?.(config) ?? 0;
  const from = isoSeconds(Math.max(startDate, Math.min(bookmark, now) - lookback));
  return { stream: name, text: `from ${from}: ${lookback > 0 ? 'its bookmark, less the lookback' : 'its bookmark'}` };
}

function isPassDue({ name, fullPass }: StreamDefinition, { state, now, config }: Opening): boolean {
  const interval = fullPass?.(config) ?? 0;
  return interval > 0 && now - (state.fullPass(name) ?? -Infinity) >= interval;
}

/** The earliest of a stream's bookmarks. */
export function earliest(state: State, stream: string): number | undefined {
  const contexts = [...state.partitions(stream).values()];
  if (contexts.length === 0) return state.start(stream);
  const starts = contexts.flatMap((context) => state.start(stream, context) ?? []);
  return starts.length > 0 ? starts.reduce((least, start) => Math.min(least, start)) : undefined;
}

/** A line for each place: streams that resume there for the same reason share it. */
function grouped(places: readonly Resumption[]): string[] {
  const streams = new Map<string, string[]>();
  for (const { stream, text } of places) streams.set(text, [...(streams.get(text) ?? []), stream]);
  return [...streams].map(([text, names]) => `${names.join(', ')}: ${text}.`);
}

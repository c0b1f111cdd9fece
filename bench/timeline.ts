/** What the server's journal tells of a run: how full the allowance was, and which refusals were needless. */
import type { JournalEntry } from '../demo/index.js';

const from = ({ time }: JournalEntry): number => Date.parse(time);
const to = (entry: JournalEntry): number => from(entry) + entry.ms;

export const ofRoute = (entries: readonly JournalEntry[], name: string): JournalEntry[] =>
  entries.filter((entry) => entry.name === name);

/** When the first request came, and when the last answer had gone, in ms. */
export function span(entries: readonly JournalEntry[]): { start: number; end: number } {
  let [start, end] = [Infinity, -Infinity];
  for (const entry of entries) {
    start = Math.min(start, from(entry));
    end = Math.max(end, to(entry));
  }
  return { start, end };
}

/** Requests of `entries` under way, the mean over the last 95 % of `run` (all requests of it). */
export function meanInFlight(entries: readonly JournalEntry[], run: readonly JournalEntry[]): number {
  const { start, end } = span(run);
  const begin = start + 0.05 * (end - start);
  const busy = entries.reduce((sum, entry) => sum + Math.max(0, to(entry) - Math.max(from(entry), begin)), 0);
  return busy / (end - begin);
}

/** 429s that came when the route's limits were known: its first answer had arrived before they were asked. */
export function lateRefusals(entries: readonly JournalEntry[]): number {
  return [...byRoute(entries).values()].reduce((sum, ofOne) => {
    const known = Math.min(...ofOne.map(to));
    return sum + ofOne.filter((entry) => entry.status === 429 && from(entry) > known).length;
  }, 0);
}

export function byRoute(entries: readonly JournalEntry[]): Map<string, JournalEntry[]> {
  const routes = new Map<string, JournalEntry[]>();
  for (const entry of entries) routes.set(entry.name, [...(routes.get(entry.name) ?? []), entry]);
  return routes;
}

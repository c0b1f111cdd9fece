/** Exponential back-off with full jitter: spreads the clients that a failing server sees at once. */
const base = 1000; // ms
const longest = 30_000; // ms

/** Milliseconds to wait before try number `attempt` (1 = the first repetition); `random` in [0, 1). */
export function retryDelay(attempt: number, random: number): number {
  const ceiling = Math.min(longest, base * 2 ** (attempt - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

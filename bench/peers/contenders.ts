/** Who is measured beside the tap: our small extractors for dlt and for the Singer SDK. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Runner, type Sample, runProgram, save, tapRunner } from '../contender.js';

export interface Peers {
  tap: Runner;
  dlt: Runner;
  singer: Runner;
}

const startDate = '2020-01-01T00:00:00Z';
/** After everything: small extractors do not ask what time it is on the server. */
const endDate = '2100-01-01T00:00:00Z';

/** `python`: one that has both packages. */
export const peers = (python: string): Peers => ({
  // The issues that the others ask for.
  tap: tapRunner(`${process.execPath} bin/tap-sentry`, { issue_query: 'issue.category:error' }),
  dlt: dltRunner(python),
  singer: tapRunner(`${python} bench/peers/singer_sentry.py`, { start_date: startDate, end_date: endDate }),
});

/** A state of dlt is the folder in which it keeps its bookmarks. */
function dltRunner(python: string): Runner {
  let runs = 0;
  return async ({ server, state }) => {
    const { url, token, organization, folder } = server;
    const config = { base_url: url, api_token: token, organization, start_date: startDate, end_date: endDate };
    const place = typeof state === 'string' ? state : join(folder, `dlt-${(runs += 1)}`);
    const command = [python, 'bench/peers/dlt_sentry.py', save(server, 'dlt.json', JSON.stringify(config)), place];
    const sample = await runProgram('dlt', command, server);
    return { ...withRows(sample, readFileSync(join(folder, 'dlt.log'), 'utf8')), state: place };
  };
}

/** dlt's rows go to files; the last line of its log counts them. */
function withRows(sample: Sample, log: string): Sample {
  const last = log.trim().split('\n').at(-1) ?? '';
  const counts = last.startsWith('{') ? Object.entries(JSON.parse(last) as Record<string, number>) : [];
  return { ...sample, records: new Map(counts), rows: counts.reduce((sum, [, count]) => sum + count, 0) };
}

// The floor: what reading costs when nothing is asked of it. Pages in flight, each row parsed and
// written again as a RECORD; no schema, no state, no retry. Usage: node floor.mjs CONFIG PROJECT...
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';

const inFlight = 8;
const [config, ...projects] = process.argv.slice(2);
const { base_url, api_token, organization, full } = JSON.parse(readFileSync(config, 'utf8'));
const base = new URL(base_url);
const pool = new Pool(base.origin, { connections: inFlight });
const headers = { authorization: `Bearer ${api_token}` };
const end = new Date(Date.now() - 60_000).toISOString().slice(0, 19);
const range = `per_page=100&start=2020-01-01T00:00:00Z&end=${end}Z${full ? '&full=1' : ''}`;
const jobs = projects.flatMap((spec) => {
  const [project, rows] = spec.split(':');
  return Array.from(
    { length: Math.ceil(rows / 100) },
    (_, page) => `${base.pathname}projects/${organization}/${project}/events/?${range}&cursor=0:${page * 100}:0`,
  );
});

async function lane() {
  for (let path = jobs.shift(); path; path = jobs.shift()) {
    const { body } = await pool.request({ path, method: 'GET', headers });
    let chunk = '';
    for (const record of JSON.parse(await body.text()))
      chunk += `${JSON.stringify({ type: 'RECORD', stream: 'events', record })}\n`;
    if (!process.stdout.write(chunk)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
}
await Promise.all(Array.from({ length: inFlight }, lane));
await pool.close();

/** The diff of CONTRIBUTING.md, applied to a copy of the sources: two files make a stream, and its rows arrive. */
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Folder, repository, run, succeed } from '../packaging/commands.js';
import { loopback, sendJson } from '../support/loopback.js';
import { select } from '../support/compare.js';

const name = 'replay_selectors';
const copied = ['bin', 'src', 'scripts', 'package.json'];
const rows = [
  { project_id: '7', dom_element: 'div#a', element: { tag: 'div', id: 'a' }, count_dead_clicks: 2 },
  { project_id: '7', dom_element: 'a.b', element: { tag: 'a', class: ['b'] }, count_rage_clicks: 1 },
  { project_id: '9', dom_element: 'div#a', element: null, count_dead_clicks: 0 },
];

const page = readFileSync(`${repository}CONTRIBUTING.md`, 'utf8');
const [, diff = ''] = /^```diff\n([\s\S]*?)^```$/m.exec(page) ?? [];

interface Hunk {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** The parts of a diff in the usual form: lines that are there, and what shall be there. */
function hunksOf(text: string): Hunk[] {
  return text.split(/^(?=--- )/m).flatMap((part) => {
    const [, file = ''] = /^\+\+\+ b\/(.*)$/m.exec(part) ?? [];
    return part
      .split(/^@@ .*\n/m)
      .slice(1)
      .map((body) => ({ file, ...sidesOf(body) }));
  });
}

function sidesOf(body: string): Omit<Hunk, 'file'> {
  const lines = body.trimEnd().split('\n');
  const side = (other: string): string =>
    lines.flatMap((line) => (line.startsWith(other) ? [] : [`${line.slice(1)}\n`])).join('');
  return { before: side('+'), after: side('-') };
}

let copy: Folder;
const read = (file: string): string => readFileSync(copy.in(file), 'utf8');

beforeAll(async () => {
  copy = new Folder();
  for (const part of copied) cpSync(`${repository}${part}`, copy.in(part), { recursive: true });
  symlinkSync(`${repository}node_modules`, copy.in('node_modules'));
  const config = JSON.parse(readFileSync(`${repository}tsconfig.json`, 'utf8')) as object;
  writeFileSync(copy.in('tsconfig.json'), JSON.stringify({ ...config, include: ['src'] }));
  for (const { file, before, after } of hunksOf(diff)) {
    expect([file, read(file).split(before)]).toEqual([file, [expect.anything(), expect.anything()]]);
    writeFileSync(
      copy.in(file),
      read(file).replace(before, () => after),
    );
  }
  mkdirSync(copy.in('dist'));
  await succeed('node_modules/.bin/tsx', ['scripts/build.ts'], { cwd: copy.path });
});

afterAll(() => copy.remove());

test('touches the schemas and the definitions of its area', () => {
  expect(hunksOf(diff).length).toBeGreaterThan(1);
  expect([...new Set(hunksOf(diff).map(({ file }) => file))]).toEqual([
    'src/schemas/replays.ts',
    'src/streams/replays.ts',
  ]);
});

test('compiles', async () => {
  expect(await run('node_modules/.bin/tsc', ['--noEmit'], { cwd: copy.path })).toMatchObject({ code: 0, stdout: '' });
});

test('is in the catalog, and off by default', async () => {
  const { streams } = JSON.parse(await succeed('bin/tap-sentry', ['--discover'], { cwd: copy.path })) as {
    streams: { stream: string; key_properties: string[]; metadata: { breadcrumb: string[]; metadata: object }[] }[];
  };
  const entry = streams.find(({ stream }) => stream === name);

  expect(entry?.key_properties).toEqual(['project_id', 'dom_element']);
  expect(entry?.metadata.find(({ breadcrumb }) => breadcrumb.length === 0)?.metadata).toMatchObject({
    'selected-by-default': false,
  });
});

test('brings the rows of a server, page after page', async () => {
  await using server = await loopback(({ url }, response) => {
    if (!url.pathname.endsWith('/replay-selectors/')) return sendJson(response, { id: '1', slug: 'acme' });
    const second = url.searchParams.has('cursor');
    const link = `<http://sentry/>; rel="next"; results="${String(!second)}"; cursor="0:2:0"`;
    sendJson(response, { data: second ? rows.slice(2) : rows.slice(0, 2) }, { headers: { link } });
  });
  const settings = { api_token: 'a-token-of-length', organization: 'acme', base_url: server.url.href };
  writeFileSync(copy.in('config.json'), JSON.stringify({ ...settings, start_date: '2026-01-01' }));
  writeFileSync(copy.in('catalog.json'), JSON.stringify(select(name)));

  const output = await succeed('bin/tap-sentry', ['--config', 'config.json', '--catalog', 'catalog.json'], {
    cwd: copy.path,
  });

  const messages = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; record?: object });
  expect(messages.flatMap(({ type, record }) => (type === 'RECORD' ? [record] : []))).toEqual(rows);
});

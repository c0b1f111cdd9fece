/** docs/recipes/retrieval.md against a small server that takes LightRAG's requests; and the loader by itself. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text as bodyOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { still } from '../support/demos.js';
import { loopback, sendJson } from '../support/loopback.js';
import { run } from '../packaging/commands.js';
import { blocks, page } from './pages.js';
import { RecipeProject } from './project.js';

const loader = fileURLToPath(new URL('../../docs/recipes/texts_to_lightrag.py', import.meta.url));
const text = page('recipes/retrieval.md');

interface Posted {
  texts: string[];
  file_sources: string[];
}

/** A server that keeps what is posted; with `refuse` it answers 503 from that request on. */
async function textServer(refuse = Infinity) {
  const requests: Posted[] = [];
  const keys = new Set<unknown>();
  const server = await loopback(({ url, raw }, response) => {
    if (url.pathname !== '/documents/texts' || requests.length >= refuse) {
      sendJson(response, { detail: 'busy' }, { status: 503 });
      return;
    }
    keys.add(raw.headers['x-api-key']);
    void bodyOf(raw).then((body) => {
      requests.push(JSON.parse(body) as Posted);
      sendJson(response, { status: 'success', message: '', track_id: '1' });
    });
  });
  return { requests, keys, url: server.url.origin, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test('every event and issue is in the store after the run, and the next run sends only what is new', async () => {
  await using demo = await still({ projects: 2, issues: 8, events: 60 });
  await using store = await textServer();
  const project = await RecipeProject.open(demo, { meltano: true });
  const [definition = ''] = blocks(text, 'yaml');
  const [command = ''] = blocks(text, 'shell');
  const env = { TARGET_TEXTS_URL: store.url, TARGET_TEXTS_API_KEY: 'of-the-store' };
  project.write('meltano.yml', definition);
  project.write('texts_to_lightrag.py', readFileSync(loader, 'utf8'), 0o755);

  await project.shell(command, env);

  const documents = new Map(
    store.requests.flatMap(({ texts, file_sources: names }) => names.map((name, n) => [name, texts[n] ?? ''])),
  );
  const events = [...demo.truth().rows('events')];
  const names = events.map(({ projectID, eventID }) => `sentry-event-${String(projectID)}-${String(eventID)}`);
  const issues = [...demo.truth().rows('issues')].map(({ id }) => `sentry-issue-${String(id)}`);
  expect([...documents.keys()].sort()).toEqual([...names, ...issues].sort());
  for (const name of names) expect(documents.get(name)).toMatch(/\npermalink: .*\n {2}at \S/s);
  expect([...store.keys]).toEqual(['of-the-store']);

  const before = store.requests.length;
  await project.shell(command, env);
  const again = store.requests.slice(before).flatMap(({ file_sources }) => file_sources);
  expect(again.filter((name) => name.startsWith('sentry-event')).length).toBeLessThan(names.length / 2);
  project.close();
}, 120_000);

describe('the loader', () => {
  const lines = (...messages: object[]): string => messages.map((message) => `${JSON.stringify(message)}\n`).join('');
  const event = (id: number) => ({
    type: 'RECORD',
    stream: 'events',
    record: { projectID: '1', eventID: `e${id}`, text_content: `text ${id}` },
  });
  const state = (value: number) => ({ type: 'STATE', value: { bookmarks: { value } } });

  test('passes STATE on after the texts before it were taken, and no later one', async () => {
    await using store = await textServer(1);
    const input = lines(event(1), state(1), event(2), state(2));
    const script = `printf '%s' "$MESSAGES" | python3 '${loader}' --config <(printf '{"url": "${store.url}/"}')`;

    const { code, stdout, stderr } = await run('bash', ['-c', script], { env: { MESSAGES: input }, patience: 20_000 });

    expect(code).toBe(1);
    expect(stdout).toBe('{"bookmarks": {"value": 1}}\n');
    expect(stderr).toContain('did not take 1 texts: HTTP Error 503');
    expect(store.requests).toEqual([{ texts: ['text 1'], file_sources: ['sentry-event-1-e1'] }]);
  });

  test('sends twenty texts at a time, and rows without a text not at all', async () => {
    await using store = await textServer();
    const bare = { type: 'RECORD', stream: 'events', record: { projectID: '1', eventID: 'x', text_content: null } };
    const other = { type: 'RECORD', stream: 'projects', record: { id: '1' } };
    const input = lines(...Array.from({ length: 45 }, (_, id) => event(id)), bare, other);
    const script = `printf '%s' "$MESSAGES" | python3 '${loader}' --config <(printf '{"url": "${store.url}"}')`;

    const { code, stderr } = await run('bash', ['-c', script], { env: { MESSAGES: input }, patience: 20_000 });

    expect(code).toBe(0);
    expect(stderr).toContain('45 texts posted');
    expect(store.requests.map(({ texts }) => texts.length)).toEqual([20, 20, 5]);
  });

  test('has at most sixty lines, and no packages', () => {
    expect(readFileSync(loader, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(60);
    expect(spawnSync('python3', ['-S', '-I', loader], { input: '' }).status).toBe(0);
  });
});

/** The example of docs/masking.md on a server whose every answer is full of addresses: none of them leaves the tap. */
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Demo, createDemo } from '../../demo/index.js';
import { type Loopback, loopback, sendJson } from '../support/loopback.js';
import { configFor, runTap } from '../support/tap-process.js';

type Row = Record<string, unknown>;

const page = readFileSync(new URL('../../docs/masking.md', import.meta.url), 'utf8');
const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as {
  stream_map_config: { hash_seed: string };
  stream_maps: Row;
};
const shared = 'Shared.Person@planted.example';

/** Makes addresses and names that occur nowhere else. */
class Planter {
  count = 0;
  addresses = 0;

  email = (): string => `person${++this.addresses}@planted.example`;
  ip = (): string => `203.0.113.${++this.addresses % 256}`;
  name = (): string => `Planted Person ${++this.count}`;
  text = (): string => `User ${this.email()} (${this.name()}) from ${this.ip()} was not found`;

  person = (): Row => ({
    id: this.email(),
    username: this.name(),
    name: this.name(),
    email: this.email(),
    ip_address: this.ip(),
    ipAddress: this.ip(),
    avatarUrl: `https://avatars.example/${this.email()}`,
    geo: { city: this.name() },
    data: { phone: this.name(), emails: [this.email()] },
  });

  event(row: Row): Row {
    const request = {
      type: 'request',
      data: {
        url: `https://shop.example/?email=${this.email()}`,
        headers: [
          ['X-Forwarded-For', this.ip()],
          ['Cookie', `session=${this.email()}`],
          ['X-User', this.name()],
        ],
        env: { REMOTE_ADDR: this.ip() },
        data: { login: this.email() },
      },
    };
    const crumbs = { type: 'breadcrumbs', data: { values: [{ message: this.text(), data: { to: this.email() } }] } };
    const thrown = { type: 'exception', data: { values: [{ type: 'TypeError', value: this.text() }] } };
    return {
      ...row,
      title: this.text(),
      message: this.text(),
      culprit: `/users/${this.email()}`,
      location: this.email(),
      user: { ...this.person(), email: shared },
      tags: [
        { key: 'environment', value: 'production' },
        { key: 'user', value: `email:${this.email()}`, query: `user.email:${this.email()}` },
        { key: 'client_ip', value: this.ip() },
        { key: 'url', value: `https://shop.example/${this.email()}` },
      ],
      metadata: { type: 'TypeError', value: this.text(), filename: this.email() },
      contexts: { account: { type: 'account', email: this.email(), ip: this.ip() }, device: { name: this.name() } },
      context: { customer: this.person(), headers: { Authorization: this.name() } },
      entries: [request, crumbs, thrown, { type: 'message', data: { formatted: this.text() } }],
      errors: [{ type: 'invalid_data', message: this.text(), data: { value: this.email() } }],
      _meta: { user: { email: { '': { rem: [[this.email()]] } } } },
      crashFile: this.email(),
    };
  }

  issue(row: Row): Row {
    return {
      ...row,
      title: this.text(),
      culprit: this.email(),
      metadata: { type: 'TypeError', value: this.text() },
      assignedTo: { ...this.person(), email: shared, type: 'user' },
      owners: [{ type: 'suspectCommit', owner: this.email() }],
      annotations: [{ displayName: this.email(), url: 'https://tracker.example' }],
      statusDetails: { actor: this.person() },
    };
  }

  member(row: Row, index: number): Row {
    const email = index === 0 ? shared : this.email();
    return {
      ...row,
      email,
      name: this.name(),
      inviterName: this.name(),
      user: { ...this.person(), id: String(index) },
    };
  }

  rows(path: string, body: unknown): unknown {
    if (!Array.isArray(body)) return body;
    const rows = body as Row[];
    if (path.endsWith('/events/')) return rows.map((row) => this.event(row));
    if (path.endsWith('/issues/')) return rows.map((row) => this.issue(row));
    return /\/(?:members|users)\/$/.test(path) ? rows.map((row, index) => this.member(row, index)) : body;
  }
}

/** A server that answers as the demo does, with planted rows. */
const plantedServer = (demo: Demo, planter: Planter): Promise<Loopback> =>
  loopback(({ url, raw }, response) => {
    const headers = { authorization: raw.headers.authorization ?? '' };
    void fetch(new URL(url.pathname + url.search, demo.url), { headers }).then(async (answer) => {
      const body: unknown = await answer.json();
      const kept = [...answer.headers].filter(([name]) => /^(?:link|date|x-|retry-after)/.test(name));
      sendJson(response, planter.rows(url.pathname, body), {
        status: answer.status,
        headers: Object.fromEntries(kept),
      });
    });
  });

const hash = (text: string): string =>
  createHash('md5')
    .update(example.stream_map_config.hash_seed + text)
    .digest('hex');

describe('the example for masking', () => {
  test('lets no address, no name and no text through, and keeps what joins streams', async () => {
    const planter = new Planter();
    await using demo = await createDemo({
      now: '2026-03-01T12:00:00Z',
      frozen: true,
      projects: 2,
      issues: 6,
      events: 40,
    });
    await using server = await plantedServer(demo, planter);
    const base_url = new URL('/api/0/', server.url).href;
    const config = configFor(demo, { base_url, fetch_event_details: true, ...example });

    const { code, stdout, stderr } = await runTap({ config, args: ['-v'] });

    expect(code).toBe(0);
    expect(planter.addresses).toBeGreaterThan(500);
    expect(stdout + stderr).not.toMatch(/planted/i);
    expect(stdout + stderr).not.toContain('203.0.113.');
    const messages = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; stream?: string; record?: Row });
    const of = (stream: string) =>
      messages.flatMap(({ type, stream: name, record }) =>
        type === 'RECORD' && name === stream && record ? [record] : [],
      );
    const streams = messages.flatMap(({ type, stream }) => (type === 'SCHEMA' && stream !== undefined ? [stream] : []));
    expect(streams.sort()).toEqual(['events', 'issues', 'projects', 'users']);
    expect(of('events')).toHaveLength(40);
    const key = hash(shared.toLowerCase());
    expect(of('events').every((record) => record['user_email_hash'] === key)).toBe(true);
    expect(of('issues').every((record) => record['assigned_email_hash'] === key)).toBe(true);
    expect(of('users').filter((record) => record['email_hash'] === key)).toHaveLength(1);
    expect(of('events')[0]?.['tags']).toBe('[{"key":"environment","value":"production"}]');
    expect(of('events')[0]?.['error_type']).toBe('TypeError');

    const unmasked = await runTap({ config: configFor(demo, { base_url, fetch_event_details: true }) });
    expect(unmasked.stdout.match(/@planted\.example/g)?.length).toBeGreaterThan(500); // it would be there
  });
});

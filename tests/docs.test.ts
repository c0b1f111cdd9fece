/** What is generated says what the code says, and what Meltano's hub accepts. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fill, generate, staleFiles } from '../scripts/docs.js';
import { personalColumns } from '../scripts/docs-personal.js';
import { yaml } from '../scripts/docs-meltano.js';
import { tap } from '../src/tap/tap-sentry.js';
import { streams } from '../src/streams/index.js';
import { describeSettings } from '../src/sdk/cli/config.js';

interface Definition {
  capabilities: string[];
  settings: { name: string; kind: string; value?: unknown; sensitive?: boolean; description: string }[];
  pip_url?: string;
  select: string[];
}

const plugin = JSON.parse(readFileSync(new URL('../plugin.json', import.meta.url), 'utf8')) as Definition;
const project = readFileSync(new URL('../meltano.yml', import.meta.url), 'utf8');

/** Pages of documentation, from the root of the repository. */
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(new URL('../docs', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const { settings } = tap;

describe('generated files', () => {
  test('are what npm run docs would write', () => {
    expect(staleFiles()).toEqual([]);
  });

  test('name every setting, with kinds that Meltano can cast', () => {
    expect(plugin.settings.map(({ name }) => name)).toEqual(Object.keys(settings.shape));
    expect(
      plugin.settings.filter(
        ({ kind }) => !['string', 'integer', 'boolean', 'array', 'object', 'date_iso8601'].includes(kind),
      ),
    ).toEqual([]);
    expect(plugin.settings.filter(({ description }) => !description.endsWith('.'))).toEqual([]);
  });

  test('mark secrets, and only those', () => {
    expect(plugin.settings.filter(({ sensitive }) => sensitive).map(({ name }) => name)).toEqual([
      'api_token',
      'headers',
    ]);
  });

  test('propose values that the settings accept', () => {
    const values = Object.fromEntries(
      plugin.settings.flatMap(({ name, value, kind }) =>
        value === undefined ? [] : [[name, kind === 'string' && name === 'sample_fraction' ? Number(value) : value]],
      ),
    );
    expect(settings.safeParse({ api_token: 'abcdefgh', ...values }).error).toBeUndefined();
  });

  test('give each default as the code has it', () => {
    const defaults = describeSettings(settings).flatMap(({ name, default: own, preset }) =>
      own === '' || (own ?? preset) === undefined ? [] : [[name, String(own ?? preset)]],
    );
    expect(plugin.settings.flatMap(({ name, value }) => (value === undefined ? [] : [[name, String(value)]]))).toEqual(
      defaults,
    );
  });

  test('run the checkout: meltano.yml has no pip_url for the tap', () => {
    expect(project).toContain('executable: ./bin/tap-sentry');
    expect(project).not.toContain('pip_url: tap-sentry');
    expect(project).not.toMatch(/^version:/m);
  });

  test('promise only capabilities that Meltano knows', () => {
    const known = [
      'properties',
      'catalog',
      'discover',
      'state',
      'about',
      'stream-maps',
      'schema-flattening',
      'activate-version',
      'batch',
      'test',
      'log-based',
      'structured-logging',
    ];
    expect(plugin.capabilities.filter((one) => !known.includes(one))).toEqual([]);
    // without these Meltano passes no such files
    expect(plugin.capabilities).toEqual(expect.arrayContaining(['catalog', 'discover', 'state']));
  });
});

describe('docs', () => {
  test('say of every stream what it costs, needs and holds', () => {
    const page = readFileSync(new URL('../docs/streams.md', import.meta.url), 'utf8');
    const row = (name: string): string =>
      page.split('\n').find((line) => line.includes(`\`${name}\`** |`) || line.startsWith(`| \`${name}\` |`)) ?? '';

    for (const { name, summary } of streams) expect(row(name)).toContain(summary);
    expect(row('events')).toMatch(/one per row of `projects` and page \|.*\| personal data \|$/);
    expect(row('project_detail')).toMatch(/one per row of `projects` \| `project:read` \| secrets \|$/);
    expect(row('organization')).toMatch(/\| one \| `org:read` \|  \|$/);
    expect(row('release_deploys')).toContain('A later deploy to the same environment hides the earlier one');
  });

  test('name the columns with personal data of each stream that has some', () => {
    const told = streams.filter(({ personal }) => personal);

    for (const stream of told) {
      const { identity, body } = personalColumns(stream);
      expect([...identity, ...body], stream.name).not.toEqual([]);
    }
    expect(personalColumns(streams.find(({ name }) => name === 'users')!).identity).toEqual(
      expect.arrayContaining(['email', 'name', 'user', 'inviterName']),
    );
  });

  test.each(pages)('%s links to files that are there', (page) => {
    const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)/g)].map(([, link = '']) => link);

    expect(links.filter((link) => !existsSync(new URL(link, new URL(`../${page}`, import.meta.url))))).toEqual([]);
  });

  test('fill the marked parts of a text and leave other marks alone', () => {
    const text =
      'a\n<!-- generated:settings -->\nold\n<!-- /generated -->\nb\n<!-- generated:other -->\nkept\n<!-- ' +
      '/generated -->\n';
    expect(fill(text, { settings: 'new' })).toBe(
      'a\n<!-- generated:settings -->\n\nnew\n\n<!-- /generated -->\nb\n<!-- generated:other -->\nkept\n<!-- ' +
        '/generated -->\n',
    );
  });

  test('are the same when generated twice', () => {
    expect(generate()).toEqual(generate());
  });

  test('quote what YAML would read as something else', () => {
    expect(yaml({ a: '2020-01-01T00:00:00Z', b: 'yes', c: 'x: y', d: [], e: [['pp', 'qq']], f: 'plain text' }, 0)).toBe(
      'a: "2020-01-01T00:00:00Z"\nb: "yes"\nc: "x: y"\nd: []\ne:\n  - - pp\n    - qq\nf: plain text\n',
    );
  });
});

/** docs/recipes/read-again.md: its commands through real Meltano, after a usual run. `npm run test:all` takes it. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../demo/index.js';
import { createProject } from '../../demo/show/meltano-project.js';
import { everything } from '../packaging/commands.js';
import { letRowsAppear, still } from '../support/demos.js';
import { blocks, page } from './pages.js';
import { RecipeProject } from './project.js';

type Row = Record<string, unknown>;

const [oneStream = '', oneProject = '', aRange = ''] = blocks(page('recipes/read-again.md'), 'shell');
const stateOf = 'meltano state get dev:tap-sentry-to-target-jsonl';
const patience = 300_000;

describe.skipIf(!everything)('reading again', () => {
  let demo: Demo;
  let project: RecipeProject;
  let usual: string;

  /** The rows of each stream that a command brings. */
  async function rowsOf(command: string): Promise<Record<string, Row[]>> {
    const folder = project.folder.in('output');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    await project.shell(command);
    const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
    return Object.fromEntries(
      files.map((file) => {
        const lines = readFileSync(`${folder}/${file}`, 'utf8').trimEnd().split('\n');
        return [file.replace(/[-.].*$/, ''), lines.map((line) => JSON.parse(line) as Row)];
      }),
    );
  }

  beforeAll(async () => {
    demo = await still({ projects: 3, issues: 12, events: 200, releases: 6, members: 3 });
    letRowsAppear(demo);
    project = await RecipeProject.open(demo, { meltano: true });
    createProject({ folder: project.folder.path, executable: project.tap, env: {} });
    await project.shell('meltano install\nmeltano run tap-sentry target-jsonl');
    usual = await project.shell(stateOf);
  }, patience);

  afterAll(async () => {
    expect(await project.shell(stateOf)).toBe(usual);
    project.close();
    await demo.close();
  }, patience);

  test(
    'one stream comes again as a whole, and no other',
    async () => {
      const fresh = await rowsOf(oneStream);

      expect(Object.keys(fresh)).toEqual(['releases']);
      expect(fresh['releases']).toHaveLength(demo.truth().count('releases'));
    },
    patience,
  );

  test(
    'one project comes again with all its issues and events',
    async () => {
      const fresh = await rowsOf(oneProject);

      const own = [...demo.truth().rows('projects')].find(({ slug }) => slug === 'storefront');
      const events = [...demo.truth().rows('events')].filter(({ projectID }) => projectID === own?.['id']);
      expect(events.length).toBeGreaterThan(0);
      expect(Object.keys(fresh).sort()).toEqual(['events', 'issues']);
      expect(fresh['events']).toHaveLength(events.length);
    },
    patience,
  );

  test(
    'a range comes again from its start to before its end, and the same command reads on from there',
    async () => {
      const fresh = await rowsOf(aRange);

      const inRange = ({ dateCreated }: Row): boolean =>
        String(dateCreated) >= '2026-10-20' && String(dateCreated) < '2026-11-01';
      const wanted = [...demo.truth().rows('events')].filter(inRange);
      expect(wanted.length).toBeGreaterThan(0);
      expect(Object.keys(fresh)).toEqual(['events']);
      expect(fresh['events']).toHaveLength(wanted.length);
      expect(fresh['events']?.every(inRange)).toBe(true);
      expect((await rowsOf(aRange))['events']?.length ?? 0).toBeLessThan(wanted.length);
    },
    patience,
  );
});

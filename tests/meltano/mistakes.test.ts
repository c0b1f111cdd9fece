/** What Meltano shows of a mistake: `meltano config test` and `meltano run`, by the commands that a user types. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everything } from '../packaging/commands.js';
import { type Answer, findMeltano, Lab } from './lab.js';

const minutes = 60_000;
const { command } = await findMeltano();

/** What somebody set, and the sentence that is shown; `{HOST}` stands for the demo's host and port. */
interface Mistake {
  readonly did: string;
  readonly set: Record<string, string>;
  readonly says: string;
}

const mistakes: readonly Mistake[] = [
  {
    did: 'misspelt the organization',
    set: { TAP_SENTRY_ORGANIZATION: 'acne' },
    says:
      'There is no organization "acne" at http://{HOST} that this token can see (GET /api/0/organizations/acne/' +
      'projects/ answered HTTP 404 (The requested resource does not exist)). This token sees: acme. Did you mean ' +
      '"acme"? Check organization (TAP_SENTRY_ORGANIZATION) and base_url (TAP_SENTRY_BASE_URL); data of the European ' +
      'region is at https://de.sentry.io/.',
  },
  {
    did: 'gave a wrong token',
    set: { TAP_SENTRY_API_TOKEN: 'sntryu_wrong0123456789' },
    says:
      'Sentry refuses the token: HTTP 401 (Invalid token). Check api_token (TAP_SENTRY_API_TOKEN): it may be ' +
      'mistyped, expired or revoked, or belong to another server than base_url names.',
  },
  {
    did: 'left the placeholder for the token',
    set: { TAP_SENTRY_API_TOKEN: '<token>' },
    says:
      'Nothing was read, because a setting is not right: api_token (TAP_SENTRY_API_TOKEN) is a placeholder, not a ' +
      'token; it should be an auth token of Sentry, made under Settings > Developer Settings or User settings > Auth ' +
      'Tokens.',
  },
];
const tried = everything ? mistakes : mistakes.slice(0, 1);

describe.skipIf(command === undefined)('whoever', { timeout: 2 * minutes }, () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.open(command ?? '');
  }, minutes);
  afterAll(() => lab.close());

  const meltano = ({ set }: Mistake, ...args: string[]): Promise<Answer> => {
    const right = { TAP_SENTRY_API_TOKEN: lab.demo.token, TAP_SENTRY_ORGANIZATION: lab.demo.organization };
    return lab.meltanoWith({ ...right, ...set }, ...args);
  };
  const sentence = ({ says }: Mistake): string => says.replace('{HOST}', new URL(lab.demo.url).host);

  test.each(tried.map((mistake) => [mistake.did, mistake] as const))(
    '%s is told by `meltano config test` at the beginning of a line',
    async (_, mistake) => {
      const { code, stderr } = await meltano(mistake, 'config', 'test', 'tap-sentry');

      const lines = stderr.split('\n');
      const verdict = lines.findIndex((line) => line.includes('Plugin configuration is invalid')) + 1;
      expect(code).toBe(1);
      expect(lines[verdict]).toMatch(/^\{"message":"/);
      expect(JSON.parse(lines[verdict] ?? '')).toMatchObject({ message: sentence(mistake) });
    },
  );

  test.runIf(everything).each(mistakes.map((mistake) => [mistake.did, mistake] as const))(
    '%s is told by `meltano run`',
    async (_, mistake) => {
      const installed = await lab.meltano('install');
      const { code, stderr } = await meltano(mistake, 'run', 'tap-sentry', 'target-jsonl');

      expect([installed.code, code]).toEqual([0, 1]);
      expect(stderr.split('\n').filter((line) => line.includes(sentence(mistake)))).toHaveLength(1);
    },
  );
});

/** How settings are read. What the Python SDK answers stands in tests/conformance. */
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { ConfigError, InputError, UsageError } from '../../../src/sdk/errors.js';
import { describeSettings, readConfig, settingsJsonSchema } from '../../../src/sdk/cli/config.js';
import { parseDotenv } from '../../../src/sdk/cli/dotenv.js';
import { editDistance, nearest } from '../../../src/sdk/cli/nearest.js';
import { toy } from './toy.js';

interface Given {
  settings?: z.ZodObject;
  sources?: string[];
  env?: Record<string, string>;
  files?: Record<string, string>;
  cwd?: string;
  name?: string;
}

/** Files by absolute path; the working directory is /work. */
function read({ settings = toy.settings, sources = [], env = {}, files = {}, cwd = '/work', name = 'tap-toy' }: Given) {
  const hidden: string[] = [];
  const readFile = (path: string): string => {
    const text = files[path];
    if (text === 'DIRECTORY') throw Object.assign(new Error(`EISDIR: ${path}`), { code: 'EISDIR' });
    if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    return text;
  };
  const attempt = () =>
    readConfig({ name, settings, sources, env, cwd, readFile, hide: (secret) => hidden.push(secret) });
  try {
    return { ...attempt(), hidden, error: undefined };
  } catch (error) {
    return {
      config: undefined,
      warnings: [],
      secrets: [],
      defaulted: new Set<string>(),
      given: {},
      hidden,
      error: error as Error,
    };
  }
}

const problemsOf = (given: Given): readonly string[] => {
  const { error } = read(given);
  return error instanceof ConfigError ? error.problems : [`no ConfigError but ${String(error)}`];
};

describe('config', () => {
  test('names every problem at once, each with its variable', () => {
    const problems = problemsOf({ env: { TAP_TOY_PAGE_SIZE: 'abc', TAP_TOY_PROJECTS: '[1]' } });
    expect(problems).toEqual([
      'auth_token (TAP_TOY_AUTH_TOKEN) is missing; it should be a text (What the server knows you by).',
      'page_size (TAP_TOY_PAGE_SIZE) is "abc"; it should be a whole number from 1 to 1000.',
      'projects[0] (TAP_TOY_PROJECTS) is 1; it should be a text.',
    ]);
  });

  test('never shows the value of a secret, and hides it before it fails', () => {
    const { error, hidden } = read({
      sources: ['/c.json'],
      files: { '/c.json': '{"auth_token": 123456789, "headers": {"X": ["geheim-1"]}, "page_size": 0}' },
    });
    expect(error?.message).not.toMatch(/123456789|geheim/);
    expect(hidden).toEqual(expect.arrayContaining(['123456789', 'geheim-1']));
  });

  test('hides secrets of the environment also when a file is read', () => {
    expect(
      read({
        sources: ['/c.json'],
        files: { '/c.json': '{"auth_token": "from-file"}' },
        env: { TAP_TOY_AUTH_TOKEN: 'Bearer from-the-environment' },
      }).hidden,
    ).toEqual(expect.arrayContaining(['from-file', 'from-the-environment']));
  });

  test('lets a later file win, name by name, and ENV over all wherever it stands', () => {
    const files = {
      '/work/a.json': '{"auth_token": "aaaa", "page_size": 5, "projects": ["x"]}',
      '/work/b.json': '{"page_size": 6}',
    };
    const { config } = read({ sources: ['ENV', 'a.json', 'b.json'], files, env: { TAP_TOY_AUTH_TOKEN: 'eeee' } });
    expect(config).toMatchObject({ auth_token: 'eeee', page_size: 6, projects: ['x'] });
  });

  test('leaves the environment unread when files are named', () => {
    expect(
      read({
        sources: ['/c.json'],
        files: { '/c.json': '{"auth_token": "aaaa"}', '/work/.env': 'TAP_TOY_PAGE_SIZE=7' },
        env: { TAP_TOY_PAGE_SIZE: '8' },
      }).config,
    ).toMatchObject({ page_size: 100 });
  });

  test('finds .env upwards of the working directory, below the real environment', () => {
    const files = { '/work/.env': 'TAP_TOY_AUTH_TOKEN=dotenv\nTAP_TOY_PAGE_SIZE=7' };
    expect(read({ files, cwd: '/work/deep/er', env: { TAP_TOY_AUTH_TOKEN: 'real' } }).config).toMatchObject({
      auth_token: 'real',
      page_size: 7,
    });
  });

  test('takes an empty text for a missing one, and null for a setting that has none', () => {
    const { config, defaulted } = read({
      sources: ['/c.json'],
      files: { '/c.json': '{"auth_token": "aaaa", "page_size": null, "behaviour": "  "}' },
    });
    expect(config).toMatchObject({ page_size: 100, behaviour: 'ok' });
    expect([...defaulted]).toEqual(['page_size', 'projects', 'behaviour', 'headers']);
  });

  test.each([
    ['', []],
    ['a', ['a']],
    [' a , b,, ', ['a', 'b']],
    ['["a", "b"]', ['a', 'b']],
  ])('reads the list %j from the environment', (text, projects) => {
    expect(read({ env: { TAP_TOY_AUTH_TOKEN: 'aaaa', TAP_TOY_PROJECTS: text } }).config).toMatchObject({ projects });
  });

  test('reads a file beside the project when it is not in the working directory', () => {
    expect(
      read({
        sources: ['c.json'],
        files: { '/project/c.json': '{"auth_token": "aaaa"}' },
        env: { MELTANO_PROJECT_ROOT: '/project' },
      }).config,
    ).toBeDefined();
  });

  test('says which name an unknown setting resembles, and what a left-out one is for', () => {
    const { warnings } = read({
      sources: ['/c.json'],
      files: {
        '/c.json':
          '{"auth_token": "aaaa", "pagesize": 5, "old_setting": 1, "batch_config": {}, "zzz": 1, "_meltano": 1}',
      },
    });
    expect(warnings).toEqual([
      'pagesize is not a setting of tap-toy, and has no effect. Did you mean page_size?',
      'old_setting has no effect: it is not needed any more.',
      "batch_config has no effect: tap-toy does not have this setting of Meltano's SDK.",
      'zzz is not a setting of tap-toy, and has no effect.',
    ]);
  });

  test("warns of likely misspellings among variables, and of nobody else's", () => {
    const env = {
      TAP_TOY_AUTH_TOKEN: 'aaaa',
      TAP_TOY_PAGESIZE: '5',
      TAP_TOY__SELECT: '[]',
      TAP_TOY_LOGLEVEL: 'DEBUG',
      TAP_TOY_GREETING_OF_MINE: 'x',
    };
    expect(read({ env }).warnings).toEqual([
      "The environment variable TAP_TOY_PAGESIZE is none of tap-toy's, and has no effect. Did you mean " +
        'TAP_TOY_PAGE_SIZE?',
    ]);
  });

  test('says where a file is not JSON, that it is a directory, or that it is not there', () => {
    expect(read({ sources: ['/c.json'], files: { '/c.json': '{\n  "a": 1, // one\n}' } }).error).toEqual(
      new InputError(
        '/c.json: the configuration is not valid JSON at line 2, column 11. JSON has no comments: take the // … ' +
          'ones out.',
      ),
    );
    expect(read({ sources: ['/c.json'], files: { '/c.json': '[]' } }).error).toBeInstanceOf(InputError);
    expect(read({ sources: ['/c'], files: { '/c': 'DIRECTORY' } }).error).toEqual(
      new UsageError("Invalid value for '--config': '/c' is a directory, a file is expected."),
    );
    expect(read({ sources: ['c.json'] }).error).toEqual(
      new UsageError("Invalid value for '--config': 'c.json': No such file or directory."),
    );
  });

  test('describes settings for everything that is generated', () => {
    expect(describeSettings(toy.settings, 'tap-toy')[0]).toEqual({
      name: 'auth_token',
      label: 'Token',
      description: 'What the server knows you by. Ask its owner.',
      kind: 'string',
      default: undefined,
      preset: undefined,
      required: true,
      secret: true,
      group: undefined,
      env: 'TAP_TOY_AUTH_TOKEN',
    });
    expect(settingsJsonSchema(toy.settings)).not.toHaveProperty('leftOut');
  });
});

describe('.env', () => {
  test.each([
    ['A=b', 'b'],
    ['export A = b # c', 'b'],
    ["A='b # c' # d", 'b # c'],
    ['A="b\\n\\"c\\""', 'b\n"c"'],
    ['A=b#c', 'b#c'],
    ['A=${HOME}/x', '/home/x'],
    ['A=${NONE:-y}', 'y'],
    ['A=', ''],
    ['B=1\r\nA=${B}2\r\n', '12'],
    ['A="two\nlines"', 'two\nlines'],
    ['# A=1\nA', undefined],
  ])('%j gives %j', (text, value) => {
    expect(parseDotenv(text, { HOME: '/home' })['A']).toBe(value);
  });
});

describe('nearest', () => {
  test('counts a swap as one, and offers nothing far away', () => {
    expect(editDistance('tokne', 'token')).toBe(1);
    expect(nearest('api_tokne', ['api_token', 'organization'])).toBe('api_token');
    expect(nearest('zzz', ['api_token'])).toBeUndefined();
  });
});

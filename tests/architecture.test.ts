/** The rules of the house: who may import whom, and what no file may hold. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const filesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.m?[tj]s$/.test(file))
    .map((file) => `${folder}/${file}`)
    .sort();

interface Source {
  file: string;
  text: string;
  /** Files of ours, from the root. */
  own: string[];
  /** Packages and Node's modules. */
  packages: string[];
}

const importForm = /(?:^|[\s;(])(?:import|export)\s*(?:type\s+)?(?:[^'"();]*?\sfrom\s*)?\(?\s*'([^']+)'/g;

function sourceOf(file: string): Source {
  const text = read(file);
  const named = [...withoutComments(text).matchAll(importForm)].map(([, name = '']) => name);
  const own = named
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name)).replace(/\.js$/, '.ts'));
  return { file, text, own, packages: named.filter((name) => !name.startsWith('.')) };
}

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

/** `&&`, `||`, `??` and `? :` per line of code. The aim is 0.12: this only ever goes down. */
const mostDecisions = 0.1235;

const sources = filesOf('src').map(sourceOf);
const demo = filesOf('demo').map(sourceOf);
const layerOf = (file: string): string => (file.split('/').length > 2 ? (file.split('/')[1] ?? '') : 'bin');
const of = (layer: string): Source[] => sources.filter(({ file }) => layerOf(file) === layer);
const offences = (found: readonly Source[], wrong: (target: string, source: Source) => boolean): string[] =>
  found.flatMap((source) =>
    source.own.filter((target) => wrong(target, source)).map((target) => `${source.file} imports ${target}`),
  );

describe('imports go one way', () => {
  test('and the layers are known', () => {
    expect([...new Set(sources.map(({ file }) => layerOf(file)))].sort()).toEqual([
      'bin',
      'schemas',
      'sdk',
      'streams',
      'tap',
    ]);
    expect(sources.flatMap(({ own }) => own).length).toBeGreaterThan(100); // the imports are found
  });

  test('the base layer imports nothing of ours', () => {
    expect(offences(of('sdk'), (target) => !target.startsWith('src/sdk/'))).toEqual([]);
  });

  describe('in the base layer', () => {
    const base = ['errors', 'interval-set', 'lists', 'time'];
    /** What the files of each part may import, itself left out. */
    const parts: Readonly<Record<string, readonly string[]>> = {
      index: ['check', 'cli', 'connection', 'define', 'errors', 'http', 'json', 'log', 'singer', 'tap', 'time'],
      tap: ['check', 'cli', 'connection', 'maps', 'progress', 'sync', 'rest', 'http', 'define', 'singer', ...base],
      testing: ['tap', 'connection', 'cli', 'rest', 'http', 'define', 'json', 'singer', 'log', ...base],
      connection: ['check', 'define', 'http', 'log', 'singer', ...base],
      check: ['http', 'define', 'log', ...base],
      cli: ['singer', 'json', 'log', ...base],
      progress: ['sync', 'http', 'define', 'singer', 'log', ...base],
      sync: ['range', 'rest', 'define', 'maps', 'json', 'singer', 'log', ...base],
      range: ['rest', 'define', 'json', 'singer', 'log', ...base],
      rest: ['http', 'define', 'json', 'singer', 'log', ...base],
      maps: ['json', 'singer', 'errors'],
      define: ['http', 'json', 'singer', ...base],
      http: ['log', ...base],
      singer: ['json', 'log', ...base],
      json: [...base],
      log: [...base],
      errors: [],
      time: [],
      lists: [],
      'interval-set': [],
    };
    const partOf = (file: string): string => (file.split('/')[2] ?? '').replace(/\.ts$/, '');

    test('every part has a rule', () => {
      expect([...new Set(of('sdk').map(({ file }) => partOf(file)))].sort()).toEqual(Object.keys(parts).sort());
    });

    test.each(Object.entries(parts))('%s imports what stands below it', (part, allowed) => {
      const files = of('sdk').filter(({ file }) => partOf(file) === part);
      expect(offences(files, (target) => partOf(target) !== part && !allowed.includes(partOf(target)))).toEqual([]);
    });
  });

  test("schemas import zod and each other's fragments; settings also read dates", () => {
    expect(
      offences(of('schemas'), (target, { file }) => {
        const settings = file.startsWith('src/schemas/config');
        return !(
          target === 'src/schemas/common.ts' ||
          (settings && (target === 'src/sdk/time.ts' || target.startsWith('src/schemas/config')))
        );
      }).filter(
        (offence) =>
          !/^src\/schemas\/[\w-]+\.ts imports src\/schemas\/\w+\.ts$/.test(offence) || offence.includes('config'),
      ),
    ).toEqual([]);
    expect(
      of('schemas').flatMap(({ packages, file }) =>
        packages.filter((name) => name !== 'zod').map((name) => `${file}: ${name}`),
      ),
    ).toEqual([]);
  });

  test('streams see schemas, each other and the surface of the base layer', () => {
    expect(
      offences(
        of('streams'),
        (target) =>
          !(target.startsWith('src/schemas/') || target.startsWith('src/streams/') || target === 'src/sdk/index.ts'),
      ),
    ).toEqual([]);
  });

  test('the tap sees streams, schemas and the surface of the base layer', () => {
    expect(
      offences(
        of('tap'),
        (target) =>
          !(
            target.startsWith('src/schemas/') ||
            target.startsWith('src/streams/') ||
            target.startsWith('src/tap/') ||
            target === 'src/sdk/index.ts' ||
            target === 'src/version.ts' ||
            target === 'src/built.ts'
          ),
      ),
    ).toEqual([]);
  });

  test('definitions of streams know neither HTTP nor files', () => {
    expect(
      of('streams').flatMap(({ file, packages }) =>
        packages.filter((name) => !['node:crypto', 'zod'].includes(name)).map((name) => `${file}: ${name}`),
      ),
    ).toEqual([]);
  });

  test('the demo and the tap know nothing of each other', () => {
    const program = demo.filter(({ file }) => !file.startsWith('demo/show/'));
    expect(offences(program, (target) => target.startsWith('src/'))).toEqual([]);
    expect(
      offences(
        sources,
        (target) => target.startsWith('demo/') || target.startsWith('tests/') || target.startsWith('scripts/'),
      ),
    ).toEqual([]);
    expect(program.flatMap(({ packages }) => packages).filter((name) => !name.startsWith('node:'))).toEqual([]);
  });

  test('in no circle', () => {
    expect(circles(sources)).toEqual([]);
  });
});

describe('no file', () => {
  test('has more than 400 lines, or, if it is a test, 600', () => {
    const length = ({ text }: Source): number => text.split('\n').length - 1;
    const code = [...sources, ...demo, ...filesOf('scripts').map(sourceOf)].filter((source) => length(source) > 400);
    const tests = filesOf('tests')
      .map(sourceOf)
      .filter((source) => length(source) > 600);
    expect([...code, ...tests].map(({ file }) => file)).toEqual([]);
  });

  test('has a line of more than 120 columns', () => {
    const all = ['src', 'demo', 'tests', 'scripts', 'bench', 'packaging'].flatMap(filesOf);
    const long = all.flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index) => (line.length > 120 ? [`${file}:${index + 1}`] : [])),
    );
    expect(all.length).toBeGreaterThan(300);
    expect(long).toEqual([]);
  });

  test('says any where a type is due', () => {
    const typed = /[:<,|&(]\s*any\b(?!\w|\s*[a-z])|\bas any\b|\bany\[\]/;
    const found = [...sources, ...demo].flatMap(({ file, text }) =>
      withoutComments(text)
        .split('\n')
        .filter((line) => typed.test(line.replace(/'[^']*'|`[^`]*`/g, "''")))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });

  test('of the base layer says the name of one API, not even in a comment', () => {
    expect(
      of('sdk')
        .filter(({ text }) => /sentry/i.test(text))
        .map(({ file }) => file),
    ).toEqual([]);
  });

  test('switches the compiler off', () => {
    expect(
      [...sources, ...demo]
        .filter(({ text }) => /@ts-(ignore|nocheck|expect-error)/.test(text))
        .map(({ file }) => file),
    ).toEqual([]);
  });
});

test('the base layer has few operators that decide something, for its lines of code', () => {
  const code = of('sdk').flatMap(({ text }) =>
    withoutComments(text)
      .split('\n')
      .filter((line) => line.trim() !== ''),
  );
  const operators = code.join('\n').match(/&&|\|\||\?\?|\s\?\s/g) ?? [];

  expect(operators.length).toBeGreaterThan(100); // they are found
  expect(operators.length / code.length).toBeLessThanOrEqual(mostDecisions);
});

describe('stdout', () => {
  const writes = /stdout\b[^;\n]*\.write\(|\bstdout\.write\(|console\.(log|info|table)/;

  test('is written to by the writer of messages, and by what prints instead of them', () => {
    expect(sources.filter(({ text }) => writes.test(withoutComments(text))).map(({ file }) => file)).toEqual([
      'src/cli.ts',
      'src/sdk/cli/command.ts',
      'src/sdk/cli/process.ts',
      'src/sdk/singer/writer.ts',
    ]);
  });

  test('of the process is named at its edge only', () => {
    expect(
      sources
        .filter(({ text }) => /process\.(stdout|stderr|stdin|env|argv|exit)/.test(withoutComments(text)))
        .map(({ file }) => file),
    ).toEqual(['src/cli.ts', 'src/sdk/cli/process.ts']);
  });
});

describe('errors', () => {
  const classes = [...read('src/sdk/errors.ts').matchAll(/export class (\w+) extends/g)].map(([, name = '']) => name);
  const elsewhere = sources.filter(({ file }) => file !== 'src/sdk/errors.ts');

  /** Caught with all others, by the program around the tap: its words are what matters. */
  const caughtAsTapError = ['InputError'];

  test.each(classes)('%s has a place that throws it and one that catches it', (name) => {
    const caught = caughtAsTapError.includes(name) ? 'TapError' : name;

    expect(sources.some(({ text }) => new RegExp(`new ${name}\\(|extends ${name}\\b`).test(text))).toBe(true);
    expect(
      elsewhere.filter(({ text }) => new RegExp(`instanceof ${caught}\\b`).test(text)).map(({ file }) => file),
    ).not.toEqual([]);
  });
});

describe('packages', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };

  test('needed at run time are six', () => {
    expect(Object.keys(dependencies).sort()).toEqual([
      '@lezer/common',
      '@lezer/python',
      'got',
      'hpagent',
      'yargs',
      'zod',
    ]);
  });

  test('that are imported are needed', () => {
    const imported = new Set(sources.flatMap(({ packages }) => packages).filter((name) => !name.startsWith('node:')));
    expect([...imported].sort()).toEqual(Object.keys(dependencies).sort());
  });

  test('come from whatever registry is set: the lock file names none', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved":\s*"https?:/);
  });
});

/** Circles of imports that need each other to run; types alone make none. */
function circles(files: readonly Source[]): string[] {
  const graph = new Map(files.map(({ file, text }) => [file, runtime(file, text)]));
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

function runtime(file: string, text: string): string[] {
  const plain = withoutComments(text)
    .replace(/(?:import|export)\s+type\s[^;]*;/g, '')
    .replace(/import\s*\{(?:\s*type\s+\w+(?:\s+as\s+\w+)?\s*,?)+\s*\}\s*from\s*'[^']+';/g, '');
  return [...plain.matchAll(importForm)]
    .map(([, name = '']) => name)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name)).replace(/\.js$/, '.ts'));
}

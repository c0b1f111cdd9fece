/** Mutants change code, and nothing but code. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { mutantsOf, mutated } from '../../scripts/mutants.js';

const all = (text: string): string[] => mutantsOf(text).map((mutant) => mutated(text, mutant));

describe('a mutant', () => {
  test.each([
    ['const a = b === c;', ['const a = b !== c;']],
    ['const a = b <= c;', ['const a = b < c;']],
    ['const a = b ?? c;', ['const a = b && c;']],
    ['const a = 41;', ['const a = 42;']],
    ['const a = true;', ['const a = false;']],
    ['const a = !b;', ['const a = b;']],
    ['if (isOpen(a)) b();', ['if (true) b();', 'if (false) b();']],
    ['\n  this.#close(a);\n', ['\n  ;\n']],
    ['\n  await a.close();\n', ['\n  ;\n']],
    ['\n  this.#open = a;\n', ['\n  ;\n']],
  ])('of %j', (text, expected) => {
    expect(all(text)).toEqual(expected);
  });

  test.each([
    "import { a } from './b-1.js';",
    '// if (a < b) c = 1;',
    '/** 1 + 1 */',
    "const a = 'b && c';",
    'const a = `b < ${c + 1} && d`;',
    'const a = /b > [/] 1/.exec(c);',
    'interface A {\n  readonly b: 1 | true;\n}',
    'export type A = { b: true } | 1;',
    'const a: Map<string, B> = b;',
    'const a = () => b;',
  ])('is not made of %j', (text) => {
    expect(all(text)).toEqual([]);
  });

  test('of every source stands where code is: the file differs in one place', () => {
    const root = fileURLToPath(new URL('../../src/', import.meta.url));
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const counts = files.map((file) => {
      const text = readFileSync(root + file, 'utf8');
      const mutants = mutantsOf(text);
      expect(mutants.filter((one) => mutated(text, one) === text)).toEqual([]);
      return mutants.length;
    });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1000);
  });
});

/** Cases computed by Meltano's Python SDK; they lie beside the repository, or are absent. */
import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('../../../shared/conformance/', import.meta.url);

export interface Vector<Input, Expected> {
  name: string;
  input: Input & { kind: string };
  expected: Expected;
  tags?: string[];
}

export const haveVectors = existsSync(folder);

export function vectors<Input, Expected>(topic: string, kind: string): Vector<Input, Expected>[] {
  if (!haveVectors) return [];
  const { cases } = JSON.parse(readFileSync(new URL(`${topic}.json`, folder), 'utf8')) as {
    cases: Vector<Input, Expected>[];
  };
  return cases.filter(({ input }) => input.kind === kind);
}

/**
 * Case files: what the Python SDK answered, case by case (`{topic, cases: [{name, input, expected, tags}]}`), and the
 * facts of our own beside this file (`{topic, facts: {sentence: {given, then}}}`), read into one form.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseExact, parseJsonExactly } from '../../src/sdk/json/parse-exact.js';
import { writeExact } from '../../src/sdk/json/write-exact.js';

export type Json = Record<string, unknown>;

/** One question with its answer. */
export interface Case {
  readonly topic: string;
  readonly name: string;
  readonly input: Json;
  readonly expected: Json;
  readonly tags: readonly string[];
  /** One of our own facts: it may not differ. */
  readonly isFact: boolean;
}

/** What a topic's runner makes of a case. */
export interface Result {
  /** The answer of our layer, in the form of `expected`. */
  readonly ours: unknown;
  /** How it differs; empty: it does not. */
  readonly differences: readonly string[];
}

/** Answers one case of a topic. */
export type Runner = (one: Case) => Result | Promise<Result>;

interface CaseFile {
  topic: string;
  cases: (Omit<Case, 'topic' | 'tags' | 'isFact'> & { tags?: string[] })[];
}

interface FactFile {
  topic: string;
  facts: Record<string, { given: Json; then: Json }>;
}

/** Topics whose numbers mean what their digits say: 1.0 is not 1 in an expression. */
const exactTopics = new Set(['stream_maps', 'flattening', 'typing']);

/** All cases of a folder's JSON files, in order of their names. @throws Error when a file is of neither form. */
export function readCases(folder: string): Case[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.sort().flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const file = JSON.parse(text) as CaseFile | FactFile;
    const exact = exactTopics.has(file.topic) ? (parseExact(text, 'digits') as typeof file) : file;
    if ('cases' in exact)
      return exact.cases.map((one, index) => ({
        ...one,
        expected: (file as CaseFile).cases[index]?.expected ?? {},
        tags: one.tags ?? [],
        topic: file.topic,
        isFact: false,
      }));
    if ('facts' in file) return factsOf(file);
    throw new Error(`${name} holds neither cases nor facts.`);
  });
}

const factsOf = ({ topic, facts }: FactFile): Case[] =>
  Object.entries(facts).map(([name, { given, then }]) => ({
    topic,
    name,
    input: given,
    expected: then,
    tags: [],
    isFact: true,
  }));

/** Compares part by part. Values are JSON values: the order of members does not matter. */
export function compare(ours: Json, expected: Json): Result {
  const differences = Object.keys(expected)
    .filter((part) => !sameJson(ours[part], expected[part]))
    .map((part) => `${part}: ${shown(ours[part])} instead of ${shown(expected[part])}`);
  return { ours, differences };
}

/** Whether two values are the same JSON. */
export const sameJson = (a: unknown, b: unknown): boolean => isDeepStrictEqual(jsonOf(a), jsonOf(b));

/** Whether two JSON texts say the same, digit by digit. */
export const sameText = (a: string, b: string): boolean => isDeepStrictEqual(exactly(a), exactly(b));

const jsonOf = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(writeExact(value)));

/** The value of a JSON text; numbers that JavaScript cannot hold stay what they are. */
const exactly = (text: string): unknown => parseJsonExactly(text);

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

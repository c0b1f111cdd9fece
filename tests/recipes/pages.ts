/** Pages of docs as tests read them: their blocks of code, by language. */
import { readFileSync } from 'node:fs';

/** The text of a page below docs/. */
export const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

/** The blocks of code in a language, in their order, without the indentation that all lines share. */
export const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, own, code = '']) => (own === language ? [code] : []));

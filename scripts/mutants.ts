/**
 * Where code can be changed so that a test should notice: operators, constants, conditions, negations, statements.
 * A scanner of text, not of syntax: it relies on the form that the formatter gives, and leaves types alone.
 */

export interface Mutant {
  /** Position in the text. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

const swaps: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '??': '&&',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '+=': '-=',
  '-=': '+=',
  true: 'false',
  false: 'true',
};

/** All mutants of a file, by position. */
export function mutantsOf(text: string): Mutant[] {
  const code = withoutTypes(withoutTexts(text));
  return [...operators(code), ...constants(code), ...conditions(code), ...negations(code), ...statements(code)].sort(
    (a, b) => a.start - b.start || a.end - b.end,
  );
}

/** The text with the mutant in it. */
export const mutated = (text: string, { start, end, replacement }: Mutant): string =>
  text.slice(0, start) + replacement + text.slice(end);

function operators(code: string): Mutant[] {
  return found(code, /(?<=\s)(===|!==|&&|\|\||\?\?|<=|>=|<|>|\+=|-=|\+|-|\*|\/)(?=\s)/g, (operator) => swaps[operator]);
}

function constants(code: string): Mutant[] {
  const numbers = found(code, /(?<![\w.$#])\d[\d_]*(?![\w.])/g, (digits) =>
    String(Number(digits.replaceAll('_', '')) + 1),
  );
  return [...numbers, ...found(code, /(?<![\w.$#])(?:true|false)(?![\w:])/g, (word) => swaps[word])];
}

/** Conditions of `if` and `while` that always hold, or never. A loop that never ends would only be timed out. */
function conditions(code: string): Mutant[] {
  return [...code.matchAll(/\b(if|while) \(/g)].flatMap(({ 0: head, 1: keyword, index }) => {
    const start = index + head.length;
    const end = closing(code, start - 1);
    if (end === undefined) return [];
    const never = { start, end, replacement: 'false' };
    return keyword === 'if' ? [{ start, end, replacement: 'true' }, never] : [never];
  });
}

function negations(code: string): Mutant[] {
  return found(code, /(?<=[\s(&|[=])!(?=[\w(])/g, () => '');
}

/** Calls and assignments that stand alone on a line. */
function statements(code: string): Mutant[] {
  const form = /(?<=\n\s*)(?:await )?(?:this\.#?|[a-z]\w*[.([])[^\n;{}=]*(?:\([^\n;{}]*\)| \+?= [^\n;{}]*);(?=\n)/g;
  return found(code, form, (statement) => (isBalanced(statement) ? ';' : undefined));
}

function found(code: string, form: RegExp, replace: (match: string) => string | undefined): Mutant[] {
  return [...code.matchAll(form)].flatMap(({ 0: match, index }) => {
    const replacement = replace(match);
    return replacement === undefined ? [] : [{ start: index, end: index + match.length, replacement }];
  });
}

function isBalanced(code: string): boolean {
  const count = (form: RegExp): number => code.match(form)?.length ?? 0;
  return count(/\(/g) === count(/\)/g) && count(/\[/g) === count(/\]/g);
}

/** Where the bracket at `open` closes. */
function closing(code: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if ('([{'.includes(code[at] ?? ' ')) depth++;
    else if (')]}'.includes(code[at] ?? ' ') && --depth === 0) return at;
  }
  return undefined;
}

const blank = (text: string): string => text.replace(/[^\n]/g, '\u0001');

/** Comments, texts and patterns are blanked; positions stay. What stands in `${…}` is blanked with its text. */
function withoutTexts(text: string): string {
  let code = '';
  for (let at = 0; at < text.length; ) {
    const end = endOfText(text, at, code);
    code += end === at ? text[at] : blank(text.slice(at, end));
    at = Math.max(end, at + 1);
  }
  return code;
}

/** The end of the comment, text or pattern that begins at `at`; `at` itself where none begins. */
function endOfText(text: string, at: number, before: string): number {
  if (text.startsWith('//', at)) return indexAfter(text, '\n', at) - 1;
  if (text.startsWith('/*', at)) return indexAfter(text, '*/', at + 2);
  const quote = text[at];
  if (quote === "'" || quote === '"') return endOfQuote(text, at + 1, quote);
  if (quote === '`') return endOfTemplate(text, at + 1);
  return quote === '/' && /(?:^|[(,=:[!&|?{};\n]|=>|return)\s*$/.test(before.slice(-20)) ? endOfPattern(text, at) : at;
}

function indexAfter(text: string, what: string, from: number): number {
  const index = text.indexOf(what, from);
  return index < 0 ? text.length + 1 : index + what.length;
}

function endOfQuote(text: string, from: number, quote: string): number {
  let at = from;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfTemplate(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '`') {
    if (text.startsWith('${', at)) at = endOfPlaceholder(text, at + 2);
    else at += text[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

function endOfPlaceholder(text: string, from: number): number {
  let at = from;
  for (let depth = 1; at < text.length && depth > 0; ) {
    const end = endOfText(text, at, '(');
    if (end === at) depth += text[at] === '{' ? 1 : text[at] === '}' ? -1 : 0;
    at = Math.max(end, at + 1);
  }
  return at;
}

function endOfPattern(text: string, from: number): number {
  let isClass = false;
  for (let at = from + 1; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '[') isClass = true;
    else if (text[at] === ']') isClass = false;
    else if (text[at] === '/' && !isClass) return at + 1;
  }
  return from;
}

/** Imports, interfaces and types are blanked: nothing of them is there when a test runs. */
function withoutTypes(code: string): string {
  const plain = code
    .replace(/^(?:import|export (?:type )?\{|export \*)[^;]*;/gm, blank)
    .replace(/^(?:export )?type [^;]*;/gm, blank);
  return [...plain.matchAll(/^(?:export )?interface [^{]*\{/gm)].reduce((all, { 0: head, index }) => {
    const end = closing(all, index + head.length - 1) ?? all.length;
    return all.slice(0, index) + blank(all.slice(index, end)) + all.slice(end);
  }, plain);
}

/** How large the text of an expression may be: the grammar takes long for more. */
import { ExpressionError } from './syntax.js';

const mostCharacters = 20_000;
const mostBrackets = 100;
const mostTokens = 2000;

/** @throws ExpressionError for a text that is too large. What stands inside texts does not count. */
export function checkSize(text: string): void {
  if (text.length > mostCharacters)
    throw new ExpressionError(`the expression has more than ${mostCharacters} characters`, mostCharacters);
  let depth = 0;
  let tokens = 0;
  for (const { 0: token, index } of text.matchAll(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\w+|[^\s\w]/gs)) {
    tokens++;
    if (/^[([{]/.test(token)) depth++;
    else if (/^[)\]}]/.test(token)) depth--;
    if (depth > mostBrackets) throw new ExpressionError(`brackets are nested more than ${mostBrackets} times`, index);
    if (tokens > mostTokens) throw new ExpressionError(`the expression has more than ${mostTokens} words`, index);
  }
}

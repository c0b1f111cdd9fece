/** Names with the wildcards of a shell: `*`, `?`, `[ab]`, `[!a-z]`. */

/** Whether a pattern matches the whole of a name. It takes no longer than the product of both lengths. */
export function matchesWildcard(pattern: string, name: string): boolean {
  const parts = partsOf(pattern);
  let [at, part] = [0, 0];
  let retry: { at: number; part: number } | undefined;
  while (at < name.length) {
    const current = parts[part];
    if (current === '*') {
      retry = { at, part };
      part++;
    } else if (current !== undefined && isMatch(current, name[at] ?? '')) {
      at++;
      part++;
    } else if (retry) {
      retry = { at: retry.at + 1, part: retry.part };
      at = retry.at;
      part = retry.part + 1;
    } else return false;
  }
  return parts.slice(part).every((rest) => rest === '*');
}

/** Whether a name has wildcards. */
export const hasWildcard = (pattern: string): boolean => /[*?[]/.test(pattern);

const partsOf = (pattern: string): string[] => pattern.match(/\[!?\]?[^\]]*\]|[\s\S]/g) ?? [];

function isMatch(part: string, character: string): boolean {
  if (part === '?') return true;
  if (part.length === 1) return part === character;
  const isNegative = part[1] === '!';
  const choices = part.slice(isNegative ? 2 : 1, -1);
  return isIn(choices, character) !== isNegative;
}

function isIn(choices: string, character: string): boolean {
  for (let at = 0; at < choices.length; at++) {
    const isRange = choices[at + 1] === '-' && at + 2 < choices.length;
    if (isRange ? character >= (choices[at] ?? '') && character <= (choices[at + 2] ?? '') : choices[at] === character)
      return true;
    if (isRange) at += 2;
  }
  return false;
}

/**
 * What some programs write for JSON though it is none: NaN and Infinity, and control characters inside strings. One
 * such value would cost all rows of its page.
 */

/** A text with these replaced, and what was done; undefined where nothing was. A text that breaks off stays broken. */
export function mendJson(text: string): { text: string; repairs: readonly string[] } | undefined {
  const parts: string[] = [];
  const repairs = new Set<string>();
  const replace = (part: string, bad: RegExp, by: (found: string) => string, repair: string): void => {
    const good = part.replace(bad, by);
    if (good !== part) repairs.add(repair);
    parts.push(good);
  };
  for (let at = 0; at < text.length; ) {
    const open = indexOr(text.length, text.indexOf('"', at));
    const end = endOfString(text, open);
    replace(text.slice(at, open), notFinite, () => 'null', 'numbers that are not finite became null');
    replace(text.slice(open, end), controls, escaped, 'control characters in strings were escaped');
    at = end;
  }
  return repairs.size > 0 ? { text: parts.join(''), repairs: [...repairs] } : undefined;
}

const notFinite = /-?\b(?:NaN|Infinity)\b/g;
const controls = /[^\P{Cc}\u007f-\u009f]/gu; // U+0000 to U+001F

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
const indexOr = (otherwise: number, index: number): number => (index < 0 ? otherwise : index);

/** Where a string that begins at `open` is over. */
function endOfString(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

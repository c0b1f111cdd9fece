/**
 * The text of each row of a page, cut out of the body: a record that needs no change leaves as the
 * bytes that came, digits and all, without being written again.
 */

/**
 * The rows' texts of a JSON list, or undefined when the body is laid out so that lines would break.
 * `rows` are the parsed rows. In compact JSON the rows are parted by `},{"firstKey"`: when that
 * occurs exactly once between any two, these are the borders; otherwise every character is looked at.
 */
export function rowTexts(text: string, rows: readonly unknown[]): string[] | undefined {
  if (text.includes('\n') || text.includes('\r')) return undefined;
  return quickCut(text, rows) ?? slowCut(text, rows.length);
}

function quickCut(text: string, rows: readonly unknown[]): string[] | undefined {
  const [first] = rows;
  if (!text.startsWith('[{') || !text.endsWith('}]') || typeof first !== 'object' || first === null) return undefined;
  const [key] = Object.keys(first);
  if (key === undefined) return undefined;
  const border = `},{${JSON.stringify(key)}:`;
  const texts: string[] = [];
  let start = 1;
  for (let at = text.indexOf(border, start); at >= 0; at = text.indexOf(border, at + 1)) {
    texts.push(text.slice(start, at + 1));
    if (texts.length > rows.length) return undefined;
    start = at + 2;
  }
  texts.push(text.slice(start, -1));
  return texts.length === rows.length ? texts : undefined;
}

function slowCut(text: string, count: number): string[] | undefined {
  const texts: string[] = [];
  let depth = 0;
  let start = -1;
  for (let index = 0; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char === 0x22) index = endOfString(text, index);
    else if (char === 0x7b || char === 0x5b) {
      if (++depth === 2) start = index;
    } else if (char === 0x7d || char === 0x5d) {
      if (--depth === 1) texts.push(text.slice(start, index + 1));
    } else if (depth === 1 && char !== 0x2c && char > 0x20) {
      const end = endOfScalar(text, index);
      texts.push(text.slice(index, end));
      index = end - 1;
    }
  }
  return texts.length === count ? texts : undefined;
}

function endOfString(text: string, open: number): number {
  for (let index = open + 1; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char === 0x5c) index++;
    else if (char === 0x22) return index;
  }
  return text.length;
}

function endOfScalar(text: string, start: number): number {
  let index = start;
  while (index < text.length && text[index] !== ',' && text[index] !== ']') index++;
  return index;
}

/**
 * The bytes of each row of a page, cut out of the body: a record that needs no change leaves as it
 * came, digits and all, without being decoded, written and encoded again.
 */

const quote = 0x22;
const backslash = 0x5c;
const lineFeed = 0x0a;

/**
 * The rows' bytes of a JSON list, or undefined when the body is laid out so that lines would break.
 * `rows` are the parsed rows. In compact JSON the rows are parted by `},{"firstKey"`: when that
 * occurs exactly once between any two, these are the borders; otherwise every byte is looked at.
 */
export function rowTexts(body: Buffer, rows: readonly unknown[]): Buffer[] | undefined {
  if (body.includes(lineFeed) || body.includes(0x0d)) return undefined;
  return quickCut(body, rows) ?? slowCut(body, rows.length);
}

function quickCut(body: Buffer, rows: readonly unknown[]): Buffer[] | undefined {
  const [first] = rows;
  if (body[0] !== 0x5b || body[1] !== 0x7b || body.at(-1) !== 0x5d || body.at(-2) !== 0x7d || typeof first !== 'object' || first === null) return undefined;
  const key = firstKey(first);
  // JavaScript puts keys of digits first, wherever they stand. A row that begins otherwise has no border before it.
  if (key === undefined || /^\d/.test(key) || rows.some((row) => firstKey(row) !== key)) return undefined;
  const border = Buffer.from(`},{${JSON.stringify(key)}:`);
  const texts: Buffer[] = [];
  let start = 1;
  for (let at = body.indexOf(border, start); at >= 0; at = body.indexOf(border, at + 1)) {
    texts.push(body.subarray(start, at + 1));
    if (texts.length > rows.length) return undefined;
    start = at + 2;
  }
  texts.push(body.subarray(start, -1));
  return texts.length === rows.length ? texts : undefined;
}

function firstKey(row: unknown): string | undefined {
  if (typeof row === 'object' && row !== null) for (const key in row) return key;
  return undefined;
}

function slowCut(body: Buffer, count: number): Buffer[] | undefined {
  const texts: Buffer[] = [];
  let depth = 0;
  let start = -1;
  for (let index = 0; index < body.length; index++) {
    const byte = body[index] ?? 0;
    if (byte === quote) {
      const close = endOfString(body, index);
      if (depth === 1) texts.push(body.subarray(index, close + 1));
      index = close;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth === 2) start = index;
    } else if (byte === 0x7d || byte === 0x5d) {
      if (--depth === 1) texts.push(body.subarray(start, index + 1));
    } else if (depth === 1 && byte !== 0x2c && byte > 0x20) {
      const end = endOfScalar(body, index);
      texts.push(body.subarray(index, end));
      index = end - 1;
    }
  }
  return texts.length === count ? texts : undefined;
}

function endOfString(body: Buffer, open: number): number {
  for (let index = open + 1; index < body.length; index++) {
    if (body[index] === backslash) index++;
    else if (body[index] === quote) return index;
  }
  return body.length;
}

function endOfScalar(body: Buffer, start: number): number {
  let index = start;
  while (index < body.length && body[index] !== 0x2c && body[index] !== 0x5d) index++;
  return index;
}

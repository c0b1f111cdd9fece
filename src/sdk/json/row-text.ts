/**
 * The bytes of each row of a page, cut out of the body: a record that needs no change leaves as it
 * came, digits and all, without being decoded, written and encoded again.
 */

const quote = 0x22;
const backslash = 0x5c;
const lineFeed = 0x0a;

/** The bytes of the elements of a JSON list; undefined when it is no list of so many. */
export function rowTexts(body: Buffer, count: number): Buffer[] | undefined {
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

/**
 * The bytes between which rows may be parted: by `},{"firstKey":`, or with a space after comma and colon. It may also
 * stand inside a row, so the caller must parse each part to find out. Undefined for other layouts.
 */
export function likelyRows(body: Buffer): Buffer[] | undefined {
  const close = body.indexOf(quote, 3);
  const key = body.subarray(2, close + 1);
  const isList = body[0] === 0x5b && body[1] === 0x7b && body.at(-2) === 0x7d && body.at(-1) === 0x5d;
  const beginsWithKey = body[2] === quote && body[close + 1] === 0x3a;
  if (!isList || !beginsWithKey || breaksLines(body)) return undefined;
  const space = body[close + 2] === 0x20 ? ' ' : '';
  const border = Buffer.concat([Buffer.from(`},${space}{`), key, Buffer.from(':')]);
  const parts: Buffer[] = [];
  let start = 1;
  for (let at = body.indexOf(border, start); at >= 0; at = body.indexOf(border, at + 1)) {
    parts.push(body.subarray(start, at + 1));
    start = at + 2 + space.length;
  }
  parts.push(body.subarray(start, -1));
  return parts;
}

/** Whether the bytes stand on more than one line: a message must not. */
export const breaksLines = (body: Buffer): boolean => body.includes(lineFeed) || body.includes(0x0d);

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

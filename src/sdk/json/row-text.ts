/**
 * The bytes of each row of a page, cut out of the body: a record that needs no change leaves as it
 * came, digits and all, without being decoded, written and encoded again.
 */

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const space = 0x20;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** The bytes of the elements of a JSON list; undefined when it is no list of so many. */
export function rowTexts(body: Buffer, count: number): Buffer[] | undefined {
  const texts: Buffer[] = [];
  let depth = 0;
  let start = -1;
  for (let index = 0; index < body.length; index++) {
    const byte = body[index] ?? 0;
    switch (byte) {
      case quote: {
        const close = endOfString(body, index);
        if (depth === 1) texts.push(body.subarray(index, close + 1));
        index = close;
        break;
      }
      case openBrace:
      case openBracket:
        if (++depth === 2) start = index;
        break;
      case closeBrace:
      case closeBracket:
        if (--depth === 1) texts.push(body.subarray(start, index + 1));
        break;
      case comma:
        break;
      default:
        if (depth === 1 && byte > space) {
          const end = endOfScalar(body, index);
          texts.push(body.subarray(index, end));
          index = end - 1;
        }
    }
  }
  return texts.length === count ? texts : undefined;
}

/**
 * The bytes between which rows may be parted: by `},{"firstKey":`, or with a space after comma and colon. It may also
 * stand inside a row, so the caller must parse each part to find out. Undefined for other layouts.
 */
export function likelyRows(body: Buffer): Buffer[] | undefined {
  const isList = body.subarray(0, 3).equals(listStart) && body.subarray(-2).equals(listEnd);
  if (!isList || breaksLines(body)) return undefined;
  const close = body.indexOf(quote, 3);
  const key = body.subarray(2, close + 1);
  if (body[close + 1] !== colon) return undefined;
  const gap = body[close + 2] === space ? ' ' : '';
  const border = Buffer.concat([Buffer.from(`},${gap}{`), key, Buffer.from(':')]);
  const parts: Buffer[] = [];
  let start = 1;
  for (let at = body.indexOf(border, start); at >= 0; at = body.indexOf(border, at + 1)) {
    parts.push(body.subarray(start, at + 1));
    start = at + 2 + gap.length;
  }
  parts.push(body.subarray(start, -1));
  return parts;
}

const listStart = Buffer.from('[{"');
const listEnd = Buffer.from('}]');

/** Whether the bytes stand on more than one line: a message must not. */
export const breaksLines = (body: Buffer): boolean => body.includes(lineFeed) || body.includes(carriageReturn);

function endOfString(body: Buffer, open: number): number {
  for (let index = open + 1; index < body.length; index++) {
    if (body[index] === backslash) index++;
    else if (body[index] === quote) return index;
  }
  return body.length;
}

function endOfScalar(body: Buffer, start: number): number {
  let index = start;
  while (index < body.length && body[index] !== comma && body[index] !== closeBracket) index++;
  return index;
}

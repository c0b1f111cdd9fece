/** What the body of an error says, whatever its shape: a text, an object with one of the usual names, a list. */
const longestDetail = 200; // characters of a body that go into a message
const fieldsShown = 5;
const deepest = 10;
/** Where APIs put what there is to say; the first that is there counts. */
const usualNames = ['detail', 'message', 'msg', 'error', 'code'];

/** The text of an error body that has been parsed, cut short; empty if it says nothing. */
export function detailOf(body: unknown): string {
  const text = textOf(body, 0);
  return text.length > longestDetail ? `${text.slice(0, longestDetail)}…` : text;
}

function textOf(body: unknown, depth: number): string {
  if (typeof body === 'string') return body;
  if (depth >= deepest || typeof body !== 'object' || body === null) return '';
  if (Array.isArray(body)) return joined(body.slice(0, fieldsShown).map((part) => textOf(part, depth + 1)));
  const members = body as Record<string, unknown>;
  const own = usualNames.map((name) => members[name]).reduce((first, next) => first ?? next);
  if (own !== undefined) return textOf(own, depth + 1);
  const fields = Object.entries(members).slice(0, fieldsShown);
  return joined(fields.map(([name, value]) => `${name}: ${textOf(value, depth + 1)}`));
}

const joined = (parts: readonly string[]): string => parts.filter(Boolean).join('; ');

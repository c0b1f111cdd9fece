/**
 * The Link header (RFC 8288), read strictly and in linear time. A `next` link is a claim, not a
 * page: an API may name one after its last page too, so the caller says which links count.
 */
export interface Link {
  readonly url: string;
  readonly rel: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const longestHeader = 65_536;

/** The links of a header; parts that cannot be read are left out. */
export function parseLinkHeader(header: string | undefined): Link[] {
  if (!header || header.length > longestHeader) return [];
  const links: Link[] = [];
  let at = 0;
  while (at < header.length) {
    const open = header.indexOf('<', at);
    const close = open < 0 ? -1 : header.indexOf('>', open);
    if (close < 0) break;
    const [parameters, end] = readParameters(header, close + 1);
    const url = header.slice(open + 1, close).trim();
    if (parameters && !/[<\s]/.test(url)) links.push({ url, rel: parameters['rel']?.toLowerCase() ?? '', parameters });
    at = end;
  }
  return links;
}

/** `; name="value"` pairs from `at` to the comma that ends the link; undefined when a quote does not end. */
function readParameters(header: string, at: number): [Record<string, string> | undefined, number] {
  const parameters: Record<string, string> = Object.create(null) as Record<string, string>;
  let start = at;
  let quoted = false;
  for (let index = at; index <= header.length; index++) {
    const char = header[index];
    if (char === '"') quoted = !quoted;
    if (index < header.length && (quoted || (char !== ';' && char !== ','))) continue;
    const [name = '', ...value] = header.slice(start, index).split('=');
    if (name.trim())
      parameters[name.trim().toLowerCase()] ??= value
        .join('=')
        .trim()
        .replace(/^"(.*)"$/s, '$1');
    start = index + 1;
    if (char === ',') return [parameters, index + 1];
  }
  return [quoted ? undefined : parameters, header.length];
}

/**
 * The Link header (RFC 8288), read leniently and in linear time: links are taken out of anything that
 * contains `<url>; rel="next"`, such as the printed set `{'<url>; rel="next"'}` that one server sends.
 * A `next` link is a claim, not a page: an API may name one after its last page, so the caller decides.
 */

/** One link: where it leads, and its parameters (names in small letters, values as they came). */
export interface Link {
  readonly url: string;
  /** The relation in small letters; empty if there is none. */
  readonly rel: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const longestHeader = 65_536;

/** The links of a header; parts that cannot be read are left out. */
export function parseLinkHeader(header: string | undefined): Link[] {
  if (!header || header.length > longestHeader) return [];
  const text = header.replaceAll('\\"', '"'); // a header that was printed as JSON
  const links: Link[] = [];
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('<', at);
    const close = open < 0 ? -1 : text.indexOf('>', open);
    if (close < 0) break;
    const reader = new ParameterReader(text, close + 1);
    const parameters = reader.read();
    const url = text.slice(open + 1, close).trim();
    if (parameters && !/[<\s]/.test(url)) links.push({ url, rel: parameters['rel']?.toLowerCase() ?? '', parameters });
    at = reader.at;
  }
  return links;
}

/** Reads `; name=value` pairs up to the comma, or the next `<`, that ends a link. */
class ParameterReader {
  constructor(
    private readonly text: string,
    public at: number,
  ) {}

  /** The pairs, the first of each name; undefined when a quote does not end. */
  read(): Record<string, string> | undefined {
    const parameters = Object.create(null) as Record<string, string>;
    while (this.#skipTo(';,<') === ';') {
      this.at++;
      const from = this.at;
      if (this.#skipTo('=;,<') !== '=') continue;
      const name = this.text.slice(from, this.at).trim().toLowerCase();
      this.at++;
      const value = this.#value();
      if (value === undefined) return undefined;
      if (name) parameters[name] ??= value;
    }
    return parameters;
  }

  #value(): string | undefined {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\t') this.at++;
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") {
      const from = this.at;
      this.#skipTo(`;,<'"}] \t`);
      return this.text.slice(from, this.at);
    }
    const from = this.at + 1;
    const end = this.text.indexOf(quote, from);
    this.at = end < 0 ? this.text.length : end + 1;
    return end < 0 ? undefined : this.text.slice(from, end);
  }

  /** Goes on to the next of these characters, and says which it is (empty at the end). */
  #skipTo(characters: string): string {
    while (this.at < this.text.length && !characters.includes(this.text.charAt(this.at))) this.at++;
    return this.text.charAt(this.at);
  }
}

/** The URL that a text stands for; undefined if it is none. (`URL.parse` needs a newer Node than ours.) */
export const parseUrl = (text: string, base?: URL): URL | undefined =>
  URL.canParse(text, base?.href) ? new URL(text, base) : undefined;

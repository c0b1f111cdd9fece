/**
 * Secrets cut out of what is logged. A server may echo a token in an error message, as it was sent, in a URL or
 * inside JSON: each of these forms is replaced.
 */
const stars = '*****';
const shortest = 4; // characters of a secret that is replaced wherever it stands

/** Short words that log lines are full of. As secrets they are replaced only where a text hands them over. */
const ordinaryWords = new Set(
  `a an and are as at be but by can did do end for from get got had has he id if in is it its key log may new no not now
   of off old on one or our out row run see set so tap the to too try two up url us use was way we who why you`.split(
    /\s+/,
  ),
);

export class Redaction {
  /** Longest first, so that no secret leaves the end of a longer one behind. */
  #long: string[] = [];
  #short: RegExp[] = [];

  /** From now on this text is replaced. */
  hide(secret: string): void {
    if (secret === '') return;
    if (secret.length < shortest) this.#short.push(shortForm(secret));
    else this.#long = [...new Set([...this.#long, ...formsOf(secret)])].sort((a, b) => b.length - a.length);
  }

  /** A text without secrets. */
  redact(text: string): string {
    let clean = text;
    for (const secret of this.#long) clean = clean.replaceAll(secret, stars);
    for (const secret of this.#short) clean = clean.replace(secret, stars);
    return clean;
  }

  /** JSON text of an object, its strings without secrets. Numbers stay, so that it is still JSON. */
  redactJson(object: object): string {
    return JSON.stringify(object, (_, value: unknown) => (typeof value === 'string' ? this.redact(value) : value));
  }
}

const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret.toWellFormed()),
  JSON.stringify(secret).slice(1, -1),
];

/**
 * Where a secret of up to three characters is replaced. Alone as a word, if it looks like no ordinary text; single
 * characters, numbers and ordinary words only after a quote, an equals sign or a word such as "token".
 */
function shortForm(secret: string): RegExp {
  const word = secret.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const isOrdinary = secret.length === 1 || /^\d+$/.test(secret) || ordinaryWords.has(secret.toLowerCase());
  const before = isOrdinary ? handedOver : '(?<![\\p{L}\\p{N}_])';
  return new RegExp(`${before}${word}(?![\\p{L}\\p{N}_])`, 'gu');
}

const handingWords = ['token', 'key', 'secret', 'password', 'bearer', 'basic', 'value'];
const eitherCase = handingWords.map((word) => `[${word.charAt(0).toUpperCase()}${word.charAt(0)}]${word.slice(1)}`);
const handedOver = `(?<=['"=]|\\b(?:${eitherCase.join('|')})s?(?:: ?| ))`;

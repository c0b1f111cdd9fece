/** What issues are about, in words; `{noun}` is chosen once per issue, `{n}` differs from event to event. */
export const nouns = [
  'order',
  'invoice',
  'cart',
  'coupon',
  'customer',
  'payment',
  'refund',
  'shipment',
  'product',
  'review',
  'session',
  'ticket',
  'address',
  'receipt',
  'voucher',
  'supplier',
  'category',
  'wishlist',
  'courier',
  'price',
  'stock',
  'return',
  'subscription',
  'message',
] as const;

export const logMessages = [
  'Slow response from the {noun} service: {n} ms',
  'Retrying {noun} webhook, attempt {n}',
  '{Noun} feed is {n} minutes old',
  'Falling back to the cached {noun} list',
  'Feature flag {noun}-v2 has no value',
  'Signature of {noun} callback {n} does not match',
] as const;

export const feedbackMessages = [
  'The {noun} page stays blank after I log in',
  'Great shop, but the {noun} button is hard to find on my phone',
  'I was charged twice for one {noun} 😕',
  'Search finds no {noun} when I type an ü',
  'Please add a dark mode to the {noun} view',
  'Könnt ihr den {noun}-Export als CSV anbieten?',
] as const;

export const slowSpots = [
  'N+1 Query',
  'Slow DB Query',
  'Consecutive HTTP',
  'Large HTTP payload',
  'Uncompressed Asset',
] as const;

/** Fills `{noun}`, `{noun}s`, `{fn}` and their capitalized forms; `{n}` is left for the event. */
export function fill(text: string, noun: string, fn = ''): string {
  const several = noun.endsWith('s') ? `${noun}es` : /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return text
    .replaceAll('{noun}s', several)
    .replaceAll('{Noun}s', capitalized(several))
    .replaceAll('{noun}', noun)
    .replaceAll('{Noun}', capitalized(noun))
    .replaceAll('{fn}', fn)
    .replaceAll('{Fn}', capitalized(fn));
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/**
 * Whether JSON.parse gives the numbers of a JSON text as they are. This is asked of every row with numbers, so a
 * regular expression answers for nearly all of them; only where it finds something is each number looked at.
 */
import { isHeld } from './exact-number.js';
import { endOfString } from './json-strings.js';

/**
 * - `none`: JSON.parse gives the same numbers, and the text may leave as it came.
 * - `rewrite`: the same numbers, but a whole number is written as 1.0 or 1e3, which is no integer for targets.
 * - `exact`: JavaScript cannot hold a number.
 */
export type NumberCare = 'none' | 'rewrite' | 'exact';

/** Sixteen digits or more, a fraction of zeros, or an exponent, after the first digit or the sign. */
const unusual = String.raw`(?:[\d.]{15}|\d{0,15}\.0{0,15}[\s,}\]]|[\d.]{0,16}[eE][-+]?\d)`;

/** Both also match inside strings, and then cost a little time. */
const unusualMember = new RegExp(String.raw`:(?:[-\d]|\s+[-\d])${unusual}`);
const unusualNumber = new RegExp(String.raw`[:,[](?:[-\d]|\s+[-\d])${unusual}`);

/**
 * The care that the numbers of a valid JSON text (an object or a list) need. `listed`: lists have numbers as elements.
 */
export function numberCare(text: string, listed = true): NumberCare {
  if (!(listed ? unusualNumber : unusualMember).test(text)) return 'none';
  let care: NumberCare = 'none';
  for (const between of outsideStrings(text)) {
    if (!unusualNumber.test(between)) continue;
    for (const token of between.split(/[\s,:[\]{}]+/)) {
      if (!/\d/.test(token)) continue; // true, false, null
      if (!isHeld(token)) return 'exact';
      if (isWholeInOtherForm(token)) care = 'rewrite';
    }
  }
  return care;
}

const isWholeInOtherForm = (digits: string): boolean => /[.eE]/.test(digits) && Number.isInteger(Number(digits));

/** The pieces of a JSON text between its strings. */
function* outsideStrings(text: string): Generator<string> {
  let at = 0;
  for (let open = text.indexOf('"'); open >= 0; open = text.indexOf('"', at)) {
    if (open - at > 2) yield text.slice(at, open); // more than a colon or a comma
    at = endOfString(text, open);
  }
  yield text.slice(at);
}

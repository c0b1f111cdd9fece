/** Characters as Python counts them. */

/** The code points of a text: a pair of surrogates is one character. */
export const codePoints = (text: string): string[] => Array.from(text);

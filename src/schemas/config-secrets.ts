/**
 * The token, and headers beside it. Both go into HTTP headers, where a line break is an error deep
 * in the run (and a way to smuggle a header in), so they are checked here. No message shows a value.
 */
import * as z from 'zod';

const placeholder = /^(?:YOUR[_-].*|<.*>|x{3,}|\*{3,}|\(redacted\)|changeme|todo|token)$/i;

/** Surrounding space and a "Bearer " before it are taken off: neither is ever part of a token. */
export const secretToken = z.string().transform((text, context) => {
  const token = text.trim().replace(/^bearer\s+/i, '');
  const complaint = complaintOf(token);
  if (complaint === undefined) return token;
  context.addIssue({ code: 'custom', message: complaint, params: { hide: true } });
  return z.NEVER;
});

function complaintOf(token: string): string | undefined {
  const should =
    'it should be an auth token of Sentry, made under Settings > Developer Settings or User settings > Auth Tokens';
  if (token === '' || /^bearer$/i.test(token)) return `is empty; ${should}`;
  if (placeholder.test(token)) return `is a placeholder, not a token; ${should}`;
  if (/^\$(?:\w+|\{.*\}|\(.*\))$/.test(token)) return `is the name of a variable that nobody replaced; ${should}`;
  if (/^(["']).*\1$/s.test(token)) return 'is in quotes that are part of the value; it should be the token alone';
  if (/\s/.test(token)) return 'has white space or a line break inside; it should be one word';
  return /[^\x21-\x7e]/.test(token)
    ? 'has characters that no token has; it should be plain letters, digits and signs'
    : undefined;
}

const ownHeaders = new Set(['authorization', 'host', 'content-length', 'connection', 'transfer-encoding']);

export const headers = z.record(z.string(), z.string()).check((context) => {
  for (const [name, value] of Object.entries(context.value)) {
    const complaint = !/^[!#$%&'*+.^_`|~\w-]+$/.test(name)
      ? 'should have names of HTTP headers, such as X-Gateway-Key'
      : ownHeaders.has(name.toLowerCase())
        ? `should not have ${name}: the tap sets that one itself`
        : /[^\t\x20-\x7e\x80-\xff]/.test(value)
          ? 'should have values without line breaks or special characters'
          : undefined;
    if (complaint)
      context.issues.push({ code: 'custom', path: [name], input: '', message: complaint, params: { hide: true } });
  }
});

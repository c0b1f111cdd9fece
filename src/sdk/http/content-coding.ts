/**
 * Decompression, done here so that every version of Node understands the same codings: those that we
 * ask for. A proxy may send others, or name one twice; then the answer says so instead of being garbage.
 */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { RetriableError, StreamError } from '../errors.js';

/** The value of Accept-Encoding: what `decode` understands. */
export const acceptEncoding = 'gzip, deflate, br';

type Decoder = (body: Buffer) => Promise<Buffer>;
const zlib: Decoder = promisify(inflate);
const raw: Decoder = promisify(inflateRaw);
const gzip: Decoder = promisify(gunzip);
const brotli: Decoder = promisify(brotliDecompress);

const decoders: Readonly<Record<string, Decoder>> = {
  gzip,
  'x-gzip': gzip,
  br: brotli,
  deflate: (body) => ((body[0] ?? 0) % 16 === 8 ? zlib(body) : raw(body)), // some servers leave out the zlib header
};

const noCoding = new Set(['', 'identity']);
const mostCodings = 3;

/**
 * The body without its codings (the value of Content-Encoding). @throws StreamError for a coding that we did not ask
 * for, RetriableError for a body that is not what the header says.
 */
export async function decode(body: Buffer, contentEncoding = '', where: string): Promise<Buffer> {
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => !noCoding.has(name));
  if (body.length === 0 || codings.length === 0) return body;
  const unknown = codings.find((name) => !Object.hasOwn(decoders, name));
  if (unknown !== undefined || codings.length > mostCodings)
    throw new StreamError(
      `${where} answered in a content coding that was not asked for (${codings.join(', ').slice(0, 50)}; asked ` +
        `for: ${acceptEncoding}). Check the proxy or gateway in front of the server.`,
      { code: 'ERR_CONTENT_CODING' },
    );
  let decoded = body;
  for (const [index, name] of codings.reverse().entries()) {
    if (name === codings[index - 1] && !isGzip(decoded)) continue; // the header was only repeated
    decoded = await decodeOne(decoded, name, where);
  }
  return decoded;
}

async function decodeOne(body: Buffer, name: string, where: string): Promise<Buffer> {
  try {
    return (await decoders[name]?.(body)) ?? body;
  } catch {
    throw new RetriableError(`${where} answered with a body that is not valid ${name} (${body.length} bytes)`, {
      code: 'ERR_CONTENT_CODING',
    });
  }
}

const isGzip = (body: Buffer): boolean => body[0] === 0x1f && body[1] === 0x8b;

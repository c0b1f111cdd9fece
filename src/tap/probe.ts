/** A request whose refusal is an answer too: for questions about the server itself. */
import { type Headers, type HttpClient, FatalError, StoppedError, messageOf, readJson } from '../sdk/index.js';

/** What a request brought: a value, or why there is none. */
export type Probe =
  | { readonly value: unknown; readonly headers: Headers; readonly failure?: undefined }
  | { readonly failure: { readonly status: number | undefined; readonly message: string } };

/** Asks at a path below the base address, three times at most. @throws FatalError, StoppedError. */
export async function probe(
  client: Pick<HttpClient, 'get'>,
  baseUrl: URL,
  path: string,
  {
    route = `/${path}`,
    params = {},
  }: { route?: string; params?: Readonly<Record<string, string | readonly string[]>> } = {},
): Promise<Probe> {
  const url = new URL(path, baseUrl);
  for (const [name, values] of Object.entries(params))
    for (const value of [values].flat()) url.searchParams.append(name, value);
  try {
    return await client.get({ route, url, patience: 'short' }, (response) => ({
      value: readJson(response),
      headers: response.headers,
    }));
  } catch (error) {
    if (error instanceof FatalError || error instanceof StoppedError) throw error;
    return { failure: { status: statusIn(error), message: messageOf(error) } };
  }
}

function statusIn(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
}

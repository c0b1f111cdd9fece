/** A plain HTTP client for the tests of the demo: it knows Link headers and nothing of the tap. */
import type { Demo } from '../../demo/index.js';

export type Row = Record<string, unknown>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, or undefined. */
  readonly json: unknown;
  readonly rows: Row[];
  readonly links: Record<string, { url: string; results: string | undefined; cursor: string | undefined }>;
}

export async function get(demo: Demo, path: string, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(new URL(path, demo.url), {
    redirect: 'manual',
    headers: { authorization: `Bearer ${demo.token}`, ...headers },
  });
  const text = await response.text();
  const json = parsed(text);
  return {
    status: response.status,
    headers: response.headers,
    text,
    json,
    rows: Array.isArray(json) ? (json as Row[]) : [],
    links: linksOf(response.headers.get('link') ?? ''),
  };
}

/** All rows of a list, following cursors until results="false". */
export async function all(demo: Demo, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor = ''; ; ) {
    const reply = await get(
      demo,
      `${path}${cursor && `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`}`,
    );
    if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${reply.text}`);
    rows.push(...reply.rows);
    const { next } = reply.links;
    if (next?.results !== 'true' || next.cursor === cursor) return rows;
    cursor = next.cursor ?? '';
  }
}

export function org(demo: Demo, path: string): string {
  return `organizations/${demo.organization}/${path}`;
}

export function project(demo: Demo, id: string, path = ''): string {
  return `projects/${demo.organization}/${id}/${path}`;
}

export async function control(demo: Demo, method: string, path: string, body?: unknown): Promise<Row> {
  const response = await fetch(`${demo.origin}/_demo/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Row;
}

export function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function linksOf(header: string): Reply['links'] {
  const links: Reply['links'] = {};
  for (const [, url = '', rest = ''] of header.matchAll(/<([^>]*)>([^<]*)/g)) {
    const value = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(rest)?.[1];
    links[value('rel') ?? ''] = { url, results: value('results'), cursor: value('cursor') };
  }
  return links;
}

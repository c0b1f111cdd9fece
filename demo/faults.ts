/**
 * Things that go wrong on demand: wrong statuses, pages that are not JSON, broken connections, paging
 * that lies. Which requests are hit is decided by count or by the seed, never by real chance.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { bytes, type Answer } from './answer.js';
import { mix } from './random.js';

export const faultKinds = [
  'status',
  'htmlError',
  'loginPage',
  'reset',
  'truncate',
  'slowBody',
  'badJson',
  'emptyPageWithNext',
  'repeatCursor',
  'noLink',
  'malformedLink',
  'brokenGzip',
  'redirect',
  'brownout410',
  'unauthorized',
  'permanent400',
  'retryable400',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultSpec {
  readonly kind: FaultKind;
  /** A route's name or template, or a pattern for path and query; every request when absent. */
  readonly match?: string | RegExp;
  readonly status?: number;
  /** The body to send with `status`: JSON, or text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where `redirect` points. */
  readonly url?: string;
  /** How long `slowBody` takes. */
  readonly ms?: number;
  /** Let so many matching requests pass first. */
  readonly after?: number;
  /** Play it so many times, then never again. */
  readonly times?: number;
  /** Play it on every n-th matching request. */
  readonly every?: number;
  /** Play it with this probability, by the seed. */
  readonly probability?: number;
}

export interface Fault extends FaultSpec {
  readonly id: number;
  seen: number;
  played: number;
}

interface Target {
  readonly name: string;
  readonly template: string;
  readonly pathAndQuery: string;
}

export class Faults {
  list: Fault[] = [];
  private lastId = 0;

  constructor(private readonly seed: number) {}

  add(spec: FaultSpec): Fault {
    if (!faultKinds.includes(spec.kind))
      throw new RangeError(`no fault is called ${spec.kind}; known: ${faultKinds.join(', ')}`);
    const fault = { ...spec, id: ++this.lastId, seen: 0, played: 0 };
    this.list.push(fault);
    return fault;
  }

  clear(): void {
    this.list = [];
  }

  /** The fault to play on this request, if any; asking counts. */
  next(target: Target): Fault | undefined {
    let chosen: Fault | undefined;
    for (const fault of this.list) {
      if (!matches(fault.match, target)) continue;
      // Put before a first page it loses no rows: its successor is that page again.
      if (fault.kind === 'emptyPageWithNext' && target.pathAndQuery.includes('cursor=')) continue;
      fault.seen += 1;
      if (chosen || fault.seen <= (fault.after ?? 0) || fault.played >= (fault.times ?? Infinity)) continue;
      if (fault.every !== undefined && fault.seen % fault.every !== 0) continue;
      if (fault.probability !== undefined && mix(this.seed, fault.id, fault.seen) / 4294967296 >= fault.probability)
        continue;
      fault.played += 1;
      chosen = fault;
    }
    return chosen;
  }
}

function matches(match: string | RegExp | undefined, { name, template, pathAndQuery }: Target): boolean {
  if (match === undefined) return true;
  return match instanceof RegExp ? match.test(pathAndQuery) : match === name || match === template;
}

const html = (title: string): string =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
const page = (status: number, body: string, type: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'Content-Type': type, ...headers },
  body: [Buffer.from(body)],
  rows: 0,
});
const refusal = (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  page(status, JSON.stringify(body), 'application/json', headers);

/** The answer a fault gives instead of, or made from, the true one. */
export function spoil(fault: Fault, truth: () => Answer): Answer {
  switch (fault.kind) {
    case 'status': {
      const status = fault.status ?? 500;
      const body = fault.body ?? { detail: status >= 500 ? 'Internal Error' : 'Refused', errorId: 'f00d' };
      return typeof body === 'string'
        ? page(status, body, 'text/plain', { ...fault.headers })
        : refusal(status, body, { ...fault.headers });
    }
    case 'htmlError':
      return page(fault.status ?? 502, html('502 Bad Gateway'), 'text/html', { ...fault.headers });
    case 'loginPage':
      return page(200, html('Sign In | Sentry'), 'text/html; charset=utf-8');
    case 'brownout410':
      return refusal(
        410,
        { message: 'This API no longer exists.' },
        {
          'X-Sentry-Deprecation-Date': '2026-01-01T00:00:00+00:00',
          'X-Sentry-Replacement-Endpoint': '/api/0/organizations/{organization_id_or_slug}/issues/',
        },
      );
    case 'unauthorized':
      return refusal(401, { detail: 'Invalid token' });
    case 'permanent400':
      return refusal(400, fault.body ?? { detail: 'Error parsing search query' });
    case 'retryable400':
      return refusal(400, {
        detail:
          'Query timeout. Please try again. If the problem persists try a smaller date range or fewer projects. ' +
          "Also consider a filter on the transaction field if you're filtering performance data.",
      });
    case 'redirect':
      return page(fault.status ?? 302, '', 'text/html', { Location: fault.url ?? 'https://elsewhere.invalid/' });
    default:
      return spoilTruth(fault, truth());
  }
}

function spoilTruth(fault: Fault, answer: Answer): Answer {
  const { Link: link = '', ...others } = answer.headers;
  switch (fault.kind) {
    case 'badJson':
      return { ...answer, body: [firstPart(bytes(answer), 0.6)] };
    case 'emptyPageWithNext':
      return {
        ...answer,
        body: [Buffer.from('[]')],
        rows: 0,
        headers: { ...others, Link: renamed(link, '9999999999999:0:0') },
      };
    case 'noLink':
      return { ...answer, headers: others };
    case 'malformedLink':
      return { ...answer, headers: { ...others, Link: '<<not a link>; rel=next; results="true"; cursor="1:2' } };
    case 'repeatCursor':
      return { ...answer, headers: { ...others, Link: renamed(link, '1:0:0') } };
    case 'brokenGzip':
      return { ...answer, headers: { ...answer.headers, 'Content-Encoding': 'gzip' } };
    default:
      return answer;
  }
}

/** A Link header whose successor has another cursor. */
function renamed(link: string, cursor: string): string {
  const [previous = ''] = link.split(', <');
  const url = /<([^>]*?)&cursor=/.exec(link)?.[1] ?? '';
  return `${previous}, <${url}&cursor=${cursor}>; rel="next"; results="true"; cursor="${cursor}"`;
}

function firstPart(body: Buffer, fraction: number): Buffer {
  return body.subarray(0, Math.max(1, Math.floor(body.length * fraction)));
}

/** Sends an answer the way a fault wants it sent; false when it is to be sent as usual. */
export async function sendSpoiled(
  fault: Fault,
  response: ServerResponse,
  answer: Answer,
  headers: Record<string, string>,
): Promise<boolean> {
  if (fault.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return true;
  }
  const body = bytes(answer);
  const half = firstPart(body, 0.5);
  if (fault.kind === 'truncate') {
    response.writeHead(answer.status, { ...headers, 'Content-Length': String(body.length + 1) });
    response.write(half, () => response.socket?.destroySoon());
    return true;
  }
  if (fault.kind === 'slowBody') {
    response.writeHead(answer.status, { ...headers, 'Content-Length': String(body.length) });
    response.write(half);
    await sleep(fault.ms ?? 1000);
    response.end(body.subarray(half.length));
    return true;
  }
  return false;
}

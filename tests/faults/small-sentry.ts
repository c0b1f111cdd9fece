/** A Sentry of a few fixed bodies, byte by byte as a test writes them. */
import { type Loopback, loopback, sendJson } from '../support/loopback.js';

export interface Bodies {
  projects?: string;
  issues?: string;
  events?: string;
  [path: string]: string | undefined;
}

export const project = { id: '7', slug: 'web', name: 'Web', hasAccess: true };
export const token = 'sntryu_1234123412341234';

/** An event as it comes, with more fields written by hand. */
export const eventText = (id: string, more = ''): string =>
  `{"id":"${id}","eventID":"${id}","projectID":"7","groupID":"1","dateCreated":"2026-02-01T10:00:00Z",` +
  `"title":"x"${more ? `,${more}` : ''}}`;
export const issueText = (id: string, more = ''): string =>
  `{"id":"${id}","lastSeen":"2026-02-01T10:00:00Z","project":{"id":"7","slug":"web"},"lifetime":{}` +
  `${more ? `,${more}` : ''}}`;
export const eventId = (n: number): string => n.toString(16).padStart(32, '0');

export function smallSentry({
  projects = JSON.stringify([project]),
  issues = `[${issueText('1')}]`,
  events = '[]',
  ...others
}: Bodies): Promise<Loopback> {
  const bodies: [RegExp, string][] = [
    ...Object.entries(others).map(([path, body]): [RegExp, string] => [new RegExp(path), body ?? '[]']),
    [/^\/api\/0\/organizations\/acme\/$/, '{"id":"1","slug":"acme"}'],
    [/\/organizations\/acme\/projects\/$/, projects],
    [/\/organizations\/acme\/issues\/$/, issues],
    [/\/projects\/acme\/\w+\/events\/$/, events],
    [/\/projects\/acme\/\w+\/events\/[0-9a-f]{32}\/$/, '{"entries":[]}'],
    [/\/projects\/acme\/\w+\/$/, JSON.stringify(project)],
  ];
  return loopback(({ url }, response) => {
    const feedback = url.searchParams.get('query')?.includes('issue.category') === true;
    const body = feedback ? '[]' : (bodies.find(([path]) => path.test(url.pathname))?.[1] ?? '[]');
    sendJson(response, body, {
      headers: {
        date: 'Sun, 01 Mar 2026 12:00:00 GMT',
        link: '<http://x/>; rel="next"; results="false"; cursor="0:1:0"',
      },
    });
  });
}

export const configOf = (server: Loopback, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  api_token: token,
  organization: 'acme',
  base_url: server.url.href,
  start_date: '2026-01-01T00:00:00Z',
  retry_time: 0,
  ...more,
});

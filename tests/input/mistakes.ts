/** Mistakes that people make, and the very words that the command line answers them with. */
import type { DemoOptions } from '../../demo/index.js';
import { allScopes } from '../../demo/options.js';
import { strangerToken } from '../../demo/index.js';
import { streams } from '../../src/streams/index.js';
import { select } from '../support/compare.js';
import { readmeConfig } from './cases.js';

/** Servers that are no demo; see mistaken-servers.ts. */
export type Place = 'a log-in page' | 'a server that never answers' | 'an expired certificate' | 'a private authority';

/** What somebody did, as changes to a run that is right, and what is said to it. */
export interface Mistake {
  readonly did: string;
  /** Changed settings, or the text of the file. `{HOST}` stands for the server's host and port. */
  readonly config?: Readonly<Record<string, unknown>> | string;
  /** `{CERTIFICATE}` stands for the file of the server's certificate. */
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly catalog?: unknown;
  readonly state?: unknown;
  /** A demo of its own instead of the usual one. */
  readonly demo?: DemoOptions;
  readonly place?: Place;
  /** Ctrl-C once so many bytes have come. */
  readonly interrupt?: number;
  readonly code: number;
  /** Warnings and errors, the last one last. */
  readonly says: readonly string[];
}

const other = { bookmarks: { orders: { replication_key_value: '2026-01-01T00:00:00Z' } } };

export const mistakes: readonly Mistake[] = [
  {
    did: 'gave a wrong token',
    config: { api_token: 'sntryu_wrong0123456789abcdef' },
    code: 1,
    says: [
      'Sentry refuses the token: HTTP 401 (Invalid token). Check api_token ' +
        '(TAP_SENTRY_API_TOKEN): it may be mistyped, expired or revoked, or belong to another ' +
        'server than base_url names.',
    ],
  },
  {
    did: 'gave a token without any scope',
    demo: { scopes: [] },
    code: 1,
    says: [
      'The token may not read the organization "acme" (GET /api/0/organizations/acme/projects/ ' +
        'answered HTTP 403 (You do not have permission to perform this action.)). Give it the ' +
        'scopes org:read and project:read, or check organization (TAP_SENTRY_ORGANIZATION).',
    ],
  },
  {
    did: 'gave a token that lacks one scope',
    demo: { scopes: ['org:read', 'project:read', 'team:read', 'member:read'] },
    code: 1,
    says: [
      'issues: GET /api/0/projects/acme/4505281257007671/issues/ answered HTTP 403 (You do not ' +
        'have permission to perform this action.). order-events is left out; its bookmark stays. ' +
        'Further ones are counted.',
      'tap-sentry could not read everything: issues (the token lacks the scope event:read: ' +
        'give it that, or deselect issues). N rows of 8 streams in N requests. Bookmarks of what ' +
        'is missing stay, so the next run tries again.',
    ],
  },
  {
    did: 'gave the token of an organization, which is for releases',
    config: { api_token: 'sntrys_eyJpYXQiOjE3MDAwMDAwMDB9_abcdefgh' },
    code: 1,
    says: [
      'api_token (TAP_SENTRY_API_TOKEN) is an organization token (sntrys_…), which is for ' +
        'releases only. Use the token of an internal integration, or a personal one.',
      'Sentry refuses the token: HTTP 401 (Invalid token). Check api_token ' +
        '(TAP_SENTRY_API_TOKEN): it may be mistyped, expired or revoked, or belong to another ' +
        'server than base_url names.',
    ],
  },
  {
    did: 'gave the token of a person in another organization',
    config: { api_token: strangerToken },
    code: 1,
    says: [
      'The token may not read the organization "acme" (GET /api/0/organizations/acme/projects/ ' +
        'answered HTTP 403 (You do not have permission to perform this action.)). Give it the ' +
        'scopes org:read and project:read, or check organization (TAP_SENTRY_ORGANIZATION).',
    ],
  },
  {
    did: 'left the placeholder for the token',
    config: { api_token: 'YOUR_SENTRY_API_TOKEN' },
    code: 1,
    says: [
      'Nothing was read, because a setting is not right: api_token (TAP_SENTRY_API_TOKEN) is a ' +
        'placeholder, not a token; it should be an auth token of Sentry, made under Settings > ' +
        'Developer Settings or User settings > Auth Tokens.',
    ],
  },
  {
    did: 'left a variable that nobody replaced',
    config: { api_token: '$SENTRY_TOKEN' },
    code: 1,
    says: [
      'Nothing was read, because a setting is not right: api_token (TAP_SENTRY_API_TOKEN) is ' +
        'the name of a variable that nobody replaced; it should be an auth token of Sentry, made ' +
        'under Settings > Developer Settings or User settings > Auth Tokens.',
    ],
  },
  {
    did: 'gave no token',
    config: { api_token: undefined },
    code: 1,
    says: [
      'Nothing was read, because a setting is not right: api_token (TAP_SENTRY_API_TOKEN) is ' +
        'missing; it should be a text (Auth token of Sentry: of an internal integration, or a ' +
        'personal one, with org:read, project:read, team:read, member:read, event:read and ' +
        'project:releases).',
    ],
  },
  {
    did: 'misspelt the organization',
    config: { organization: 'acne' },
    code: 1,
    says: [
      'There is no organization "acne" at http://HOST that this token can see (GET ' +
        '/api/0/organizations/acne/projects/ answered HTTP 404 (The requested resource does not ' +
        'exist)). This token sees: acme. Did you mean "acme"? Check organization ' +
        '(TAP_SENTRY_ORGANIZATION) and base_url (TAP_SENTRY_BASE_URL); data of the European ' +
        'region is at https://de.sentry.io/.',
    ],
  },
  {
    did: 'gave the name of the organization, not its slug',
    config: { organization: 'My Company' },
    code: 1,
    says: [
      'Nothing was read, because a setting is not right: organization ' +
        '(TAP_SENTRY_ORGANIZATION) is "My Company"; it should be the slug alone: letters, ' +
        'digits, - and _, as in https://sentry.io/organizations/SLUG/ or https://SLUG.sentry.io/.',
    ],
  },
  {
    did: 'left the organization out',
    config: { organization: undefined },
    code: 1,
    says: [
      'organization is not set: "split-software" is used. Set it (TAP_SENTRY_ORGANIZATION) to ' + 'the slug of yours.',
      'There is no organization "split-software" at http://HOST that this token can see (GET ' +
        '/api/0/organizations/split-software/projects/ answered HTTP 404 (The requested resource ' +
        'does not exist)). This token sees: acme. Check organization (TAP_SENTRY_ORGANIZATION) ' +
        'and base_url (TAP_SENTRY_BASE_URL); data of the European region is at ' +
        'https://de.sentry.io/.',
    ],
  },
  {
    did: 'gave a start date that is still to come',
    config: { start_date: '2126-01-01' },
    code: 1,
    says: [
      'Nothing was read, because a setting is not right: start_date (TAP_SENTRY_START_DATE) is ' +
        '2126-01-01T00:00:00Z, which lies in the future (it is NOW). Set it to a date that has ' +
        'passed.',
    ],
  },
  {
    did: 'wrote the date as at home',
    config: { start_date: '31/12/2025' },
    code: 1,
    says: [
      'Nothing was read, because a setting is not right: start_date (TAP_SENTRY_START_DATE) is ' +
        '"31/12/2025"; it should be a date that exists, such as 2024-01-31, 2024-01-31T08:00:00 ' +
        '(read as UTC) or 2024-01-31T08:00:00+01:00.',
    ],
  },
  {
    did: 'kept the comments in the JSON',
    config: readmeConfig,
    code: 1,
    says: [
      'config.json: the configuration is not valid JSON at line 3, column 42. JSON has no ' +
        'comments: take the // … ones out.',
    ],
  },
  {
    did: 'named a proxy that does not run',
    env: { HTTP_PROXY: 'http://127.0.0.1:9' },
    code: 1,
    says: [
      'Cannot reach http://HOST: the proxy 127.0.0.1:9 that HTTP_PROXY names: connection ' +
        "refused. Check HTTP_PROXY; to go without a proxy, unset it or name the server's host in " +
        'NO_PROXY.',
    ],
  },
  {
    did: 'named a proxy without a scheme, of another kind',
    env: { HTTP_PROXY: 'socks5://127.0.0.1:9' },
    code: 1,
    says: [
      'HTTP_PROXY names a socks5 proxy; only http and https proxies work. Set it to an address ' +
        "such as http://proxy.example.com:3128, unset it, or name the server's host in NO_PROXY.",
    ],
  },
  {
    did: 'named a proxy without a scheme',
    env: { HTTP_PROXY: '127.0.0.1:9' },
    code: 1,
    says: [
      'Cannot reach http://HOST: the proxy 127.0.0.1:9 that HTTP_PROXY names: connection ' +
        "refused. Check HTTP_PROXY; to go without a proxy, unset it or name the server's host in " +
        'NO_PROXY.',
    ],
  },
  {
    did: 'misspelt the host, or set no proxy where one is needed',
    config: { base_url: 'https://sentry.invalid/' },
    code: 1,
    says: [
      'Cannot reach https://sentry.invalid: its name does not resolve. Check base_url (is the ' +
        'host spelt right?), and whether this machine needs a proxy (HTTPS_PROXY).',
    ],
  },
  {
    did: 'gave the wrong port',
    config: { base_url: 'http://127.0.0.1:9/' },
    code: 1,
    says: [
      'Cannot reach http://127.0.0.1:9: connection refused. Check base_url (is the server ' +
        'running, is the port right?).',
    ],
  },
  {
    did: 'spoke https with a server of http',
    config: { base_url: 'https://{HOST}/' },
    code: 1,
    says: [
      'Cannot speak https with https://HOST: this port does not speak it. Check base_url (is ' +
        'the port right, should it begin with http://?).',
    ],
  },
  {
    did: 'spoke http with a server of https',
    place: 'a private authority',
    config: { base_url: 'http://{HOST}/' },
    code: 1,
    says: [
      'http://HOST closed the connection before it answered GET /api/0/organizations/acme/ ' +
        '(ECONNRESET). Check base_url (is the port right, should it begin with https://?).',
    ],
  },
  {
    did: 'has a server whose certificate has expired',
    place: 'an expired certificate',
    config: { base_url: 'https://{HOST}/' },
    env: { NODE_EXTRA_CA_CERTS: '{CERTIFICATE}' },
    code: 1,
    says: ['Cannot trust https://HOST: its certificate has expired. Renew it, or check base_url.'],
  },
  {
    did: 'has a server with a certificate of a private authority',
    place: 'a private authority',
    config: { base_url: 'https://{HOST}/' },
    code: 1,
    says: [
      'Cannot trust https://HOST: it has a self-signed certificate. Check base_url; for a ' +
        'private certificate authority set NODE_EXTRA_CA_CERTS.',
    ],
  },
  {
    did: 'has a server behind a log-in page',
    place: 'a log-in page',
    code: 1,
    says: [
      'No Sentry answers at http://HOST/api/0/: GET /api/0/organizations/acme/ answered 200 ' +
        'with something that is not JSON (text/html): probably a log-in page or a proxy. Check ' +
        'base_url and the token.',
    ],
  },
  {
    did: 'has a server that takes connections and never answers',
    place: 'a server that never answers',
    config: { timeout: 1, retry_time: 0 },
    code: 1,
    says: [
      'http://HOST did not answer GET /api/0/organizations/acme/ within the timeout; given up ' +
        'after 1 try. Check base_url, and whether this machine needs a proxy (HTTPS_PROXY). ' +
        'Raise timeout if the server is that slow.',
    ],
  },
  {
    did: 'copied base_url from the browser',
    config: { base_url: 'http://{HOST}/organizations/acme/issues/?project=1' },
    code: 0,
    says: [],
  },
  {
    did: 'put the token into base_url',
    config: { base_url: 'https://sntryu_abc@sentry.io/' },
    code: 1,
    says: [
      'Nothing was read, because a setting is not right: base_url (TAP_SENTRY_BASE_URL) holds ' +
        'a user name or password; it should be the address alone (headers that a gateway wants ' +
        'go into the setting headers).',
    ],
  },
  {
    did: 'misspelt a project',
    config: { project_slugs: ['no-such-project'] },
    code: 1,
    says: [
      'project_slugs names "no-such-project", which is not among the projects: order-events, ' +
        'checkout-api, storefront',
      'tap-sentry could not read everything: projects (project_slugs names "no-such-project", ' +
        'which is not among the projects: order-events, checkout-api, storefront). N rows of 8 ' +
        'streams in N requests. Bookmarks of what is missing stay, so the next run tries again.',
    ],
  },
  {
    did: 'wrote a list in the environment that is no JSON',
    env: { TAP_SENTRY_PROJECT_SLUGS: '[web, api]' },
    args: ['--config', 'ENV'],
    code: 1,
    says: [
      'Nothing was read, because a setting is not right: project_slugs ' +
        '(TAP_SENTRY_PROJECT_SLUGS) is "[web, api]"; it should be a list, such as ["a", "b"].',
    ],
  },
  {
    did: 'has projects that the token may not read',
    demo: { inaccessibleProjects: 2 },
    code: 0,
    says: [
      'events: projects lists order-events, but the token has no access to it: give it access. ' +
        'order-events is left out; its bookmark stays. Further ones are counted.',
      'issues: projects lists order-events, but the token has no access to it: give it access. ' +
        'order-events is left out; its bookmark stays. Further ones are counted.',
      'project_detail: projects lists order-events, but the token has no access to it: give it ' +
        'access. order-events is left out; its bookmark stays. Further ones are counted.',
    ],
  },
  {
    did: 'has only projects that the token may not read',
    demo: { projects: 2, inaccessibleProjects: 2 },
    code: 1,
    says: [
      'events: projects lists checkout-api, but the token has no access to it: give it access. ' +
        'checkout-api is left out; its bookmark stays. Further ones are counted.',
      'issues: projects lists checkout-api, but the token has no access to it: give it access. ' +
        'checkout-api is left out; its bookmark stays. Further ones are counted.',
      'project_detail: projects lists checkout-api, but the token has no access to it: give it ' +
        'access. checkout-api is left out; its bookmark stays. Further ones are counted.',
      'tap-sentry could not read everything: events (the token has no access to any of 2: ' +
        'checkout-api, storefront); issues (the token has no access to any of 2: checkout-api, ' +
        'storefront); project_detail (the token has no access to any of 2: checkout-api, ' +
        'storefront). N rows of 8 streams in N requests. Bookmarks of what is missing stay, so ' +
        'the next run tries again.',
    ],
  },
  {
    did: 'wrote an issue_query that Sentry does not understand',
    config: { issue_query: 'is:nonsense (' },
    code: 1,
    says: [
      'order-events: GET /api/0/organizations/acme/issues/ answered HTTP 400 (Invalid value ' +
        "for \"is\" search, valid values are ['archived', 'assigned', 'ignored', 'resolved', " +
        "'unassigned', 'unresolved']). Check issue_query (TAP_SENTRY_ISSUE_QUERY), which is " +
        '"is:nonsense ("',
      'issues: further failures are counted.',
      'tap-sentry could not read everything: issues (order-events: GET ' +
        '/api/0/organizations/acme/issues/ answered HTTP 400 (Invalid value for "is" search, ' +
        "valid values are ['archived', 'assigned', 'ignored', 'resolved', 'unassigned', " +
        '\'unresolved\']). Check issue_query (TAP_SENTRY_ISSUE_QUERY), which is "is:nonsense ("). ' +
        'N rows of 8 streams in N requests. Bookmarks of what is missing stay, so the next run ' +
        'tries again.',
    ],
  },
  {
    did: 'misspelt a setting',
    config: { page_sise: 10 },
    code: 0,
    says: ['page_sise is not a setting of tap-sentry, and has no effect. Did you mean page_size?'],
  },
  {
    did: 'misspelt an option',
    args: ['--discovery'],
    code: 2,
    says: ["No such option '--discovery'. Did you mean '--discover'? 'tap-sentry --help' lists the " + 'options.'],
  },
  {
    did: 'gave the state of another tap',
    state: other,
    code: 0,
    says: [
      'The state has bookmarks of orders and of no stream of this tap. Is it the state of ' +
        'another one? Everything is read from the start date on.',
    ],
  },
  {
    did: 'gave a state with a date that is none',
    state: { bookmarks: { issues: { start: 'soon' } } },
    code: 1,
    says: [
      'The state\'s bookmarks.issues.start is not a date such as 2026-01-31T00:00:00Z: "soon". ' +
        'Mend it, or clear the state to read everything again.',
    ],
  },
  {
    did: 'gave a bookmark of the future',
    state: { bookmarks: { events: { start: '2099-01-01T00:00:00Z' } } },
    code: 0,
    says: ['events: the bookmark 2099-01-01T00:00:00Z lies in the future. NOW is used instead.'],
  },
  {
    did: 'gave the catalog of another tap',
    catalog: select('orders'),
    code: 0,
    says: [
      'The catalog names a stream that this tap does not have: orders. It is ignored; ' +
        '--discover lists the streams.',
      'No stream is selected: nothing will be read. Select some in the catalog, with Meltano ' + 'by `select`.',
    ],
  },
  {
    did: 'selected everything',
    demo: { projects: 1, issues: 2, events: 4, scopes: [...allScopes, 'org:write', 'project:write'] },
    catalog: select(...streams.map(({ name }) => name)),
    code: 0,
    says: [
      'All 76 streams are selected. event_detail costs one request per event, issue_detail and ' +
        'issue_events one per issue: at 40 requests a second, 100,000 events take about 42 ' +
        'minutes, at 5 a second 10,000 issues 33 minutes. If that is not meant (meltano add ' +
        '--from-ref drops the selection), put this into meltano.yml: select: [events.*, ' +
        'issues.*, project_detail.*, projects.*, release.*, releases.*, teams.*, users.*]',
      'tag_keys names no tag, so that there are no rows of issue_tag_values and ' + 'project_tag_values.',
    ],
  },
  {
    did: 'selected nothing',
    catalog: { streams: [{ tap_stream_id: 'issues', metadata: [{ breadcrumb: [], metadata: { selected: false } }] }] },
    code: 0,
    says: ['No stream is selected: nothing will be read. Select some in the catalog, with Meltano ' + 'by `select`.'],
  },
  {
    did: 'pressed Ctrl-C',
    interrupt: 1,
    code: 130,
    says: [
      'Stopped by SIGINT. The next run goes on from the last STATE that the target passed on; ' +
        'some targets pass it on only at their end.',
    ],
  },
];

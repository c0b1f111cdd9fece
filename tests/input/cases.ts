/** Input that is wrong, and the sentence that it is answered with. */
export interface WrongInput {
  /** What kind of mistake it is. */
  kind: string;
  /** Changes to a configuration that is right; `text`: the file itself. */
  config?: Record<string, unknown> | { text: string };
  catalog?: string;
  state?: string;
  args?: string[];
  says: RegExp;
  code?: number;
}

const own = (streams: unknown): string => JSON.stringify({ streams });
const entry = (more: object): string => own([{ tap_stream_id: 'issues', ...more }]);
const bookmarks = (value: unknown): string => JSON.stringify({ bookmarks: value });

/** The configuration of the tap's README, comments and all. */
export const readmeConfig = `{
  "api_token": "YOUR_SENTRY_API_TOKEN",
  "start_date": "2020-01-01T00:00:00Z",  // date to start syncing from
  "base_url": "https://sentry.io/api/0/",  // optional, default shown
  "organization": "your-organization-slug"  // optional, defaults to "split-software"
}
`;

export const wrongInputs: WrongInput[] = [
  // The configuration as a file
  {
    kind: 'comments in JSON',
    config: { text: readmeConfig },
    says: new RegExp(
      String.raw`config\.json: the configuration is not valid JSON at line 3, column \d+\. JSON has no ` +
        'comments: take the // … ones out',
    ),
  },
  {
    kind: 'comments in JSON',
    config: { text: '/* mine */ {}' },
    says: /not valid JSON at line 1, column 1\. JSON has no comments/,
  },
  { kind: 'JSON with an error', config: { text: '{"api_token": "abc",}' }, says: /not valid JSON at line 1/ },
  { kind: 'JSON with an error', config: { text: "{'api_token': 'abc'}" }, says: /not valid JSON at line 1, column 2/ },
  {
    kind: 'JSON with an error',
    config: { text: '{"api_token": "abc"\n "start_date": "2020-01-01"}' },
    says: /not valid JSON at line 2/,
  },
  { kind: 'JSON that breaks off', config: { text: '{"api_token": "abc"' }, says: /not valid JSON/ },
  { kind: 'empty file', config: { text: '' }, says: /config\.json.*(?:empty|not valid JSON)/ },
  { kind: 'YAML', config: { text: 'api_token: abc\nstart_date: 2020-01-01\n' }, says: /not valid JSON at line 1/ },
  { kind: 'not an object', config: { text: '[]' }, says: /should be an object \{…\} of settings/ },
  { kind: 'not an object', config: { text: '"abc"' }, says: /should be an object \{…\} of settings/ },
  { kind: 'not an object', config: { text: 'null' }, says: /should be an object \{…\} of settings/ },
  {
    kind: 'no such file',
    args: ['--config', 'nowhere.json'],
    says: /Invalid value for '--config': 'nowhere\.json': No such file/,
    code: 2,
  },
  { kind: 'a directory', args: ['--config', '.'], says: /'\.' is a directory, a file is expected/, code: 2 },
  // What is missing
  { kind: 'missing setting', config: { api_token: undefined }, says: /api_token \(TAP_SENTRY_API_TOKEN\) is missing/ },
  { kind: 'missing setting', config: { api_token: '' }, says: /api_token \(TAP_SENTRY_API_TOKEN\) is missing/ },
  { kind: 'missing setting', config: { api_token: null }, says: /api_token \(TAP_SENTRY_API_TOKEN\) is missing/ },
  {
    kind: 'missing setting',
    config: { start_date: undefined },
    says: /start_date \(TAP_SENTRY_START_DATE\) is missing; it should be a date/,
  },
  {
    kind: 'missing setting',
    config: { api_token: undefined, start_date: undefined },
    says: /2 settings are not right \(above\)\. The first: api_token/,
  },
  { kind: 'missing setting', config: { api_token: undefined, token: 'abc' }, says: /api_token/ },
  // The token
  {
    kind: 'placeholder token',
    config: { api_token: 'YOUR_SENTRY_API_TOKEN' },
    says: /api_token \(TAP_SENTRY_API_TOKEN\) is a placeholder, not a token/,
  },
  { kind: 'placeholder token', config: { api_token: '<token>' }, says: /is a placeholder/ },
  { kind: 'placeholder token', config: { api_token: 'xxxxxxxx' }, says: /is a placeholder/ },
  {
    kind: 'variable that nobody replaced',
    config: { api_token: '$SENTRY_TOKEN' },
    says: /is the name of a variable that nobody replaced/,
  },
  {
    kind: 'variable that nobody replaced',
    config: { api_token: '${SENTRY_TOKEN}' },
    says: /is the name of a variable that nobody replaced/,
  },
  {
    kind: 'token with other signs',
    config: { api_token: 'abc def ghi' },
    says: /has white space or a line break inside/,
  },
  {
    kind: 'token with other signs',
    config: { api_token: 'sntryu_abc\nX-Other: 1' },
    says: /has white space or a line break inside/,
  },
  {
    kind: 'token with other signs',
    config: { api_token: '"sntryu_abc"' },
    says: /is in quotes that are part of the value/,
  },
  { kind: 'token with other signs', config: { api_token: 'sntryu_abcdé' }, says: /has characters that no token has/ },
  { kind: 'token with other signs', config: { api_token: 'Bearer ' }, says: /is empty|is missing/ },
  { kind: 'wrong type', config: { api_token: 12345678 }, says: /api_token.* is a number \(not shown: it is secret\)/ },
  {
    kind: 'wrong type',
    config: { api_token: { value: 'abc' } },
    says: /api_token.* is an object \(not shown: it is secret\)/,
  },
  { kind: 'wrong type', config: { api_token: ['abc'] }, says: /api_token.* is a list \(not shown: it is secret\)/ },
  // Dates
  ...['yesterday', '2020-13-01', '2020-02-30', '31/12/2020', '2020-01-01T25:00:00Z', '2020', '0000-01-01'].map(
    (start_date) => ({
      kind: 'date that is none',
      config: { start_date },
      says: new RegExp(`start_date \\(TAP_SENTRY_START_DATE\\) is "${start_date}"; it should be a date that exists`),
    }),
  ),
  { kind: 'wrong type', config: { start_date: 20200101 }, says: /start_date.* is 20200101; it should be a date/ },
  {
    kind: 'date that is none',
    config: { end_date: 'tomorrow' },
    says: /end_date \(TAP_SENTRY_END_DATE\) is "tomorrow"; it should be a date/,
  },
  {
    kind: 'range that ends before it begins',
    config: { start_date: '2026-01-01', end_date: '2025-01-01' },
    says: /end_date .* should be later than start_date/,
  },
  {
    kind: 'range that ends before it begins',
    config: { start_date: '2026-01-01', end_date: '2026-01-01' },
    says: /end_date .* should be later than start_date/,
  },
  // Where the server is
  {
    kind: 'address that is none',
    config: { base_url: 'ftp://sentry.io/' },
    says: /base_url \(TAP_SENTRY_BASE_URL\) should start with https:\/\//,
  },
  { kind: 'address that is none', config: { base_url: 'https://sentry .io/' }, says: /base_url .* is not an address/ },
  { kind: 'address that is none', config: { base_url: 'https://' }, says: /base_url .* is not an address/ },
  {
    kind: 'address that is none',
    config: { base_url: 'https://exa_mple:port/' },
    says: /base_url .* is not an address/,
  },
  {
    kind: 'secret in an address',
    config: { base_url: 'https://me:hunter22@sentry.example/' },
    says: /base_url .* holds a user name or password/,
  },
  {
    kind: 'variable that nobody replaced',
    config: { base_url: 'https://$HOST/' },
    says: /base_url .*(?:holds a variable that nobody replaced|is not an address)/,
  },
  { kind: 'wrong type', config: { base_url: 443 }, says: /base_url .* is 443/ },
  // The organization and its projects
  {
    kind: 'token in the wrong place',
    config: { organization: 'sntryu_0123456789' },
    says: /organization .* looks like a token/,
  },
  {
    kind: 'placeholder',
    config: { organization: 'your-organization-slug' },
    says: /organization .* is the README's placeholder/,
  },
  {
    kind: 'slug that is none',
    config: { organization: 'My Company' },
    says: /organization .* is "My Company"; it should be the slug alone/,
  },
  { kind: 'slug that is none', config: { organization: 'acme/web' }, says: /organization .* is "acme\/web"/ },
  { kind: 'slug that is none', config: { organization: '../teams' }, says: /organization .* is "\.\.\/teams"/ },
  { kind: 'wrong type', config: { organization: 42 }, says: /organization .* is 42/ },
  { kind: 'wrong type', config: { project_slugs: 'web' }, says: /project_slugs .* is "web"; it should be a list/ },
  { kind: 'wrong type', config: { project_slugs: [1, 2] }, says: /project_slugs\[0\].* is 1/ },
  {
    kind: 'text cut into letters',
    config: { project_slugs: ['w', 'e', 'b'] },
    says: /Meltano cuts other texts into letters/,
  },
  { kind: 'slug that is none', config: { project_slugs: ['web,api'] }, says: /"web,api" is none/ },
  { kind: 'slug that is none', config: { project_slugs: ['../../teams'] }, says: /"\.\.\/\.\.\/teams" is none/ },
  // Numbers
  ...[0, 101, -1, 1.5].map((page_size) => ({
    kind: 'number out of range',
    config: { page_size },
    says: new RegExp(`page_size \\(TAP_SENTRY_PAGE_SIZE\\) is ${page_size}; it should be a whole number from 1 to 100`),
  })),
  { kind: 'wrong type', config: { page_size: 'many' }, says: /page_size .* is "many"; it should be a whole number/ },
  { kind: 'wrong type', config: { page_size: true }, says: /page_size .* is true/ },
  ...[0, 51, 2.5].map((concurrency) => ({
    kind: 'number out of range',
    config: { concurrency },
    says: new RegExp(`concurrency .* is ${concurrency}; it should be a whole number from 1 to 50`),
  })),
  ...[0, -5].map((timeout) => ({
    kind: 'number out of range',
    config: { timeout },
    says: new RegExp(`timeout .* is ${timeout}; it should be a whole number of at least 1`),
  })),
  {
    kind: 'number out of range',
    config: { retry_time: -1 },
    says: /retry_time .* is -1; it should be a whole number of at least 0/,
  },
  ...[0, -1].map((rate_limit) => ({
    kind: 'number out of range',
    config: { rate_limit },
    says: new RegExp(`rate_limit .* is ${rate_limit}; it should be a number greater than 0`),
  })),
  { kind: 'wrong type', config: { rate_limit: 'fast' }, says: /rate_limit .* is "fast"; it should be a number/ },
  ...[-0.1, 1.1].map((sample_fraction) => ({
    kind: 'number out of range',
    config: { sample_fraction },
    says: new RegExp(`sample_fraction .* is ${sample_fraction}; it should be a number from 0 to 1`),
  })),
  {
    kind: 'number out of range',
    config: { max_events_per_project: 0 },
    says: /max_events_per_project .* is 0; it should be a whole number of at least 1/,
  },
  {
    kind: 'number out of range',
    config: { max_events_per_issue: 1.5 },
    says: /max_events_per_issue .* is 1\.5; it should be a whole number/,
  },
  // Batches
  {
    kind: 'folder of another machine',
    config: { batch_config: { storage: { root: 's3://bucket/batches' } } },
    says: /batch_config\.storage\.root .* is "s3:\/\/bucket\/batches"; it should be a folder, such as file:\/\/\/var/,
  },
  {
    kind: 'missing setting',
    config: { batch_config: { storage: {} } },
    says: /batch_config\.storage\.root .* is missing; it should be a folder/,
  },
  {
    kind: 'form that nobody writes',
    config: { batch_config: { encoding: { format: 'parquet' }, storage: { root: 'batches' } } },
    says: /batch_config\.encoding\.format .* is "parquet"; it should be "jsonl"/,
  },
  // Yes or no, durations, the rest
  {
    kind: 'neither yes nor no',
    config: { fetch_event_details: 'yes please' },
    says: /fetch_event_details .* is "yes please"; it should be true or false/,
  },
  {
    kind: 'neither yes nor no',
    config: { emit_activate_version_messages: 'maybe' },
    says: /emit_activate_version_messages .* is "maybe"; it should be true or false/,
  },
  ...['1h', '-PT1H', 'PT', 'P1M', 'an hour'].map((lookback) => ({
    kind: 'duration that is none',
    config: { lookback },
    says: new RegExp(`lookback .* is "${lookback}"; it should be an ISO 8601 duration`),
  })),
  { kind: 'wrong type', config: { lookback: 3600 }, says: /lookback .* is 3600; it should be an ISO 8601 duration/ },
  {
    kind: 'duration that is none',
    config: { issues_full_refresh_interval: 'daily' },
    says: /issues_full_refresh_interval .* is "daily"/,
  },
  {
    kind: 'wrong type',
    config: { issue_query: ['is:unresolved'] },
    says: /issue_query .* is \["is:unresolved"\]; it should be a text/,
  },
  { kind: 'wrong type', config: { headers: ['X-Key: 1'] }, says: /headers .* is a list \(not shown: it is secret\)/ },
  {
    kind: 'header that is none',
    config: { headers: { 'X Key': '1' } },
    says: /headers\.X Key .* should have names of HTTP headers/,
  },
  {
    kind: 'header that is none',
    config: { headers: { 'X-Key': 'a\r\nX-Other: b' } },
    says: /headers\.X-Key .* should have values without line breaks/,
  },
  {
    kind: "header that is the tap's",
    config: { headers: { Authorization: 'Bearer other' } },
    says: /headers\.Authorization .* should not have Authorization: the tap sets that one itself/,
  },
  {
    kind: 'header that is none',
    config: { user_agent: 'me\nX-Other: 1' },
    says: /user_agent .* it should be plain letters/,
  },
  // The catalog
  {
    kind: 'catalog that is no JSON',
    catalog: 'streams:',
    says: /catalog\.json: the catalog is not valid JSON at line 1/,
  },
  { kind: 'catalog that is no JSON', catalog: '', says: /catalog\.json: the catalog is (?:not valid JSON|empty)/ },
  ...['[]', '{}', '{"streams": {}}', '"x"', 'null'].map((catalog) => ({
    kind: 'not a catalog',
    catalog,
    says: /catalog\.json: this is no catalog: an object with a list "streams" is expected\. Make one with --discover/,
  })),
  { kind: 'catalog entry', catalog: own(['issues']), says: /catalog\.json: streams\[0\]: an object is expected/ },
  { kind: 'catalog entry', catalog: own([{ schema: {} }]), says: /streams\[0\]: "tap_stream_id" is missing/ },
  { kind: 'catalog entry', catalog: own([{ tap_stream_id: 7 }]), says: /streams\[0\]: "tap_stream_id" is missing/ },
  {
    kind: 'catalog entry',
    catalog: entry({ schema: 'object' }),
    says: /streams\[0\] \(issues\): "schema" is not an object/,
  },
  {
    kind: 'catalog entry',
    catalog: entry({ key_properties: 'id' }),
    says: /streams\[0\] \(issues\): "key_properties" is not a list of names/,
  },
  { kind: 'catalog metadata', catalog: entry({ metadata: {} }), says: /"metadata" is not a list/ },
  {
    kind: 'catalog metadata',
    catalog: entry({ metadata: [{ breadcrumb: 'properties', metadata: {} }] }),
    says: /metadata\[0\] needs a list "breadcrumb" and an object "metadata"/,
  },
  { kind: 'catalog metadata', catalog: entry({ metadata: [{ breadcrumb: [] }] }), says: /metadata\[0\] needs/ },
  {
    kind: 'no such file',
    args: ['--catalog', 'nowhere.json'],
    says: /Invalid value for '--catalog': 'nowhere\.json': No such file/,
    code: 2,
  },
  // The state
  { kind: 'state that is no JSON', state: 'bookmarks', says: /state\.json: the state is not valid JSON/ },
  ...['[]', '"x"', '7', 'true'].map((state) => ({
    kind: 'not a state',
    state,
    says: new RegExp(
      String.raw`state\.json: this is no state: an object such as \{"bookmarks": \{…\}\} is expected\. Leave ` +
        '--state out to read everything',
    ),
  })),
  {
    kind: 'not a state',
    state: '{"type":"RECORD","stream":"issues","record":{}}\n{"type":"RECORD","stream":"issues","record":{}}',
    says: /this is the output of a tap, and has no STATE message/,
  },
  { kind: 'bookmarks', state: bookmarks([]), says: /The state's "bookmarks" is not an object/ },
  { kind: 'bookmarks', state: bookmarks('2020-01-01'), says: /The state's "bookmarks" is not an object/ },
  {
    kind: 'bookmark',
    state: bookmarks({ issues: '2020-01-01T00:00:00Z' }),
    says: /bookmarks\.issues is not an object/,
  },
  {
    kind: 'bookmark',
    state: bookmarks({ issues: ['2020-01-01T00:00:00Z'] }),
    says: /bookmarks\.issues is not an object/,
  },
  {
    kind: 'bookmark',
    state: bookmarks({ issues: { start: 'soon' } }),
    says: new RegExp(
      String.raw`bookmarks\.issues\.start is not a date such as .*: "soon"\. Mend it, or clear the state to ` +
        'read everything again',
    ),
  },
  {
    kind: 'bookmark',
    state: bookmarks({ events: { start: 1700000000 } }),
    says: /bookmarks\.events\.start is not a date.*: 1700000000/,
  },
  {
    kind: 'bookmark',
    state: bookmarks({ events: { start: '2020-02-30T00:00:00Z' } }),
    says: /bookmarks\.events\.start is not a date.*2020-02-30/,
  },
  {
    kind: 'bookmark',
    state: bookmarks({ issues: { start: '2020-01-01T00:00:00Z', full_pass: 'once' } }),
    says: /bookmarks\.issues\.full_pass is not a date/,
  },
  {
    kind: 'bookmark',
    state: bookmarks({ issues: { replication_key_value: 'x' } }),
    says: /bookmarks\.issues\.replication_key_value is not a date/,
  },
  {
    kind: 'partitions',
    state: bookmarks({ events: { partitions: {} } }),
    says: /bookmarks\.events\.partitions is not a list/,
  },
  {
    kind: 'partitions',
    state: bookmarks({ events: { partitions: ['7'] } }),
    says: /bookmarks\.events\.partitions\[0\] has no object "context"/,
  },
  {
    kind: 'partitions',
    state: bookmarks({ events: { partitions: [{ start: '2020-01-01' }] } }),
    says: /partitions\[0\] has no object "context"/,
  },
  {
    kind: 'partitions',
    state: bookmarks({ events: { partitions: [{ context: { project_id: 7 } }, { context: { project_id: '7' } }] } }),
    says: /partitions\[1\] repeats the context/,
  },
  {
    kind: 'pieces that are done',
    state: bookmarks({ events: { done: 'all' } }),
    says: /bookmarks\.events\.done is not a list/,
  },
  {
    kind: 'pieces that are done',
    state: bookmarks({ events: { done: [['2020-01-01']] } }),
    says: /bookmarks\.events\.done\[0\] is not a pair of dates/,
  },
  {
    kind: 'no such file',
    args: ['--state', 'nowhere.json'],
    says: /Invalid value for '--state': 'nowhere\.json': No such file/,
    code: 2,
  },
  // The command line
  {
    kind: 'unknown option',
    args: ['--discovery'],
    says: /No such option '--discovery'\. Did you mean '--discover'\?/,
    code: 2,
  },
  { kind: 'unknown option', args: ['--full-refresh'], says: /No such option '--full-refresh'/, code: 2 },
  { kind: 'unknown option', args: ['-x'], says: /No such option '-x'/, code: 2 },
  {
    kind: 'unknown option',
    args: ['--stat', 'x.json'],
    says: /No such option '--stat'\. Did you mean '--state'\?/,
    code: 2,
  },
  { kind: 'extra argument', args: ['run'], says: /Got unexpected extra argument \(run\)/, code: 2 },
  { kind: 'option without its value', args: ['--config'], says: /Option '--config' requires an argument/, code: 2 },
  { kind: 'option without its value', args: ['--state='], says: /Option '--state' requires an argument/, code: 2 },
  { kind: 'option without its value', args: ['--catalog='], says: /Option '--catalog' requires an argument/, code: 2 },
  {
    kind: 'choice that is none',
    args: ['--test=some'],
    says: /Invalid value for '--test': 'some' is not one of 'all', 'schema'/,
    code: 2,
  },
  {
    kind: 'choice that is none',
    args: ['--about', '--format=xml'],
    says: /Invalid value for '--format': 'xml' is not one of 'json', 'markdown'/,
    code: 2,
  },
];

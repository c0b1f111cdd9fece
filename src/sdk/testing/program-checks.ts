/** Checks of a tap as a command: its options, its catalog, the order of its messages, its secrets. */
import { describeSettings } from '../cli/settings.js';
import { isRecord } from '../json/objects.js';
import { type Check, expectNone } from './check.js';
import { type Message, messagesIn } from './output.js';
import type { EndedRun } from './run-tap.js';
import type { Subject } from './subject.js';

export const programChecks = (subject: Subject): Check[] => [
  { name: 'prints its version, its help and what it is about', run: () => printsItself(subject) },
  {
    name: 'refuses an unknown option and an unreadable state, and prints nothing',
    run: () => refusesNonsense(subject),
  },
  { name: 'takes the catalog that it has discovered', run: () => takesItsCatalog(subject) },
  { name: 'tests its connection with at most one record of each stream', run: () => testsItsConnection(subject) },
  {
    name: 'writes each SCHEMA before what belongs to it, and nothing but messages',
    run: () => ordersMessages(subject),
  },
  { name: 'ends with a state that is no half-finished one', run: () => endsWithState(subject) },
  { name: 'shows no secret', run: () => showsNoSecret(subject) },
];

async function printsItself(subject: Subject): Promise<void> {
  const { name, version } = subject.tap;
  const print = async (...args: string[]): Promise<string> => {
    const { code, stdout } = await subject.run({ args });
    return code === 0 ? stdout : '';
  };
  const about = await print('--about', '--format=json');
  const checked: readonly (readonly [isMet: boolean, problem: string])[] = [
    [(await print('--version')).includes(version), `--version does not say ${version}`],
    [(await print('--help')).includes('--discover'), '--help does not name --discover'],
    [(await print('--about')).includes(name), `--about does not name ${name}`],
    [isRecord(parsed(about)['settings']), '--about as JSON has no settings'],
  ];
  expectNone(checked.filter(([isMet]) => !isMet).map(([, problem]) => problem));
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

async function refusesNonsense(subject: Subject): Promise<void> {
  const wrong = await subject.run({ args: ['--no-such-option'] });
  const unreadable = await subject.run({ state: { bookmarks: 'none' } });
  const refuses = (what: string, { code, stdout, stderr }: EndedRun, wanted: number): string[] => {
    if (code !== wanted) return [`${what} ends with ${code} instead of ${wanted}`];
    if (stdout !== '') return [`${what} prints ${stdout.slice(0, 80)}`];
    return stderr === '' ? [`${what} is refused without a word`] : [];
  };
  expectNone([...refuses('an unknown option', wrong, 2), ...refuses('a state that is none', unreadable, 1)]);
}

async function takesItsCatalog(subject: Subject): Promise<void> {
  const { streams } = await subject.catalog();
  const names = streams.map(({ tap_stream_id }) => tap_stream_id);
  const catalog = await subject.selecting(names);
  const { code, stdout, stderr } = await subject.run({ catalog, args: ['--test=schema'] });
  if (code !== 0) throw new Error(`With its own catalog the tap ends with ${code}:\n${stderr.slice(-2000)}`);
  const messages = messagesIn(stdout);
  const problems = streams.flatMap(({ tap_stream_id: name, schema, key_properties: keys = [] }) => {
    const found = messages.filter(({ stream }) => stream === name);
    const [only] = found;
    if (!only || found.length !== 1) return [`${name} has ${found.length} SCHEMA messages`];
    const own = JSON.stringify(Object.keys(schema.properties ?? {}).sort());
    const written = JSON.stringify(Object.keys(only.schema?.properties ?? {}).sort());
    const isSame = own === written && JSON.stringify(keys) === JSON.stringify(only.key_properties);
    return isSame ? [] : [`${name}: the SCHEMA has other columns or keys than the catalog`];
  });
  expectNone(names.length === 0 ? ['the catalog has no stream'] : problems);
}

async function testsItsConnection(subject: Subject): Promise<void> {
  const { code, stdout, stderr } = await subject.run({ args: ['--test'] });
  const counts = new Map<string, number>();
  for (const { type, stream = '' } of messagesIn(stdout))
    if (type === 'RECORD') counts.set(stream, (counts.get(stream) ?? 0) + 1);
  const many = [...counts].filter(([, count]) => count > 1).map(([stream, count]) => `${stream} has ${count} records`);
  expectNone(code === 0 ? many : [`--test ends with ${code}`, ...many], stderr.slice(-2000));
}

async function ordersMessages(subject: Subject): Promise<void> {
  const { output } = await subject.whole();
  const announced = new Set<string>();
  const problemOf = ({ type = 'no type', stream = '' }: Message): string[] => {
    if (type === 'STATE') return [];
    if (type === 'SCHEMA')
      return announced.has(stream) ? [`${stream} has a second SCHEMA`] : announced.add(stream) && [];
    if (!['RECORD', 'BATCH', 'ACTIVATE_VERSION'].includes(type)) return [`${type} is no message`];
    return announced.has(stream) ? [] : [`${type} of ${stream} comes before its SCHEMA`];
  };
  expectNone(output.messages.flatMap(problemOf));
}

const halfFinished = ['progress_markers', 'starting_replication_value', 'replication_key_signpost'];

async function endsWithState(subject: Subject): Promise<void> {
  const { output } = await subject.whole();
  const last = output.states.at(-1);
  if (!isRecord(last) || !isRecord(last['bookmarks'])) throw new Error('The last STATE has no bookmarks.');
  const { bookmarks } = last;
  const text = JSON.stringify(last);
  const unfinished = halfFinished.filter((word) => text.includes(`"${word}"`)).map((word) => `the state has ${word}`);
  const { streams } = await subject.catalog();
  const without = streams
    .filter(({ tap_stream_id: name }) => output.recordsOf(name).length > 0)
    .filter(({ tap_stream_id: name, replication_key: key }) => key && !isRecord(bookmarks[name]))
    .map(({ tap_stream_id: name }) => `${name} is incremental and has records, but no bookmark`);
  expectNone([...unfinished, ...without]);
}

async function showsNoSecret(subject: Subject): Promise<void> {
  const { stdout, stderr } = await subject.verbose();
  const { config } = subject.options;
  const secrets = describeSettings(subject.tap.settings).filter(({ secret }) => secret);
  const shown = secrets.filter(({ name }) => {
    const value = config[name];
    return typeof value === 'string' && value !== '' && `${stdout}${stderr}`.includes(value);
  });
  expectNone(shown.map(({ name }) => `${name} is shown`));
}

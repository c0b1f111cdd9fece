/**
 * The command line as data. yargs cuts it into options and writes the help; what is refused, and in
 * which words, is decided here, so that a misspelt option is an error and never a full sync.
 */
import { UsageError } from '../errors.js';
import { didYouMean, nearest } from './nearest.js';
import type { Program } from './program.js';

const definitions = {
  config: {
    type: 'string',
    describe:
      'Settings: a JSON file, or ENV for the environment. May be repeated: later ones win, ENV over all. Without ' +
      'it: the environment and .env',
    value: true,
  },
  catalog: { type: 'string', describe: 'The catalog with the selection, as --discover printed it', value: true },
  properties: { type: 'string', describe: 'An older name of --catalog', value: true },
  state: { type: 'string', describe: 'The state to go on from: the last STATE of an earlier run', value: true },
  discover: { type: 'boolean', describe: 'Print the catalog; needs neither network nor valid settings' },
  test: {
    type: 'string',
    describe:
      'Check the connection and read one row of every stream (--test=all or --test=records), or only write the ' +
      'schemas (--test=schema)',
  },
  about: { type: 'string', describe: 'Print what this tap can do, and its settings: plain, json or markdown' },
  format: { type: 'string', describe: 'The form of --about: json or markdown', value: true },
  verbose: { type: 'boolean', alias: 'v', describe: 'A line on stderr for every request' },
  version: { type: 'boolean', describe: 'Print the version' },
  help: { type: 'boolean', describe: 'Print this help' },
} as const;

type Command = 'help' | 'version' | 'discover' | 'about' | 'test' | 'sync';

export interface Options {
  /** The one thing to do, whatever the order of the options. */
  readonly command: Command;
  readonly config: readonly string[];
  readonly catalog: string | undefined;
  readonly state: string | undefined;
  readonly test: 'all' | 'schema';
  readonly format: 'plain' | 'json' | 'markdown';
}

/** True for `--version` before anything is loaded: that answer should take no time. */
export const asksForVersion = (argv: readonly string[]): boolean => argv.includes('--version');

/** True for `--discover` without anything that it could depend on. */
export const asksForCatalogAlone = (argv: readonly string[]): boolean => argv.length === 1 && argv[0] === '--discover';

export const asksForDetail = (argv: readonly string[]): boolean => argv.includes('-v') || argv.includes('--verbose');

/** True for a test of the connection, whose last line Meltano shows as it is. */
export const asksForTest = (argv: readonly string[]): boolean => argv.some((word) => /^--test(=|$)/.test(word));

async function parser(program: Pick<Program, 'name' | 'description'>) {
  const { default: yargs } = await import('yargs');
  const shown = Object.entries(definitions).map(
    ([name, { value: _value, ...rest }]: [string, { type: 'string' | 'boolean'; describe: string; value?: true }]) =>
      [name, rest] as const,
  );
  return yargs([])
    .version(false) // before our own of that name
    .help(false)
    .scriptName(program.name)
    .usage(`Usage: ${program.name} [OPTIONS]\n\n${program.description}`)
    .options(Object.fromEntries(shown))
    .group(['config', 'catalog', 'properties', 'state', 'verbose'], 'Reading:')
    .group(['discover', 'test', 'about', 'format', 'version', 'help'], 'Instead of reading:')
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'boolean-negation': false,
      'parse-positional-numbers': false,
      'strip-aliased': true,
    })
    .exitProcess(false)
    .detectLocale(false)
    .fail(false)
    .wrap(100);
}

export async function helpText(program: Pick<Program, 'name' | 'description'>): Promise<string> {
  return `${await (await parser(program)).getHelp()}\n`;
}

/** @throws UsageError in the words of the command line. */
export async function parseOptions(
  argv: readonly string[],
  program: Pick<Program, 'name' | 'description'>,
): Promise<Options> {
  const found: Readonly<Record<string, unknown>> = await (await parser(program)).parse([...argv]);
  const { _: extra, $0: _name, ...given } = found;
  refuseUnknown(Object.keys(given), extra as readonly unknown[]);

  const texts = (name: string): string[] => [given[name] ?? []].flat().map(String);
  const last = (name: string): string | undefined => texts(name).at(-1);
  const on = (name: string): boolean => last(name) === 'true';
  for (const [name, definition] of Object.entries(definitions)) {
    if ('value' in definition && texts(name).includes(''))
      throw new UsageError(`Option '--${name}' requires an argument.`);
  }
  const form = oneOf('format', last('format')?.toLowerCase(), ['json', 'markdown'] as const);
  const about = oneOf('about', last('about')?.toLowerCase(), ['plain', 'json', 'markdown'] as const);
  // records is another word for all
  const asked = last('test')?.replace(/^records$/, 'all');
  const test = oneOf('test', asked, ['all', 'schema'] as const) ?? 'all';
  const others = (['about', 'test'] as const).filter((name) => last(name) !== undefined);
  const [command = 'sync'] = [...(['version', 'help', 'discover'] as const).filter(on), ...others];
  return {
    command,
    config: texts('config'),
    catalog: last('catalog') ?? last('properties'),
    state: last('state'),
    test,
    format: about ?? form ?? 'plain',
  };
}

function refuseUnknown(names: readonly string[], extra: readonly unknown[]): void {
  const known = Object.keys(definitions);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const isLetter = unknown.length === 1;
    const near = isLetter ? known.find((name) => name.startsWith(unknown)) : nearest(unknown, known);
    throw new UsageError(`No such option '${isLetter ? '-' : '--'}${unknown}'.${didYouMean(near && `'--${near}'`)}`);
  }
  if (extra.length > 0) throw new UsageError(`Got unexpected extra argument (${extra.join(' ')}).`);
}

/** The value, if it is one of the choices; without a value, the option stands alone. */
function oneOf<Choice extends string>(
  option: string,
  value: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  if (!value) return undefined;
  const choice = choices.find((name) => name === value);
  if (choice === undefined)
    throw new UsageError(
      `Invalid value for '--${option}': '${value}' is not one of ${choices.map((name) => `'${name}'`).join(', ')}.`,
    );
  return choice;
}

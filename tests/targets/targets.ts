/** The targets that are tried: how each is declared in meltano.yml, and how it is asked what it holds. */
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf } from '../packaging/commands.js';
import type { Held, Quirks, StreamSchema, Values } from './expected.js';
import type { Postgres } from './postgres.js';

export interface Target extends Quirks {
  readonly name: string;
  readonly pip: string;
  readonly executable: string;
  /** Its settings in a project at `folder`. */
  config(folder: string, postgres: Postgres | undefined): Readonly<Record<string, unknown>>;
  /** What it holds of a stream. */
  held(stream: StreamSchema, place: Place): Promise<Held>;
  readonly needsPostgres?: boolean;
  /** What the project's .env has to hold. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Place {
  readonly folder: string;
  readonly postgres: Postgres | undefined;
  /** Name of the schema, where a target has schemas. */
  readonly schema: string;
}

const same = (name: string): string => name;

export const jsonl: Target = {
  name: 'target-jsonl',
  pip: 'target-jsonl==0.1.4',
  executable: 'target-jsonl',
  config: (folder) => ({ destination_path: join(folder, 'output') }),
  held: async ({ stream, key_properties: keys }, { folder }) => ({
    rows: await newest(jsonLines(join(folder, 'output'), stream), keys),
    column: same,
  }),
};

export const csv: Target = {
  name: 'target-csv',
  pip: 'meltanolabs-target-csv==0.5.0',
  executable: 'target-csv',
  emptyTextIsNull: true,
  // A file per run: by default the second run's rows would take the place of the first's.
  config: (folder) => ({ output_path: join(folder, 'output'), file_naming_scheme: '{stream_name}-{timestamp}.csv' }),
  held: async (stream, { folder }) => ({
    rows: await newest(csvRows(folder, stream), stream.key_properties),
    column: same,
  }),
};

export const duckdb: Target = {
  name: 'target-duckdb',
  // It writes CSV without a header and lets DuckDB guess; from 1.3 on DuckDB takes a first row with times for a header.
  pip: 'target-duckdb==0.8.0 duckdb==1.2.2',
  executable: 'target-duckdb',
  emptyTextIsNull: true,
  config: (folder) => ({ filepath: join(folder, 'output', 'warehouse.duckdb'), default_target_schema: 'sentry' }),
  held: async ({ stream }, { folder, schema }) => {
    const script = `
import duckdb, json, sys
c = duckdb.connect(sys.argv[1], read_only=True)
c.execute("set timezone='UTC'")
c.execute('set enable_progress_bar=false')
t = '"%s"."%s"' % (sys.argv[2], sys.argv[3])
names = [d[0] for d in c.execute('select * from %s limit 0' % t).description]
counts = c.execute('select count(*), %s from %s' % (', '.join('count("%s")' % n for n in names), t)).fetchone()
print(json.dumps(dict(zip(['*'] + names, counts))))
cursor = c.execute('select * from %s' % t)
while rows := cursor.fetchmany(500):
    for row in rows: print(json.dumps(dict(zip(names, row)), default=str))
`;
    const lines = python(folder, 'target-duckdb', script, [join(folder, 'output', 'warehouse.duckdb'), schema, stream]);
    const counted = JSON.parse(String((await lines.next()).value)) as Record<string, number>;
    return { rows: parsed(lines), column: (name) => name.toLowerCase(), counted };
  },
};

const connection = (postgres: Postgres | undefined): Record<string, unknown> => ({
  host: '127.0.0.1',
  port: postgres?.port,
  user: 'postgres',
  password: 'none',
});

export const pipelinewise: Target = {
  name: 'target-postgres',
  pip: 'pipelinewise-target-postgres==2.1.2',
  executable: 'target-postgres',
  needsPostgres: true,
  emptyTextIsNull: true,
  config: (_folder, postgres) => ({ ...connection(postgres), dbname: 'postgres', default_target_schema: 'sentry' }),
  held: (stream, place) => table(stream.stream, place, (name) => name.toLowerCase()),
};

export const meltanolabs: Target = {
  name: 'target-postgres',
  pip: 'meltanolabs-target-postgres==0.8.1',
  executable: 'target-postgres',
  needsPostgres: true,
  // COPY is several times faster than its INSERT.
  config: (_folder, postgres) => ({
    ...connection(postgres),
    database: 'postgres',
    default_target_schema: 'sentry',
    use_copy: true,
  }),
  // It sends times with their zone to columns without one, and PostgreSQL turns them into the session's zone.
  env: { PGTZ: 'UTC' },
  // An absent object is the JSON value null there, not NULL.
  held: (stream, place) =>
    table(stream.stream, place, same, (name, type) => (type === 'jsonb' ? `nullif(${name}, 'null')` : name)),
};

/** A table's rows and counts, both by SQL. */
async function table(
  name: string,
  { postgres, schema }: Place,
  column: (name: string) => string,
  value = (quoted: string, _type: string): string => quoted,
): Promise<Held> {
  if (!postgres) throw new Error('no PostgreSQL');
  const where = `"${schema}"."${name}"`;
  const names = await postgres.all(
    `select column_name || ' ' || data_type from information_schema.columns where table_schema = '${schema}' and ` +
      `table_name = '${name}'`,
  );
  const counts = names
    .map((one) => one.split(' ', 2))
    .map(([own = '', type = '']) => `count(${value(`"${own}"`, type)}) as "${own}"`)
    .join(', ');
  const [counted = '{}'] = await postgres.all(
    `select row_to_json(t) from (select count(*) as "*", ${counts} from ${where}) t`,
  );
  return {
    rows: parsed(postgres.query(`select row_to_json(t) from ${where} t`)),
    column,
    counted: JSON.parse(counted) as Record<string, number>,
  };
}

async function* parsed(lines: AsyncIterable<string>): AsyncGenerator<Values> {
  for await (const line of lines) if (line !== '') yield JSON.parse(line) as Values;
}

async function* jsonLines(folder: string, stream: string): AsyncGenerator<Values> {
  for (const file of files(folder, stream, 'jsonl')) yield* parsed(linesOf(createReadStream(file)));
}

/** Objects and lists are in these files as Python writes them. */
async function* csvRows(folder: string, { stream, schema }: StreamSchema): AsyncGenerator<Values> {
  const nested = Object.entries(schema.properties ?? {})
    .filter(([, { type = '' }]) => type.includes('object') || type.includes('array'))
    .map(([name]) => name);
  const script = `
import ast, csv, json, sys
csv.field_size_limit(1 << 30)
nested = set(sys.argv[1].split(','))
def value(name, text):
    return None if text == '' else ast.literal_eval(text) if name in nested else text
for path in sys.argv[2:]:
    with open(path, newline='', encoding='utf-8') as file:
        for row in csv.DictReader(file): print(json.dumps({k: value(k, v) for k, v in row.items()}))
`;
  yield* parsed(
    python(folder, 'target-csv', script, [nested.join(','), ...files(join(folder, 'output'), stream, 'csv')]),
  );
}

/** A target's files of a stream, oldest first. */
function files(folder: string, stream: string, extension: string): string[] {
  const own = new RegExp(`^${stream}(-[\\dT.:-]+)?\\.${extension}$`, 'i');
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => own.test(name))
        .sort()
        .map((name) => join(folder, name))
    : [];
}

/** Of rows with the same key the last, as a target that upserts would hold it. */
async function newest(rows: AsyncIterable<Values>, keys: readonly string[]): Promise<Iterable<Values>> {
  const held = new Map<string, Values>();
  for await (const row of rows) held.set(keys.map((key) => String(row[key])).join('/'), row);
  return held.values();
}

/** The lines that a script prints, run by the Python of an installed target. */
async function* python(
  folder: string,
  target: string,
  script: string,
  args: readonly string[],
): AsyncGenerator<string> {
  const child = spawn(join(folder, '.meltano/loaders', target, 'venv/bin/python'), ['-c', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  yield* linesOf(child.stdout);
  if ((await ended) !== 0) throw new Error(`${target}: its data cannot be read`);
}

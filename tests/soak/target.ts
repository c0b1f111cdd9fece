/**
 * A target as a process: holds rows in memory for a while, stores them by appending to a file, and
 * echoes a STATE (into a file) only once everything before it is stored. Killed, it loses what it had
 * in memory, and the state stays behind, as with every target.
 */
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const [folder = '.', statesPerStore = '1'] = process.argv.slice(2);
const store = join(folder, 'stored.jsonl');

/** What an earlier process was killed in the middle of writing goes. */
function mend(): void {
  if (!existsSync(store)) return;
  const text = readFileSync(store);
  const whole = text.lastIndexOf(0x0a) + 1;
  if (whole < text.length) truncateSync(store, whole);
}

mend();
const file = openSync(store, 'a');
const keys = new Map<string, readonly string[]>();
let waiting: string[] = [];
let state: string | undefined;
let states = 0;

function storeAll(): void {
  if (waiting.length > 0) writeSync(file, `${waiting.join('\n')}\n`);
  waiting = [];
  if (state === undefined) return;
  writeFileSync(join(folder, 'state.next'), state);
  renameSync(join(folder, 'state.next'), join(folder, 'state.json'));
  state = undefined;
}

function take(line: string): void {
  const message = JSON.parse(line) as {
    type: string;
    stream: string;
    record: Record<string, unknown>;
    key_properties: string[];
    value: unknown;
  };
  switch (message.type) {
    case 'SCHEMA':
      keys.set(message.stream, message.key_properties);
      return;
    case 'RECORD': {
      const own = keys.get(message.stream);
      if (!own) throw new Error(`RECORD of ${message.stream} before its SCHEMA`);
      const values = own.map((name) => message.record[name]);
      if (values.some((value) => value === null || value === undefined))
        throw new Error(`RECORD of ${message.stream} without its key`);
      waiting.push(JSON.stringify([message.stream, values.join('/'), message.record]));
      return;
    }
    case 'STATE':
      state = JSON.stringify(message.value);
      if (++states % Number(statesPerStore) === 0) storeAll();
      return;
    case 'ACTIVATE_VERSION':
      return;
    default:
      throw new Error(`unknown message ${message.type}`);
  }
}

let rest = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin as AsyncIterable<string>) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) if (line) take(line);
}
storeAll(); // what the last line was cut off from is no message
closeSync(file);

/**
 * Records in files instead of RECORD messages: one JSON object a line, the same bytes that the messages would hold. A
 * BATCH message names a file when it is complete: after so many records, and before each STATE. Files grow page by
 * page, so memory does not depend on their size; a gzip file has a part for each page, which every reader takes for
 * one.
 */
import { closeSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { FatalError, InputError, messageOf } from '../errors.js';
import { batchMessage } from './messages.js';
import { type RecordSink, frameAll } from './record-sink.js';
import type { Writer } from './writer.js';

/** The settings of Meltano's `batch_config`. */
export interface BatchSettings {
  readonly encoding: { readonly format: 'jsonl'; readonly compression: 'gzip' | 'none' };
  readonly storage: { readonly root: string; readonly prefix: string };
  /** Records in a file at most. */
  readonly batch_size: number;
}

export interface BatchOptions {
  readonly settings: BatchSettings;
  readonly folder: string;
  /** Begins the names of the files: the tap's name, the stream's, and something that no other run has. */
  readonly name: string;
  readonly stream: string;
  readonly version: number | undefined;
  readonly writer: Writer;
}

interface OpenFile {
  readonly path: string;
  readonly descriptor: number;
  rows: number;
}

const lineFeed = Buffer.from('\n');
const nothing = Buffer.alloc(0);

export class BatchFiles implements RecordSink {
  readonly #options: BatchOptions;
  #file: OpenFile | undefined;
  #files = 0;
  batches = 0;

  constructor(options: BatchOptions) {
    this.#options = options;
  }

  async write(records: readonly Buffer[]): Promise<void> {
    const { settings, writer } = this.#options;
    let rest = records;
    while (rest.length > 0) {
      const file = (this.#file ??= this.#open());
      const part = rest.slice(0, settings.batch_size - file.rows);
      this.#append(file, part);
      rest = rest.slice(part.length);
      if (file.rows >= settings.batch_size) this.flush();
    }
    await writer.write(nothing); // waits for the pipe, and ends with it
  }

  flush(): void {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    const { settings, stream, version, writer } = this.#options;
    attempt(file.path, () => closeSync(file.descriptor));
    const manifest = [pathToFileURL(file.path).href];
    try {
      writer.put(batchMessage({ stream, encoding: settings.encoding, manifest, version }));
    } catch (error) {
      unlinkSync(file.path); // nobody will hear of it
      throw error;
    }
    this.batches++;
  }

  /** Deletes the file that no message has named. */
  discard(): void {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    closeSync(file.descriptor);
    unlinkSync(file.path);
  }

  #open(): OpenFile {
    const { settings, folder, name } = this.#options;
    const ending = settings.encoding.compression === 'gzip' ? '.json.gz' : '.json';
    this.#files++;
    const path = join(folder, `${settings.storage.prefix}${name}-${this.#files}${ending}`);
    return attempt(path, () => {
      mkdirSync(folder, { recursive: true });
      return { path, descriptor: openSync(path, 'wx'), rows: 0 };
    });
  }

  #append(file: OpenFile, records: readonly Buffer[]): void {
    const lines = frameAll(records, nothing, lineFeed);
    const bytes = this.#options.settings.encoding.compression === 'gzip' ? gzipSync(lines) : lines;
    attempt(file.path, () => {
      for (let at = 0; at < bytes.length; ) at += writeSync(file.descriptor, bytes, at);
    });
    file.rows += records.length;
  }
}

/** @throws FatalError when the file system refuses. */
function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FatalError(`The batch file ${path} cannot be written: ${messageOf(error)}.`, { cause: error });
  }
}

/** The folder of a root: a file URL, or a path from `cwd` on. @throws InputError when it is not on this machine. */
export function folderOf(root: string, cwd: string): string {
  if (root.startsWith('file://') && URL.canParse(root)) return fileURLToPath(root);
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(root))
    throw new InputError(
      `batch_config: the storage root ${root} is not a folder of this machine. Give a path, or a file URL such as ` +
        'file:///var/batches.',
    );
  return resolve(cwd, root);
}

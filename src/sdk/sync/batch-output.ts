/** The files of a run whose records do not go out as messages. */
import { randomUUID } from 'node:crypto';
import { BatchFiles, type BatchSettings, folderOf } from '../singer/batch-files.js';
import type { Writer } from '../singer/writer.js';

export interface BatchOutputOptions {
  readonly settings: BatchSettings;
  readonly tap: string;
  /** Where a relative folder begins. */
  readonly cwd: string;
  readonly writer: Writer;
}

export class BatchOutput {
  readonly #options: BatchOutputOptions;
  readonly #id = randomUUID();
  readonly #folder: string;
  readonly #streams: BatchFiles[] = [];

  /** @throws InputError when the storage is not a folder of this machine. */
  constructor(options: BatchOutputOptions) {
    this.#options = options;
    this.#folder = folderOf(options.settings.storage.root, options.cwd);
  }

  /** The files of a stream. `version`: for targets that drop rows of others. */
  open(stream: string, version: number | undefined): BatchFiles {
    const { settings, tap, writer } = this.#options;
    const name = `${tap}--${stream}-${this.#id}`;
    const files = new BatchFiles({ settings, folder: this.#folder, name, stream, version, writer });
    this.#streams.push(files);
    return files;
  }

  /**
   * Names all files that are open: after this a STATE may cover their records. @throws StoppedError when nobody reads.
   */
  flush(): void {
    try {
      for (const files of this.#streams) files.flush();
    } catch (error) {
      for (const files of this.#streams) files.discard();
      throw error;
    }
  }
}

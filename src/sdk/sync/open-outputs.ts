/** The outputs of a run: one for each selected stream, as the catalog wants it. */
import type { StreamDefinition } from '../define/stream-definition.js';
import type { Logger } from '../log/logger.js';
import type { CatalogEntry } from '../singer/catalog.js';
import { selection } from '../singer/selection.js';
import type { Writer } from '../singer/writer.js';
import type { BatchOutput } from './batch-output.js';
import type { Mapping } from './mapped-records.js';
import { OutputStream } from './output-stream.js';

/** What the outputs of a run have in common. */
export interface RunOutputs {
  readonly streams: readonly StreamDefinition[];
  readonly writer: Writer;
  readonly log: Logger;
  /** Bytes of the longest message that the pipe takes. */
  readonly maxBytes: number;
  /** The version for targets, where it is wanted. */
  readonly version?: number | undefined;
  readonly batches?: BatchOutput | undefined;
  /** At most this many records of each stream. */
  readonly maxRows?: number | undefined;
  readonly mapping: Mapping | undefined;
}

/** The outputs by the name of the stream. */
export function openOutputs(
  selected: ReadonlyMap<string, CatalogEntry>,
  { streams, batches, log, version, ...common }: RunOutputs,
): Map<string, OutputStream> {
  const open = ([name, entry]: readonly [string, CatalogEntry]): [string, OutputStream] => {
    const versionOf = entry.replication_key ? undefined : version; // rows of an incremental stream stay
    const output = new OutputStream({
      ...common,
      name,
      schema: entry.schema,
      keyProperties: entry.key_properties ?? [],
      alternateKey: streams.find((stream) => stream.name === name)?.alternateKey,
      replicationKey: entry.replication_key,
      selected: selection(entry.metadata),
      openSink: batches && ((stream) => batches.open(stream, versionOf)),
      log: log.child(name),
      version: versionOf,
    });
    return [name, output];
  };
  return new Map([...selected].map(open));
}

const mostBytes = 50 * 1024 * 1024; // half of Meltano's default buffer

/** Bytes of the longest message that the pipe takes: half of Meltano's buffer. */
export function longestMessage(env: Readonly<Record<string, string | undefined>>): number {
  const buffer = Number(env['MELTANO_ELT_BUFFER_SIZE']);
  return buffer > 0 ? Math.floor(buffer / 2) : mostBytes;
}

/**
 * The setting `shard` for the layer: projects are shared out by a hash of their id, so that a project stays where it is
 * while others come and go. Where the number of shards doubles, each shard splits into two.
 */
import { createHash } from 'node:crypto';
import type { Config } from '../schemas/config.js';
import type { Shard } from '../sdk/index.js';
import { projects } from '../streams/projects.js';

/** The shard of a project, from 1 to `count`. */
export const shardOf = (projectId: string, count: number): number =>
  (createHash('sha256').update(projectId).digest().readUInt32BE(0) % count) + 1;

/** The shard that a run reads; undefined: everything. */
export function createShard({ shard }: Pick<Config, 'shard'>): Shard | undefined {
  if (shard === undefined || shard.count === 1) return undefined;
  const { index, count } = shard;
  return {
    stream: projects.name,
    isFirst: index === 1,
    has: ({ project_id: id }) => id !== undefined && shardOf(id, count) === index,
  };
}

/** Which shard a project belongs to, and what the setting means for the layer. */
import { describe, expect, test } from 'vitest';
import { createShard, shardOf } from '../../src/tap/shard.js';

/** Ids as small servers, sentry.io of old and sentry.io of today give them. */
const families: Record<string, (n: number) => string> = {
  'one after the other': (n) => String(n + 1),
  'of seven digits': (n) => String(1_000_000 + n * 37),
  'of sixteen digits': (n) => String(4_504_000_000_000_000n + BigInt(n) * 65_536n),
};
const thousand = (of: (n: number) => string): string[] => Array.from({ length: 1000 }, (_, n) => of(n));

describe('the shard of a project', () => {
  test('stays the same from version to version', () => {
    expect(['1', '2', '3', '4504000000065536'].map((id) => shardOf(id, 8))).toEqual([4, 3, 6, 3]);
  });

  test.each(Object.entries(families))('is shared evenly among 1,000 ids %s', (_, of) => {
    // Of eight shards, chance alone leaves some a little further off.
    for (const [count, most] of [
      [2, 0.2],
      [4, 0.2],
      [8, 0.25],
    ] as const) {
      const sizes = Array.from({ length: count }, () => 0);
      for (const id of thousand(of)) sizes[shardOf(id, count) - 1]! += 1;
      const even = 1000 / count;
      for (const size of sizes) expect(Math.abs(size - even) / even).toBeLessThan(most);
    }
  });

  test.each([2, 3, 8])('is exactly one of %i', (count) => {
    const shards = Array.from({ length: count }, (_, n) => createShard({ shard: { index: n + 1, count } })!);
    for (const id of thousand(families['of seven digits']!))
      expect(shards.filter((shard) => shard.has({ project_id: id }))).toHaveLength(1);
  });

  test('splits into two where their number doubles', () => {
    for (const id of thousand(String)) expect([0, 4].map((more) => shardOf(id, 4) + more)).toContain(shardOf(id, 8));
  });
});

describe('the setting', () => {
  test('says which shard is the first', () => {
    expect(createShard({ shard: { index: 1, count: 4 } })).toMatchObject({ stream: 'projects', isFirst: true });
    expect(createShard({ shard: { index: 2, count: 4 } })).toMatchObject({ stream: 'projects', isFirst: false });
  });

  test('of one shard means everything, as does none', () => {
    expect(createShard({ shard: { index: 1, count: 1 } })).toBeUndefined();
    expect(createShard({ shard: undefined })).toBeUndefined();
  });
});

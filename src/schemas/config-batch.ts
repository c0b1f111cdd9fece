/** Meltano's `batch_config`: records in files instead of messages, for targets with the capability `batch`. */
import * as z from 'zod';

const encoding = z.object({
  format: z.literal('jsonl').default('jsonl').describe('One JSON object a line.'),
  compression: z.enum(['gzip', 'none']).default('gzip').describe('Whether the files are compressed.'),
});

const aFolder = 'should be a folder, such as file:///var/batches or batches';
const storage = z.object({
  root: z
    .string(aFolder)
    .trim()
    .min(1, aFolder)
    .refine((root) => root.startsWith('file://') || !/^[a-z][a-z\d+.-]+:\/\//i.test(root), aFolder)
    .describe('The folder of the files: a path, from the project on, or a file URL.'),
  prefix: z
    .string()
    .regex(/^[^/\\]*$/, 'should be a part of a file name')
    .default('')
    .describe('Begins each file name.'),
});

export const batchConfig = z.object({
  encoding: encoding.prefault({}),
  storage,
  batch_size: z.number().int().min(1).default(10_000).describe('The most records in a file.'),
});

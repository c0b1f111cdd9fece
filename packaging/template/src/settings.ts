/** What a user sets. */
import * as z from 'zod';

export const settings = z.object({
  api_token: z.string().meta({ label: 'API Token', secret: true }).describe('The token to read with.'),
  base_url: z.string().default('https://api.example.com/v1/').meta({ label: 'Base URL' }).describe('Where the API is.'),
  start_date: z.string().default('2020-01-01').meta({ label: 'Start Date' }).describe('The earliest change to read.'),
});

export type Settings = z.output<typeof settings>;

/** What rows look like. What a server adds is kept out until it stands here. */
import * as z from 'zod';

const id = z.int();
const text = z.string().nullish();
const updated_at = z.iso.datetime();

export const user = z.looseObject({ id, name: text, email: text });
export const team = z.looseObject({ id, name: text });
export const label = z.looseObject({ id, name: text, color: text });
export const board = z.looseObject({ id, name: text, closed: z.boolean().nullish() });
export const column = z.looseObject({ id, board_id: z.string(), name: text, position: z.int().nullish() });
export const card = z.looseObject({ id, board_id: z.string(), title: text, done: z.boolean().nullish(), updated_at });
export const comment = z.looseObject({ id, card_id: z.int().nullish(), text, updated_at });
export const attachment = z.looseObject({ id, board_id: z.string(), name: text, bytes: z.int().nullish() });
export const webhook = z.looseObject({ id, board_id: z.string(), url: text });
export const event = z.looseObject({ id, kind: text, actor: z.looseObject({ id, name: text }).nullish(), updated_at });

/** Where each stream is, and what makes a row one. */
import { type Window, each, single, streamDefiner } from 'tap-sentry/sdk';
import * as schemas from './schemas.js';
import type { Settings } from './settings.js';

const defineStream = streamDefiner<Settings>();
const common = { primaryKey: ['id'], records: 'items' } as const;

/** Lists that can be asked for what has changed. */
const changed = {
  replicationKey: 'updated_at',
  window: { order: 'any', maxRows: Infinity, params: ({ start }) => ({ updated_since: start }) } satisfies Window,
} as const;

const users = defineStream({
  ...common,
  name: 'users',
  summary: 'Those who have an account.',
  path: '/users',
  scope: single(),
  schema: schemas.user,
});

const teams = defineStream({
  ...common,
  name: 'teams',
  summary: 'Groups of users.',
  path: '/teams',
  scope: single(),
  schema: schemas.team,
});

const labels = defineStream({
  ...common,
  name: 'labels',
  summary: 'What cards are marked with.',
  path: '/labels',
  scope: single(),
  schema: schemas.label,
});

const boards = defineStream({
  ...common,
  name: 'boards',
  summary: 'The boards.',
  path: '/boards',
  lookupPath: '/boards/{board_id}',
  scope: single(),
  schema: schemas.board,
});

/** Once for each board. Columns that are named like the variable are filled from it. */
const board = each(boards, { context: ({ id }) => ({ board_id: String(id) }) });

const columns = defineStream({
  ...common,
  name: 'columns',
  summary: 'The columns of each board.',
  path: '/boards/{board_id}/columns',
  scope: board,
  schema: schemas.column,
});

const cards = defineStream({
  ...common,
  ...changed,
  name: 'cards',
  summary: 'The cards of each board.',
  path: '/boards/{board_id}/cards',
  scope: board,
  schema: schemas.card,
});

const comments = defineStream({
  ...common,
  ...changed,
  name: 'comments',
  summary: 'What is said about the cards of each board.',
  path: '/boards/{board_id}/comments',
  scope: board,
  schema: schemas.comment,
});

const attachments = defineStream({
  ...common,
  name: 'attachments',
  summary: 'The files of each board.',
  path: '/boards/{board_id}/attachments',
  scope: board,
  schema: schemas.attachment,
});

const webhooks = defineStream({
  ...common,
  name: 'webhooks',
  summary: 'Who is told of changes.',
  path: '/boards/{board_id}/webhooks',
  scope: board,
  schema: schemas.webhook,
  optional: true,
});

const events = defineStream({
  ...common,
  ...changed,
  name: 'events',
  summary: 'What has happened.',
  path: '/events',
  scope: single(),
  schema: schemas.event,
});

export const streams = [users, teams, labels, boards, columns, cards, comments, attachments, webhooks, events];

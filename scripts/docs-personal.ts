/** docs/personal-data.md: the columns of each stream of persons that may tell of one. */
import { table } from '../src/sdk/cli/about.js';
import type { StreamDefinition } from '../src/sdk/define/stream-definition.js';

type Stream = Pick<StreamDefinition<never, never>, 'name' | 'personal' | 'schema'>;

/** What people have written, or programs have recorded: anything may stand there. */
const bodies = new Set(
  (
    'activity clicks comments context contexts culprit data entries errors event issue latestEvent lastCommit ' +
    'message metadata note pluginContexts query raw schema tags text_content title topValues urls userReport value'
  ).split(' '),
);

/** Columns that name a person, or hold an object that does. */
const identities = new Set(
  (
    'actor assignedTo author authors avatarUrl createdBy email emails externalUsers hash identifier inviterName ' +
    'ipAddress members name owner owners participants seenBy statusDetails tagValue targetUser user userAgent ' +
    'userName username viewed_by'
  ).split(' '),
);

/** The columns of a stream that may hold personal data, in the order of its schema. */
export function personalColumns({ schema }: Pick<Stream, 'schema'>): { identity: string[]; body: string[] } {
  const columns = Object.keys(schema.shape);
  return {
    identity: columns.filter((column) => identities.has(column)),
    body: columns.filter((column) => bodies.has(column)),
  };
}

/** The page. */
export function personalPage(streams: readonly Stream[]): string {
  const told = streams.filter(({ personal }) => personal).sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = told.map((stream) => {
    const { identity, body } = personalColumns(stream);
    return [`\`${stream.name}\``, list(identity), list(body)];
  });
  return `# Personal data, column by column

Written by \`npm run docs\`. Streams that are missing here hold no rows about persons. A column **names a person** when
it is a name, an address or an id of one, or an object with those. A column **may hold anything** when people
wrote it or a program recorded it: a message, tags, the body of a request. What the other columns hold says nothing of
a person by itself. \`text_content\` is filled only if \`event_text\` is on.

[Masking personal data](masking.md) shows how to leave columns out, or to replace them by a hash, before a target
sees them.

${table(['Stream', 'Names a person', 'May hold anything'], rows)}
`;
}

const list = (columns: readonly string[]): string => columns.map((column) => `\`${column}\``).join(', ');

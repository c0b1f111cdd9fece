/** Which server answers, as far as its answers show, and what kind of token it was given. */
import type { Finding } from '../sdk/index.js';
import type { Measured } from './measure.js';
import type { Probe } from './probe.js';
import type { Projects } from './projects-seen.js';

/** What the answers say about the server: where nothing is known for certain, no more than a span of versions. */
export function serverFinding(
  { hostname }: URL,
  { hasLinkSet }: Pick<Projects, 'hasLinkSet'>,
  { issuesFailed, hasStatistics }: Pick<Measured, 'issuesFailed' | 'hasStatistics'>,
): Finding {
  const topic = 'server';
  if (/(^|\.)sentry\.io$/.test(hostname)) return { topic, text: 'sentry.io' };
  if (hasLinkSet) return { topic, text: 'GlitchTip: it has fewer streams, and no statistics' };
  if (hasStatistics) return { topic, text: 'self-hosted Sentry, of 2021 or later (it has statistics)' };
  if (issuesFailed === undefined) return { topic, text: 'self-hosted Sentry, 10 to 21 or alike (no statistics)' };
  if (issuesFailed === 403) return { topic, text: 'Sentry; its age does not show without event:read' };
  const text = 'an old self-hosted Sentry, 9 or alike (it cannot list the issues of an organization)';
  return { topic, text, remedy: 'Issues are read project by project; consider an update of the server.' };
}

const integrations = 'Settings > Developer Settings > Custom Integrations';
const advice =
  `The token of an internal integration (${integrations}) sees all projects and has twice the budget of requests: ` +
  'recommended.';

/** The kind of a token by its prefix; `index`: what the server says of it. */
export function tokenFinding(token: string, index: Probe, { hasLinkSet }: Pick<Projects, 'hasLinkSet'>): Finding {
  const { text, remedy: advised } = kindOf(token);
  const scopes = scopesIn(index);
  const remedy = hasLinkSet ? undefined : advised; // GlitchTip has no integrations
  return { topic: 'token', text: `valid, ${text}${scopes ? `; its scopes: ${scopes.join(', ')}` : ''}`, remedy };
}

function kindOf(token: string): Omit<Finding, 'topic'> {
  if (token.startsWith('sntryi_')) return { text: 'of an internal integration' };
  if (token.startsWith('sntryu_')) return { text: 'a personal one', remedy: advice };
  if (token.startsWith('sntrys_'))
    return { text: 'an organization token, which reads releases only', remedy: `Create another one. ${advice}` };
  return { text: 'of a kind that does not show' };
}

function scopesIn(index: Probe): readonly string[] | undefined {
  if (index.failure) return undefined;
  const { auth } = index.value as { auth?: { scopes?: unknown } | null };
  return Array.isArray(auth?.scopes) && auth.scopes.length > 0 ? auth.scopes.map(String).sort() : undefined;
}

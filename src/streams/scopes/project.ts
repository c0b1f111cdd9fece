/**
 * Asked per project, by its id: a slug can be renamed. Older servers take slugs only, so that is the second try. A
 * project to which the token has no access is listed all the same.
 */
import { batched, each } from '../../sdk/index.js';
import { projects } from '../projects.js';

const options = {
  context: ({ id }: { id: string }) => ({ project_id: String(id) }),
  alias: ({ slug }: { slug?: string | null | undefined }) => (slug ? { project_id: slug } : undefined),
  refused: ({ hasAccess }: { hasAccess?: boolean | null | undefined }) => hasAccess === false,
};

export const project = each(projects, options);

/** Many projects in one query. Without `project` some servers answer for the member's own projects only. */
export const projectsBatched = batched(projects, {
  ...options,
  select: (contexts) => ({ project: contexts === 'all' ? '-1' : contexts.map(({ project_id }) => project_id) }),
  contextOf: ({ project }) => (isRef(project) ? { project_id: String(project.id) } : undefined),
});

const isRef = (value: unknown): value is { id: string | number } =>
  typeof value === 'object' && value !== null && 'id' in value;

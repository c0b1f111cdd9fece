/** What every endpoint works with: the world, the texts made from it, and the rules of access. */
import { badRequest, forbidden, notFound, Refusal, type ApiRequest } from './answer.js';
import type { Behaviour } from './behaviour.js';
import type { Project } from './entities.js';
import type { EventOrder } from './event-order.js';
import type { EventTexts } from './event-texts.js';
import type { IssueLists } from './issue-lists.js';
import type { IssueRows } from './rows/issue.js';
import type { State } from './state.js';

export interface App {
  readonly state: State;
  readonly behaviour: Behaviour;
  readonly events: EventTexts;
  readonly eventOrder: EventOrder;
  readonly issues: IssueRows;
  readonly issueLists: IssueLists;
}

/** The path names a project by a number, and this server answers such a list with nothing. */
export function isListOfNothing({ behaviour }: App, request: ApiRequest): boolean {
  return behaviour.numericProjectPaths === 'emptyList' && isNumber(request.params.project ?? '');
}

const isNumber = (name: string): boolean => /^\d+$/.test(name);

/** The project a path names. A former slug is redirected, a closed project refused. */
export function projectOf({ state, behaviour }: App, request: ApiRequest): Project {
  const name = request.params.project ?? '';
  if (behaviour.numericProjectPaths !== 'found' && isNumber(name)) throw notFound();
  const project = state.project(name);
  if (!project) {
    const renamed = state.liveProjects().find((one) => one.formerSlugs.includes(name));
    if (!renamed) throw notFound();
    const segments = request.path.split('/');
    segments[3] = renamed.slug;
    const query = request.query.toString();
    const url = `${request.origin}/api/0${segments.join('/')}${query ? `?${query}` : ''}`;
    const body = {
      detail: { code: 'resource-moved', message: 'Resource has been moved', extra: { url, slug: renamed.slug } },
    };
    throw new Refusal(302, body, { Location: url });
  }
  if (!project.hasAccess) throw forbidden();
  return project;
}

/** The projects a list is about: those named, all (-1), or the ones the token's user belongs to. */
export function projectsOf({ state, behaviour }: App, query: URLSearchParams): Project[] {
  const named = query.getAll('project').filter((value) => value !== '');
  const open = state.liveProjects().filter((project) => project.hasAccess);
  if (named.some((value) => !/^-?\d+$/.test(value)))
    throw badRequest('Invalid project parameter. Values must be numbers.');
  if (!behaviour.multiProject && (named.includes('-1') || named.length > 1)) {
    throw badRequest('You do not have the multi project stream feature enabled');
  }
  if (named.includes('-1')) return everyProject(open, behaviour);
  if (named.length === 0) return behaviour.withoutProject === 'all' ? open : open.filter(({ isMember }) => isMember);
  const chosen = named.map((id) => {
    const project = open.find((one) => one.id === id);
    if (!project) throw forbidden();
    return project;
  });
  return [...new Set(chosen)];
}

function everyProject(open: Project[], { allProjects }: Behaviour): Project[] {
  if (allProjects === 'forbidden') throw forbidden();
  return allProjects === 'all' ? open : [];
}

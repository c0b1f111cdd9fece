/** Finds what an act names, or says that there is no such thing. */
import type { Assignee, Issue, Project } from './entities.js';
import type { State } from './state.js';

export function needIssue(state: State, id: string): Issue {
  const issue = state.issue(id);
  if (!issue || !state.isLive(issue)) throw new RangeError(`no issue ${id}`);
  return issue;
}

export function needProject(state: State, idOrSlug: string): Project {
  const project = state.project(idOrSlug);
  if (!project) throw new RangeError(`no project ${idOrSlug}`);
  return project;
}

/** A member by user id or e-mail, or a team by slug or id. */
export function needAssignee(state: State, to: { user?: string; team?: string }): Assignee {
  const member = state.members.find((one) => one.userId === to.user || one.email === to.user);
  if (member) return { kind: 'user', member };
  const team = state.teams.find((one) => one.slug === to.team || one.id === to.team);
  if (team) return { kind: 'team', team };
  throw new RangeError(`nobody is called ${to.user ?? to.team ?? ''}`);
}

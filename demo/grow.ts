/**
 * Grows a world from its seed: the same seed and sizes give the same organization, to the last
 * microsecond of the last event, only moved to another `now`.
 */
import { daySeconds } from './clock.js';
import type { Assignee, Category, Issue, Member, Project, Team } from './entities.js';
import { growEvents } from './grow-events.js';
import { failingOf, traitsOf } from './grow-issues.js';
import { environments, firstNames, lastNames, projectNames, teamNames } from './names.js';
import { platforms } from './platforms.js';
import { at, Dice, hex8, mix } from './random.js';
import type { State } from './state.js';

export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\w ]/g, '')
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/g, '-');
}

export function grow(state: State): void {
  growPeople(state);
  growProjects(state);
  growReleases(state);
  growIssues(state);
  growEvents(state);
}

/** A name from a list, numbered when the list has run out. */
function named(list: readonly string[], n: number): string {
  const round = Math.floor(n / list.length);
  return round === 0 ? at(list, n) : `${at(list, n)} ${round + 1}`;
}

function growPeople(state: State): void {
  const { seed, teams, members, now } = state.settings;
  const dice = new Dice(seed, 1);
  for (let n = 0; n < teams; n += 1) {
    const name = named(teamNames, n);
    state.teams.push({
      id: String(4_505_200_000 + n * 37),
      slug: slugOf(name),
      name,
      created: now - (900 - n) * daySeconds * 1000,
      isMember: n === 0,
      deleted: false,
    });
  }
  for (let n = 0; n < members; n += 1) state.members.push(newMember(state, dice, n));
}

export function newMember(state: State, dice: Dice, n: number): Member {
  const [first, last] = [at(firstNames, mix(state.settings.seed, n, 3)), at(lastNames, mix(state.settings.seed, n, 4))];
  const ascii = (text: string): string => slugOf(text.replaceAll('ı', 'i').replaceAll('ø', 'o'));
  const pending = n > 1 && n % 6 === 5;
  return {
    id: String(7_300_000 + n * 13),
    userId: String(2_800_000 + n * 7),
    name: `${first} ${last}`,
    email: `${ascii(first)}.${ascii(last)}${n}@example.com`,
    role:
      n === 0
        ? 'owner'
        : dice.weighted([
            ['member', 8],
            ['manager', 2],
            ['admin', 1],
          ]),
    created: state.settings.now - Math.floor(dice.between(100, 800) * daySeconds) * 1000 - dice.int(1000),
    pending,
    active: !pending && n % 11 !== 10,
    teams: state.teams.filter((_team, index) => isInTeam(state, n, index, dice)),
  };
}

/** The first member is in all teams; one in ten is in none. */
function isInTeam(state: State, n: number, team: number, dice: Dice): boolean {
  const isIn = n === 0 || team === n % state.teams.length || dice.chance(0.15);
  return isIn && n % 10 !== 9;
}

function growProjects(state: State): void {
  const { seed, projects, inaccessibleProjects, tokenKind, days, now } = state.settings;
  const dice = new Dice(seed, 2);
  for (let n = 0; n < projects; n += 1) {
    const hasAccess = n < projects - inaccessibleProjects;
    // Every fifth project belongs to others, so that asking for "my projects" is seen to lose rows.
    const isMember = hasAccess && (tokenKind === 'integration' || n % 5 !== 4);
    const name = named(projectNames, n);
    state.addProject({
      id: String(4_505_281_256_090_153 + n * 65_537 * 7),
      slug: slugOf(name),
      name,
      platform: at(platforms, n),
      created: now - Math.floor((days + dice.between(5, 600)) * daySeconds) * 1000 - dice.int(1000),
      teams: teamsOf(state.teams, n, dice),
      isMember,
      hasAccess,
      isBookmarked: n === 2,
      environments: environments.slice(0, 1 + dice.int(environments.length)),
    });
  }
}

function teamsOf(teams: readonly Team[], n: number, dice: Dice): Team[] {
  return teams.filter((_team, index) => index === n % teams.length || dice.chance(0.1));
}

function growReleases(state: State): void {
  const { seed, releases, days, now } = state.settings;
  const dice = new Dice(seed, 3);
  const times = Array.from(
    { length: releases },
    () => now - Math.floor(dice.between(0.02, days + 20) * daySeconds) * 1000 - dice.int(1000),
  ).sort((a, b) => a - b);
  for (const [n, created] of times.entries())
    newRelease(
      state,
      dice,
      state.projects.filter((_p, index) => index === n % state.projects.length || dice.chance(0.08)),
      created,
      n,
    );
}

/** Some versions are plain hashes, some carry `+` and spaces, or a slash: each must survive a URL. */
function versionOf(state: State, name: string, n: number): string {
  const number = `${1 + Math.floor(n / 40)}.${Math.floor(n / 4) % 10}.${n % 4}`;
  const sha = [1, 2, 3, 4, 5].map((part) => hex8(mix(state.settings.seed, n, part, 9))).join('');
  if (state.settings.behaviour.slashedVersions && n % 9 === 5) return `${name}/${number}`;
  if (n % 7 === 3) return sha;
  if (n % 9 === 4) return `${name} ${number} (build ${n})`;
  return `${name}@${number}${n % 3 === 0 ? `+${sha.slice(0, 7)}` : ''}`;
}

/** Most are released soon after they are made, some never, and one in ten weeks later. */
function releasedAt(state: State, created: number, n: number, dice: Dice): number | null {
  const soon = dice.chance(0.6) ? created + dice.int(7200) * 1000 : null;
  if (n % 10 !== 7) return soon;
  const weeks = (20 + (mix(state.settings.seed, n, 15) % 30)) * daySeconds * 1000;
  return Math.max(created, Math.min(created + weeks, state.clock.now() - 3_600_000));
}

export function newRelease(
  state: State,
  dice: Dice,
  projects: Project[],
  created: number,
  n: number,
  version?: string,
): void {
  const release = {
    index: state.releases.length,
    id: 910_000_000 + n * 31,
    version: version ?? versionOf(state, projects[0]?.slug ?? 'app', n),
    created,
    released: releasedAt(state, created, n, dice),
    status: n % 8 === 6 && version === undefined ? ('archived' as const) : ('open' as const),
    projects,
    author: dice.chance(0.7) ? dice.pick(state.members.filter((member) => member.active)) : undefined,
    commits: dice.int(24),
    deploys: dice.int(3),
    newGroups: new Map<Project, number>(),
    firstEvent: null,
    lastEvent: null,
  };
  state.releases.push(release);
  for (const project of projects) {
    project.releases.push(release);
    project.releases.sort((a, b) => a.created - b.created);
  }
}

function growIssues(state: State): void {
  const { seed, issues, behaviour } = state.settings;
  const dice = new Dice(seed, 4);
  const weights = state.projects.map((project) => [project, 1 / (project.index + 1) ** 1.2] as const);
  for (let n = 0; n < issues; n += 1) {
    // Each project gets one issue before chance decides.
    const project = state.projects[n] ?? dice.weighted(weights);
    const category =
      n < state.projects.length || !behaviour.issueCategories
        ? 'error'
        : dice.weighted<Category>([
            ['error', 93],
            ['feedback', 4],
            ['performance', 3],
          ]);
    const failing = failingOf(project, category, dice);
    const issue = state.addIssue(project, category, failing, traitsOf(state, project, category, failing, dice));
    growActivity(state, issue, dice);
  }
}

function growActivity(state: State, issue: Issue, dice: Dice): void {
  const say = (type: string, data: Record<string, unknown>): void => {
    const at = state.settings.now - dice.int(3 * daySeconds) * 1000;
    issue.activity.push({
      id: String(6_000_000_000 + issue.index * 16 + issue.activity.length),
      type,
      at,
      member: state.members[0],
      data,
    });
  };
  if (issue.assignee) say('assigned', assigned(issue.assignee));
  if (issue.status === 'resolved') say('set_resolved', {});
  if (issue.status === 'ignored') say('set_ignored', {});
  for (let n = 0; n < issue.comments; n += 1)
    say('note', {
      text: dice.pick([
        'Seen again after the deploy.',
        'Rolled back, watching.',
        'Same root cause as last week?',
        'Customer told us about this one 🙏',
      ]),
    });
}

export function assigned(assignee: Assignee): Record<string, unknown> {
  return assignee.kind === 'user'
    ? {
        assignee: assignee.member.userId,
        assigneeEmail: assignee.member.email,
        assigneeName: assignee.member.name,
        assigneeType: 'user',
      }
    : { assignee: assignee.team.id, assigneeEmail: null, assigneeName: assignee.team.slug, assigneeType: 'team' };
}

/** What may happen next in a living organization, each act as likely as it is in life. */
import type { Dice } from './random.js';
import type { World } from './world.js';

const hour = 3_600_000;

export function chance(world: World, dice: Dice): void {
  const issue = (): string => dice.pick(world.openIssues()).id;
  const now = world.clock.now();
  const acts: readonly (readonly [() => unknown, number])[] = [
    [() => world.addEvents({ issue: issue(), count: 1 + dice.int(20), at: now - dice.int(120_000), spacing: 1 }), 10],
    [() => world.addEvents({ issue: issue(), count: 1 + dice.int(4), at: now - dice.int(29 * 24) * hour }), 3],
    [() => world.newIssue({ count: 1 + dice.int(6) }), 3],
    [() => world.resolve(issue()), 3],
    [() => world.ignore(issue()), 2],
    [() => world.assign(issue(), { user: dice.pick(world.state.members).userId }), 2],
    [() => world.comment(issue(), 'Looking into it.'), 2],
    [() => mergeAny(world, dice), 1],
    [() => world.openIssues().length > 5 && world.deleteIssue(issue()), 1],
    [() => world.newRelease(), 2],
    [() => world.newMember(), 0.5],
    [() => world.state.projects.length < 50 && world.newProject(`Service ${world.state.projects.length}`), 0.3],
  ];
  dice.weighted(acts)();
}

function mergeAny(world: World, dice: Dice): void {
  const issues = world.openIssues();
  const parent = dice.pick(issues);
  const child = issues.find(
    (one) => one !== parent && one.project === parent.project && one.category === parent.category,
  );
  if (child) world.merge(child.id, parent.id);
}

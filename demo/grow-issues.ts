/** What an issue is about, and the state people have brought it into. */
import type { Assignee, Category, Failing, Issue, Project } from './entities.js';
import { feedbackMessages, fill, logMessages, nouns, slowSpots } from './phrases.js';
import type { Dice } from './random.js';
import { endUsers, type State } from './state.js';

export function failingOf(project: Project, category: Category, dice: Dice): Failing {
  const noun = dice.pick(nouns);
  const sample = String(2 + dice.int(980));
  const { platform } = project;
  const path =
    platform.client === 'server'
      ? fill('/api/{noun}s/{id}/', noun)
      : platform.client === 'browser'
        ? fill('/{noun}s/:id', noun)
        : `${noun}.list`;
  const base = {
    noun,
    sample,
    culprit: path,
    logger: null,
    fn: `handle_${noun}`,
    file: fill(platform.file, noun, `handle_${noun}`),
    exception: undefined,
  };
  if (category === 'feedback') {
    const message = fill(dice.pick(feedbackMessages), noun);
    return {
      ...base,
      title: `User Feedback: ${message}`.slice(0, 100),
      message,
      value: message,
      type: 'generic',
      issueType: 'feedback',
      culprit: null,
    };
  }
  if (category === 'performance') {
    const spot = dice.pick(slowSpots);
    return {
      ...base,
      title: spot,
      message: spot,
      value: fill(`{noun}s of ${path}`, noun),
      type: 'transaction',
      issueType: `performance_${spot.toLowerCase().replaceAll(/\W+/g, '_')}`,
    };
  }
  if (dice.chance(0.12)) {
    const message = fill(dice.pick(logMessages), noun);
    const logger = platform.client === 'server' ? `${project.slug}.${noun}` : 'console';
    return {
      ...base,
      title: message.replaceAll('{n}', sample),
      message,
      value: message,
      type: 'default',
      issueType: 'error',
      logger,
    };
  }
  const failure = dice.pick(platform.failures);
  const fn = fill(failure.fn, noun);
  const file = fill(platform.file, noun, fn);
  const value = fill(failure.value, noun);
  const culprit =
    platform.client === 'phone'
      ? fn
      : dice.chance(0.5)
        ? `${file.replace(/^[./]+|\.\w+$/g, '').replaceAll('/', '.')} in ${fn}`
        : path;
  return {
    noun,
    sample,
    fn,
    file,
    value,
    culprit,
    logger: null,
    exception: failure.type,
    type: 'error',
    issueType: 'error',
    message: value,
    title: `${failure.type}: ${value}`.replaceAll('{n}', sample),
  };
}

type Traits = Pick<
  Issue,
  | 'handled'
  | 'level'
  | 'status'
  | 'substatus'
  | 'priority'
  | 'assignee'
  | 'comments'
  | 'shareId'
  | 'userPool'
  | 'userOffset'
>;

export function traitsOf(state: State, project: Project, category: Category, failing: Failing, dice: Dice): Traits {
  const status = dice.weighted([
    ['unresolved', 6],
    ['resolved', 2],
    ['ignored', 2],
  ] as const);
  const substatus =
    status === 'resolved'
      ? null
      : status === 'ignored'
        ? dice.pick(['archived_until_escalating', 'archived_forever', 'archived_until_condition_met'])
        : dice.weighted([
            ['ongoing', 6],
            ['new', 2],
            ['regressed', 1],
            ['escalating', 1],
          ]);
  const reachesUsers = project.platform.client !== 'server' || dice.chance(0.7);
  return {
    handled: failing.type === 'default' || dice.chance(0.4),
    level:
      category !== 'error'
        ? 'info'
        : failing.type === 'default'
          ? dice.pick(['warning', 'info', 'debug'])
          : dice.weighted([
              ['error', 12],
              ['fatal', 2],
              ['warning', 1],
            ]),
    status,
    substatus,
    priority: dice.weighted([
      ['high', 3],
      ['medium', 5],
      ['low', 3],
      [null, 0.5],
    ] as const),
    assignee: assigneeOf(state, project, dice),
    comments: dice.weighted([
      [0, 8],
      [1, 2],
      [3, 1],
    ]),
    shareId: dice.chance(0.05) ? 'f00dc0de5eed'.padEnd(32, '0') : null,
    userPool:
      category === 'feedback' ? 1 : reachesUsers ? 1 + Math.floor(dice.next() ** 3 * Math.min(4000, endUsers)) : 0,
    userOffset: dice.int(endUsers),
  };
}

function assigneeOf(state: State, project: Project, dice: Dice): Assignee | null {
  const people = state.members.filter((member) => member.active);
  if (people.length > 0 && dice.chance(0.3)) return { kind: 'user', member: dice.pick(people) };
  if (project.teams.length > 0 && dice.chance(0.2)) return { kind: 'team', team: dice.pick(project.teams) };
  return null;
}

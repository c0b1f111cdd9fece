/**
 * What can be odd about a server. Each entry changes the plan and tells in words what it drew. `maySay` says whether
 * a tap may end with "could not read everything" because of it; without it every row must come.
 */
import { day, hour, minute, second } from './clock.js';
import {
  type Change,
  type CursorForm,
  type Filtered,
  type ListForm,
  type ListRoute,
  type Passing,
  type Plan,
  type RangeForm,
  type Route,
  listRoutes,
} from './plan.js';
import type { Dice } from './random.js';

export interface Oddity {
  /** Two of a kind are not drawn together. */
  readonly kind: string;
  readonly weight: number;
  readonly maySay: boolean;
  /** Changes the plan; gives what has become of it. */
  readonly apply: (plan: Plan, dice: Dice) => string;
}

/** Some lists, or all of them. */
function chosen(dice: Dice, routes: readonly ListRoute[] = listRoutes): ListRoute[] {
  return dice.is(0.4) ? [...routes] : dice.some(routes, dice.int(1, 2));
}

function listsOf(plan: Plan, dice: Dice, change: (form: ListForm) => string, routes?: readonly ListRoute[]): string {
  const names = chosen(dice, routes);
  const words = names.map((name) => change(plan.lists[name]));
  return `${names.length === listRoutes.length ? 'all lists' : names.join(', ')}: ${words[0]}`;
}

/** A form that all chosen lists get. */
function setForm<K extends keyof ListForm>(
  key: K,
  values: readonly ListForm[K][],
  words: (value: ListForm[K]) => string,
  routes?: readonly ListRoute[],
) {
  return (plan: Plan, dice: Dice): string => {
    const value = dice.pick(values);
    return listsOf(
      plan,
      dice,
      (form) => {
        form[key] = value;
        return words(value);
      },
      routes,
    );
  };
}

const linkForms: readonly ListForm['link'][] = [
  'relative',
  'capitals',
  'unquoted',
  'python set',
  'twice',
  'results False',
  'inner host',
];

const lists: readonly Oddity[] = [
  {
    kind: 'link',
    weight: 8,
    maySay: false,
    apply: setForm('link', linkForms, (value) => `Link ${value}`),
  },
  {
    kind: 'link',
    weight: 3,
    maySay: true,
    apply: setForm('link', ['absent'], () => 'no Link header'),
  },
  {
    kind: 'lost',
    weight: 4,
    maySay: false,
    apply: setForm('lost', ['once'], () => 'a Link header is dropped now and then'),
  },
  {
    kind: 'lost',
    weight: 4,
    maySay: true,
    apply: setForm('lost', ['always'], () => 'some pages never have a Link header'),
  },
  {
    kind: 'cursor',
    weight: 6,
    maySay: false,
    apply: setForm('cursor', ['rows', 'pages', 'opaque'] satisfies CursorForm[], (value) => `cursors are ${value}`),
  },
  {
    kind: 'cursor',
    weight: 3,
    maySay: false,
    apply: setForm('cursor', ['time'], () => 'cursors are times', ['events', 'issueEvents', 'releases', 'issues']),
  },
  {
    kind: 'most',
    weight: 7,
    maySay: false,
    apply: setForm('most', [10, 25, 7], (value) => `at most ${value} rows a page, silently`),
  },
  {
    kind: 'most',
    weight: 2,
    maySay: true,
    apply: (plan, dice) =>
      listsOf(plan, dice, (form) => {
        form.most = 50;
        form.refuse = true;
        return 'a page size above 50 is a 400';
      }),
  },
  {
    kind: 'filtered',
    weight: 6,
    maySay: true,
    apply: setForm(
      'filtered',
      ['the first page', 'pages in the middle', 'single rows'] satisfies Filtered[],
      (value) => `the server takes ${value} out after paging`,
    ),
  },
  {
    kind: 'endless',
    weight: 5,
    maySay: true,
    apply: setForm(
      'endless',
      ['empty pages', 'the last page again', 'the same cursor', 'the first page again'],
      (value) => `without end: ${value}`,
    ),
  },
  {
    kind: 'order',
    weight: 6,
    maySay: true,
    apply: setForm('order', ['unsorted', 'by arrival'], (value) => `rows ${value}`, [
      'issues',
      'events',
      'issueEvents',
      'releases',
      'projectIssues',
    ]),
  },
];

const eventRanges: readonly RangeForm[] = [
  'ignored',
  'ignored',
  'kept, end included',
  'another date',
  'nothing in any range',
  'seven days without a range',
];

const ranges: readonly Oddity[] = [
  {
    kind: 'range',
    weight: 10,
    maySay: false,
    apply: setForm('range', eventRanges, (value) => `ranges: ${value}`, ['events', 'issueEvents']),
  },
  {
    kind: 'range',
    weight: 6,
    maySay: true,
    apply: setForm(
      'range',
      ['seven days at most', 'cut', 'wide ones time out', 'refused before retention'],
      (value) => `ranges: ${value}`,
      ['events', 'issueEvents', 'issues'],
    ),
  },
  {
    kind: 'issue range',
    weight: 8,
    maySay: true,
    apply: setForm(
      'range',
      ['ignored', 'another date', 'nothing in any range', 'kept by lastSeen', 'kept, no lifetime'],
      (value) => `ranges: ${value}`,
      ['issues'],
    ),
  },
  {
    kind: 'release range',
    weight: 5,
    maySay: false,
    apply: setForm('range', ['ignored', 'another date', 'nothing in any range'], (value) => `ranges: ${value}`, [
      'releases',
    ]),
  },
  {
    kind: 'terms',
    weight: 6,
    maySay: false,
    apply: (plan, dice) => {
      plan.terms = dice.pick(['ignored', 'no rows', 'refused'] as const);
      return `unknown search terms: ${plan.terms}`;
    },
  },
  {
    kind: 'sort',
    weight: 3,
    maySay: false,
    apply: (plan) => {
      plan.sortDate = 422;
      return 'sort=date is a 422';
    },
  },
];

/** Routes that an old server has in another place, or not at all. */
const routes: readonly Oddity[] = [
  {
    kind: 'members',
    weight: 4,
    maySay: false,
    apply: (plan, dice) => {
      const route = dice.pick(['members', 'members', 'users'] as const);
      plan.routes[route] = dice.pick([403, 404, 404, 405] as const);
      return `/${route}/ answers ${plan.routes[route]}`;
    },
  },
  {
    kind: 'issue routes',
    weight: 5,
    maySay: false,
    apply: (plan, dice) => {
      plan.routes.issues = dice.pick([404, 405] as const);
      return `the organization's issues answer ${plan.routes.issues}, the projects' are there`;
    },
  },
  {
    kind: 'issue routes',
    weight: 3,
    maySay: true,
    apply: (plan, dice) => {
      plan.routes.issues = dice.pick([500, 'html'] as const);
      return `the organization's issues answer ${plan.routes.issues} for ever, the projects' are there`;
    },
  },
  {
    kind: 'old routes',
    weight: 5,
    maySay: false,
    apply: (plan, dice) => {
      plan.routes.issue = dice.pick([404, 405] as const);
      plan.routes.issueEvents = dice.pick([404, 405, 'html'] as const);
      return (
        `an issue answers ${plan.routes.issue} and its events ${plan.routes.issueEvents}; the routes without ` +
        'organization are there'
      );
    },
  },
  {
    kind: 'old routes',
    weight: 3,
    maySay: false,
    apply: (plan) => {
      plan.routes.oldIssue = plan.routes.oldIssueEvents = 404;
      return 'the routes without organization are gone';
    },
  },
  {
    kind: 'dead route',
    weight: 3,
    maySay: true,
    apply: (plan, dice) => {
      const route = dice.pick(['teams', 'releases', 'events', 'project', 'release', 'event'] satisfies Route[]);
      plan.routes[route] = dice.pick([403, 404, 500, 'html'] as const);
      return `${route} answers ${plan.routes[route]} for ever`;
    },
  },
  {
    kind: 'ids',
    weight: 7,
    maySay: false,
    apply: (plan, dice) => {
      plan.ids = dice.pick(['slugs, else 404', 'slugs, else []'] as const);
      return `paths take ${plan.ids}`;
    },
  },
  {
    kind: 'project parameter',
    weight: 6,
    maySay: false,
    apply: (plan, dice) => {
      plan.everyProject = dice.pick(['literal', 'refused', 'understood'] as const);
      if (plan.everyProject === 'understood') plan.noProject = 'own';
      return `project=-1 is ${plan.everyProject}${plan.noProject === 'own' ? ', and needed' : ''}`;
    },
  },
  {
    kind: 'refused project',
    weight: 4,
    maySay: false,
    apply: (plan, dice) => {
      plan.refusedProject = { status: dice.pick([403, 404] as const), listed: dice.is(0.5) };
      return `one project answers ${plan.refusedProject.status}`;
    },
  },
  {
    kind: 'hiding',
    weight: 3,
    maySay: true,
    apply: (plan, dice) => {
      plan.hiding = { run: dice.int(1, Math.max(1, plan.runs.length - 1)), left: dice.pick([0, 1] as const) };
      return `from run ${plan.hiding.run + 1} on the list of projects has ${plan.hiding.left} rows`;
    },
  },
];

const answers: readonly Oddity[] = [
  {
    kind: 'date',
    weight: 7,
    maySay: false,
    apply: (plan, dice) => {
      plan.date = dice.pick(['three hours fast', 'an hour behind', 'missing', 'year 2099', 'year 1970'] as const);
      if (plan.date.startsWith('year')) plan.maySay = true;
      return `Date ${plan.date}`;
    },
  },
  {
    kind: 'date',
    weight: 2,
    maySay: false,
    apply: (plan, dice) => {
      plan.machine = dice.pick([-10 * minute, 10 * minute, -3 * hour, 3 * hour]);
      return `the tap's machine is ${plan.machine / minute} minutes ahead`;
    },
  },
  {
    kind: 'limits',
    weight: 6,
    maySay: false,
    apply: (plan, dice) => {
      const limits = { requests: dice.int(8, 40), window: dice.pick([1, 2, 5]) * second };
      const headers = dice.pick(['right', 'right', 'none', 'milliseconds', 'year 2099', 'past'] as const);
      plan.limits = {
        routes: dice.pick(['all', ['events'], ['issues', 'event']] as const),
        limits: { ...limits, headers },
      };
      return `${limits.requests} requests in ${limits.window / second} s, headers ${headers}`;
    },
  },
  {
    kind: 'a day',
    weight: 2,
    maySay: true,
    apply: (plan, dice) => {
      plan.retryAfterDay = dice.pick(['events', 'issues', 'teams', 'releases', 'projects'] as const);
      return `${plan.retryAfterDay} once answers 429 with Retry-After: 86400`;
    },
  },
  {
    kind: 'passing',
    weight: 9,
    maySay: false,
    apply: (plan, dice) => {
      const kinds = dice.some<Passing>(
        ['500', '502', '503', '504', '429 now', '429 soon', 'empty', 'truncated', 'reset'],
        dice.int(1, 4),
      );
      plan.passing = { kinds, share: dice.pick([0.03, 0.1, 0.25]) };
      plan.settings.retry_time = 300;
      return `${plan.passing.share * 100} % of the requests fail and pass: ${kinds.join(', ')}`;
    },
  },
  {
    kind: 'bad row',
    weight: 4,
    maySay: true,
    apply: (plan, dice) => {
      plan.badRow = dice.pick(['any list', 'full lists'] as const);
      if (plan.badRow === 'full lists') plan.settings.fetch_event_details = true;
      return `one event makes ${plan.badRow} answer 500`;
    },
  },
  {
    kind: 'bodies',
    weight: 4,
    maySay: true,
    apply: (plan, dice) => {
      plan.settings.fetch_event_details = true;
      plan.bodies = dice.pick(['always', 'never', 'on request'] as const);
      plan.fullMost = dice.pick([10, 100]);
      plan.bodiesRefused = dice.pick(['none', 'none', 403, 404] as const);
      return `bodies wanted, given ${plan.bodies}, ${plan.fullMost} a page; ${plan.bodiesRefused} for some events`;
    },
  },
];

const data: readonly Oddity[] = [
  {
    kind: 'bytes',
    weight: 8,
    maySay: false,
    apply: (plan, dice) => {
      plan.bytes = dice.some(
        [
          'exact numbers',
          'wrong bytes',
          'lone surrogates',
          'byte order mark',
          'deep',
          'odd text',
          'wide JSON',
        ] as const,
        dice.int(1, 3),
      );
      return plan.bytes.join(', ');
    },
  },
  {
    kind: 'nulls',
    weight: 2,
    maySay: false,
    apply: (plan) => {
      plan.nulls = true;
      return 'a null in every list';
    },
  },
  {
    kind: 'ids as numbers',
    weight: 3,
    maySay: false,
    apply: (plan) => {
      plan.numericIds = true;
      return 'ids are numbers, and large';
    },
  },
  {
    kind: 'dashes',
    weight: 2,
    maySay: false,
    apply: (plan) => {
      plan.dashedIds = true;
      return 'event ids have dashes';
    },
  },
  {
    kind: 'release ids',
    weight: 2,
    maySay: true,
    apply: (plan) => {
      plan.releaseIds = false;
      return 'releases have no id';
    },
  },
  {
    kind: 'dates',
    weight: 3,
    maySay: false,
    apply: (plan, dice) => {
      plan.dates = dice.pick(['fractions', 'offset'] as const);
      return `dates with ${plan.dates}`;
    },
  },
  {
    kind: 'crowd',
    weight: 4,
    maySay: true,
    apply: (plan, dice) => {
      plan.crowd = dice.int(20, 250);
      return `${plan.crowd} events in one second`;
    },
  },
  {
    kind: 'liars',
    weight: 5,
    maySay: true,
    apply: (plan, dice) => {
      plan.liars = dice.some(['year 1', 'year 2001', 'days early', 'days late'] as const, dice.int(1, 2));
      return `an event shows another time than it is sorted by: ${plan.liars.join(', ')}`;
    },
  },
  {
    kind: 'moving',
    weight: 10,
    maySay: true,
    apply: (plan, dice) => {
      const kinds: readonly Change[] = [
        'new events',
        'late events',
        'read events deleted',
        'new release',
        'row deleted',
      ];
      plan.moving = {
        kinds: dice.some(kinds, dice.int(1, 3)),
        share: dice.pick([0.05, 0.2, 0.5]),
        lastToo: dice.is(0.5),
      };
      if (dice.is(0.15)) plan.moving.kinds.push('project deleted');
      return `between ${plan.moving.share * 100} % of the pages: ${plan.moving.kinds.join(', ')}`;
    },
  },
];

export const oddities: readonly Oddity[] = [...lists, ...ranges, ...routes, ...answers, ...data];

/** How long the server keeps rows, where it refuses ranges before that. */
export const retention = 20 * day;

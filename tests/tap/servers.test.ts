import { describe, expect, test } from 'vitest';
import type { Behaviour, DemoOptions } from '../../demo/index.js';
import { byDefault, differences, select } from '../support/compare.js';
import { hours, letRowsAppear, still } from '../support/demos.js';
import { configFor, syncInto } from '../support/tap-process.js';
import { Target } from '../support/target.js';

type Row = Record<string, unknown>;

const few = { events: 150, issues: 30 };
const streams = [...byDefault, 'issue_events'] as const;

interface Server {
  behaviour: Partial<Behaviour>;
  options?: DemoOptions;
  /** What the outcome must say. */
  says?: RegExp;
  /** Fields that only the first run has right: the server tells those of the window alone. */
  windowed?: readonly string[];
  /** Streams whose rows are not compared, since the server sends them otherwise. */
  except?: readonly string[];
  as?: (row: Row) => Row;
}

const servers: Record<string, Server> = {
  'ignores dates of events': {
    behaviour: { ignoreEventDates: true },
    options: { events: 800 },
    says: /events +ok .*the server ignores time ranges/,
  },
  'ignores dates of issues': { behaviour: { ignoreIssueDates: true }, options: { issues: 150 } },
  'ignores dates of releases': { behaviour: { ignoreReleaseDates: true }, options: { releases: 120 } },
  'has no list of issues of the organization': {
    behaviour: { organizationIssues: false },
    says: /does not answer \/organizations\/\{organization\}\/issues\/; \/projects\/\S+\/issues\/ is asked instead/,
    as: ({ lifetime: _, filtered: __, ...row }) => row,
  },
  'selects issues by their first event': { behaviour: { issueWindow: 'firstSeen' } },
  'sends no lifetime': {
    behaviour: { lifetime: false },
    windowed: ['count', 'userCount', 'firstSeen', 'lastSeen'],
    as: ({ lifetime: _, ...row }) => ({ ...row, ...wholeSeconds(row) }),
  },
  'takes unknown search terms for tags': { behaviour: { unknownTermsFindNothing: true } },
  'answers for one project at a time': {
    behaviour: { multiProject: false },
    says: /releases .*the server answers for the projects of its choice only/,
    except: ['releases', 'release'],
  },
  'refuses to tell of the organization': { behaviour: { organizationDetail: 403 } },
  'does not tell of the organization': { behaviour: { organizationDetail: 404 } },
  'cuts issue pages before a last filter': {
    behaviour: { shortIssuePages: true },
    options: { issues: 250, events: 300 },
  },
  'has no private list of users': { behaviour: { usersEndpoint: false } },
  'sends no rate-limit headers, and no cursor on the last page': {
    behaviour: { rateLimitHeaders: false, cursorOnLastPage: false },
  },
  'sends counts as numbers': { behaviour: { numericCounts: true } },
  'sends ids as numbers, and event ids with dashes': { behaviour: { numericIds: true, dashedEventIds: true } },
};

describe('every row arrives, and again nothing is lost, from a server that', () => {
  test.each(Object.entries(servers))('%s', async (_, { behaviour, options, says, windowed = [], except = [], as }) => {
    await using demo = await still({ ...few, ...options, behaviour });
    const target = new Target();
    const compared = streams.filter(
      (name) => !except.includes(name) && !(behaviour.organizationIssues === false && name === 'issue_events'),
    );
    const sync = () => syncInto(target, { config: configFor(demo), catalog: select(...compared, ...except) });

    const first = await sync();

    expect(first.code, first.stderr).toBe(0);
    expect(missingWithoutFeedback(demo, target, compared, behaviour, as)).toEqual({});

    const [issue] = [...demo.truth().rows('issues')].filter((row) => row['issueCategory'] === 'error');
    demo.clock.advance(3 * hours);
    demo.world.addEvents({ issue: String(issue?.['id']), count: 3 });
    letRowsAppear(demo);
    const second = await sync();

    expect(second.code, second.stderr).toBe(0);
    // What a server ignores shows when a range leaves something out.
    if (says) expect(`${first.stderr}${second.stderr}`).toMatch(says);
    const found = Object.values(missingWithoutFeedback(demo, target, compared, behaviour, as));
    expect(
      found.flatMap(({ missing, extra, wrong }) => [
        ...missing,
        ...extra,
        ...Object.keys(wrong).filter((name) => !windowed.includes(name)),
      ]),
    ).toEqual([]);
  });
});

/** A window tells whole seconds; without lifetime there is nothing better. */
const wholeSeconds = (row: Row): Row =>
  Object.fromEntries(
    ['firstSeen', 'lastSeen'].flatMap((name) => (name in row ? [[name, String(row[name]).replace(/\.\d+/, '')]] : [])),
  );

/** Servers that know no categories show no feedback: it is asked for by a search that they do not understand. */
function missingWithoutFeedback(
  demo: Awaited<ReturnType<typeof still>>,
  target: Target,
  compared: readonly string[],
  behaviour: Partial<Behaviour>,
  as?: (row: Row) => Row,
) {
  const blind = behaviour.unknownTermsFindNothing === true || behaviour.organizationIssues === false;
  const hidden = blind
    ? new Set(
        [...demo.truth().rows('issues')]
          .filter((row) => row['issueCategory'] === 'feedback')
          .map((row) => String(row['id'])),
      )
    : new Set<string>();
  return differences(demo, target, compared as Parameters<typeof differences>[2], {
    ...(as ? { as } : {}),
    without: (key, row) => hidden.has(key) || hidden.has(String(row['groupID'])),
  });
}

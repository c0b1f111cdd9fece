/**
 * Issues as the API shows them. The part that only changes when the issue does is kept as text; counts
 * and times are put in per request, since a window has its own.
 */
import { daySeconds, isoMicro, isoMilli, isoSecond } from '../clock.js';
import type { Activity, Assignee, Issue } from '../entities.js';
import type { Range } from '../event-index.js';
import type { State } from '../state.js';
import { releaseRef, userRow, type Row } from './organization.js';

/** Count, users and times of some of an issue's events. */
export interface Tally {
  readonly count: string;
  readonly userCount: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

export class IssueRows {
  private readonly kept = new Map<Issue, { version: number; text: string }>();

  constructor(private readonly state: State) {}

  /** All-time values. They come from the issue's own record, so their times have fractions. */
  lifetime(issue: Issue): Tally {
    const { events } = this.state;
    const last = this.state.lastEvent(issue);
    return {
      count: String(issue.events.length),
      userCount: this.state.userCount(issue, [0, issue.events.length]),
      firstSeen: isoMicro(events.second[issue.firstEvent]!, events.micro[issue.firstEvent]!),
      lastSeen: isoMicro(events.second[last]!, events.micro[last]!),
    };
  }

  /** Values inside a window. They come from the event index, so their times are whole seconds. */
  windowed(issue: Issue, range: Range): Tally {
    const { events } = this.state;
    const [from, to] = range;
    return {
      count: String(to - from),
      userCount: this.state.userCount(issue, range),
      firstSeen: isoSecond(events.second[issue.events.get(from)]!),
      lastSeen: isoSecond(events.second[issue.events.get(to - 1)]!),
    };
  }

  /** JSON text of a list row: what stays, then what was counted. */
  text(issue: Issue, counted: Row): string {
    let kept = this.kept.get(issue);
    if (kept?.version !== issue.version) {
      kept = { version: issue.version, text: JSON.stringify(this.base(issue)).slice(0, -1) };
      this.kept.set(issue, kept);
    }
    return `${kept.text},${JSON.stringify(counted).slice(1)}`;
  }

  base(issue: Issue): Row {
    const { project, failing } = issue;
    const { assignees } = this.state.settings.behaviour;
    return {
      id: issue.id,
      shareId: issue.shareId,
      shortId: issue.shortId,
      title: failing.title,
      culprit: failing.culprit,
      permalink: `https://${this.state.settings.organization}.sentry.io/issues/${issue.id}/`,
      logger: failing.logger,
      level: issue.level,
      status: issue.status,
      statusDetails:
        issue.substatus === 'archived_until_condition_met'
          ? { ignoreCount: 100, ignoreUntil: null, ignoreUserCount: null, ignoreUserWindow: null, ignoreWindow: null }
          : {},
      isPublic: issue.shareId !== null,
      platform: project.platform.language,
      project: { id: project.id, name: project.name, slug: project.slug, platform: project.platform.key },
      type: failing.type,
      metadata: metadata(issue),
      numComments: issue.comments,
      assignedTo: issue.assignee && assignees ? assignedTo(issue.assignee) : null,
      isBookmarked: false,
      isSubscribed: issue.comments > 0,
      subscriptionDetails: issue.comments > 0 ? { reason: 'commented' } : null,
      hasSeen: issue.comments > 0,
      annotations:
        issue.comments > 2
          ? [{ displayName: `OPS-${issue.index}`, url: `https://tracker.example.com/browse/OPS-${issue.index}` }]
          : [],
      isUnhandled: !issue.handled,
      ...this.categories(issue),
    };
  }

  /** What servers without categories lack. */
  private categories(issue: Issue): Row {
    if (!this.state.settings.behaviour.issueCategories) return {};
    return {
      substatus: issue.substatus,
      priority: issue.priority,
      priorityLockedAt: null,
      seerFixabilityScore: null,
      seerAutofixLastTriggered: null,
      seerExplorerAutofixLastTriggered: null,
      issueType: issue.failing.issueType,
      issueCategory: issue.category,
    };
  }

  detail(issue: Issue, collapse: readonly string[]): Row {
    const row: Row = { ...this.base(issue), ...this.lifetime(issue) };
    if (!collapse.includes('stats'))
      row.stats = { '24h': this.series(issue, 3600, 24), '30d': this.series(issue, daySeconds, 30) };
    if (!collapse.includes('tags')) row.tags = this.tags(issue);
    if (!collapse.includes('release')) {
      const [first, last] = [this.state.releaseOf(issue.firstEvent), this.state.releaseOf(this.state.lastEvent(issue))];
      row.firstRelease = first ? releaseRef(this.state, first) : null;
      row.lastRelease = last ? releaseRef(this.state, last) : null;
    }
    const people = [...new Set(issue.activity.flatMap(({ member }) => member ?? []))].map((member) => userRow(member));
    return {
      ...row,
      activity: [...issue.activity]
        .sort((a, b) => b.at - a.at)
        .slice(0, 99)
        .map(activityRow)
        .concat({
          id: '0',
          type: 'first_seen',
          dateCreated: row.firstSeen,
          user: null,
          data: { priority: issue.priority },
        }),
      seenBy: issue.comments > 0 ? people.map((person) => ({ ...person, lastSeen: row.lastSeen })) : [],
      participants: people.map((person) => ({ ...person, type: 'user' })),
      userReportCount: issue.category === 'feedback' ? 1 : 0,
    };
  }

  /** `[unix seconds, events]` pairs up to now, oldest first. */
  series(issue: Issue, step: number, length: number): [number, number][] {
    const end = Math.floor(this.state.clock.now() / 1000 / step) * step + step;
    return Array.from({ length }, (_, n) => {
      const from = end - (length - n) * step;
      const [low, high] = issue.events.within(from, from + step);
      return [from, high - low];
    });
  }

  private tags(issue: Issue): Row[] {
    const first = issue.events.from(this.state.oldest());
    const events = Array.from({ length: issue.events.length - first }, (_, n) => issue.events.get(first + n));
    const total = events.length;
    const released = events.filter((event) => this.state.releaseOf(event)).length;
    const tags = [
      { key: 'environment', name: 'Environment', totalValues: total },
      { key: 'level', name: 'Level', totalValues: total },
      { key: 'os', name: 'OS', totalValues: total },
      { key: 'release', name: 'Release', totalValues: released },
    ];
    return tags.filter(({ totalValues }) => totalValues > 0);
  }
}

/** What kind of failure it is, in one of the shapes Sentry uses. */
export function metadata({ failing, category }: Issue): Row {
  if (category === 'feedback')
    return {
      title: 'User Feedback',
      message: failing.message,
      contact_email: 'customer@example.com',
      name: 'A customer',
      source: 'new_feedback_envelope',
      value: failing.value,
    };
  if (failing.exception === undefined) return { title: failing.title, value: failing.value };
  return {
    type: failing.exception,
    value: failing.value.replaceAll('{n}', failing.sample),
    filename: failing.file,
    function: failing.fn,
    in_app_frame_mix: 'mixed',
  };
}

function assignedTo(assignee: Assignee): Row {
  return assignee.kind === 'user'
    ? { type: 'user', id: assignee.member.userId, name: assignee.member.name, email: assignee.member.email }
    : { type: 'team', id: assignee.team.id, name: assignee.team.slug };
}

function activityRow({ id, type, at, member, data }: Activity): Row {
  return { id, type, dateCreated: isoMilli(at), user: member ? userRow(member) : null, data };
}

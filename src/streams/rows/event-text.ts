/**
 * An event as a text for people, search and language models: what and where it is, what failed, what went before. The
 * same event gives the same text. The event's user is left out; messages and breadcrumbs may name persons all the same.
 */
import type { Config } from '../../schemas/config.js';
import type { Row, RowSource } from '../../sdk/index.js';
import { exceptionLines, outlineLines, valuesOf } from './event-stack.js';
import { cutAtLine, linesOf, memberOf, objectsOf, pairs, word } from './readable.js';

type Settings = Pick<Config, 'event_text' | 'event_text_length' | 'organization' | 'base_url'>;

const most = { messageLines: 20, breadcrumbs: 20, breadcrumbData: 8, tags: 60 };

/** The row with its text where the settings want one; else the row itself. */
export function withText(row: Row, { config, alias }: RowSource<Settings>): Row {
  return config.event_text ? { ...row, text_content: eventText(row, config, word(alias?.['project_id'])) } : row;
}

/** The text of an event, of whole lines, at most `event_text_length` characters. */
export function eventText(row: Row, settings: Settings, project?: string): string {
  const entries = objectsOf(row['entries']);
  const tags = tagsOf(row);
  const exceptions = exceptionLines(entries);
  const sections = [
    headLines(row, tags, settings, project),
    messageLines(row, entries),
    ...(exceptions.length > 1 ? [['exceptions, the cause first:']] : []),
    ...(exceptions.length > 0 ? exceptions : [outlineLines(row['metadata'])]),
    requestLines(entries),
    breadcrumbLines(entries),
    tagLines(tags),
  ];
  const text = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  return cutAtLine(text, settings.event_text_length);
}

/** The title, and a line for each thing by which the event is found. */
function headLines(row: Row, tags: ReadonlyMap<string, string>, settings: Settings, project?: string): string[] {
  const id = word(row['projectID']);
  const named = project === undefined || project === id ? id : [project, id && `(${id})`].filter(Boolean).join(' ');
  const facts: Record<string, string | undefined> = {
    permalink: permalinkOf(row, settings),
    issue: word(row['groupID']),
    event: word(row['eventID']),
    project: named,
    release: tags.get('release') ?? word(memberOf(row['release'], 'version')),
    environment: tags.get('environment'),
    time: word(row['dateCreated']),
    level: tags.get('level'),
    platform: word(row['platform']),
    culprit: word(row['culprit']),
  };
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return [word(row['title']) ?? 'event', ...known.map(([name, value]) => `${name}: ${value}`)];
}

/** Where people see the event: organizations have a host of their own on sentry.io. */
function permalinkOf({ groupID, eventID }: Row, { organization, base_url: base }: Settings): string | undefined {
  const [issue, event] = [word(groupID), word(eventID)];
  if (issue === undefined || event === undefined) return undefined;
  const isSaas = /(^|\.)sentry\.io$/.test(base.hostname);
  const root = isSaas
    ? `https://${organization}.sentry.io/`
    : new URL(`../../organizations/${organization}/`, base).href;
  return `${root}issues/${issue}/events/${event}/`;
}

/** The message, where the title does not say it already. */
function messageLines(row: Row, entries: readonly Row[]): string[] {
  const data = entries.find(({ type }) => type === 'message')?.['data'];
  const message = word(row['message']) === undefined ? memberOf(data, 'formatted') : row['message'];
  const lines = linesOf(message, most.messageLines);
  const isSaid = lines.length === 1 && (word(row['title']) ?? '').includes(lines[0] ?? '');
  return lines.length === 0 || isSaid ? [] : ['message:', ...lines.map((line) => `  ${line}`)];
}

/** What was asked for, without the query, which may hold secrets. */
function requestLines(entries: readonly Row[]): string[] {
  const data = entries.find(({ type }) => type === 'request')?.['data'];
  const url = word(memberOf(data, 'url'))?.replace(/[?#].*$/, '');
  return url === undefined ? [] : [['request:', word(memberOf(data, 'method')), url].filter(Boolean).join(' ')];
}

/** What the program did before, newest first. */
function breadcrumbLines(entries: readonly Row[]): string[] {
  const all = objectsOf(valuesOf(entries, 'breadcrumbs'));
  const newest = all.slice(-most.breadcrumbs).reverse();
  const lines = newest.map(({ timestamp, category, type, level, message, data }) => {
    const time = /T(\d\d:\d\d:\d\d)/.exec(word(timestamp) ?? '')?.[1];
    const urgent = ['warning', 'error', 'fatal'].find((one) => one === level);
    const parts = [time, word(category) ?? word(type), urgent, word(message, 300), ...pairs(data, most.breadcrumbData)];
    return `  ${parts.filter(Boolean).join(' ')}`;
  });
  return lines.length === 0 ? [] : ['breadcrumbs, newest first:', ...lines];
}

/** Said in the head already, or a person. */
const hidden = new Set(['release', 'environment', 'level', 'user']);

function tagLines(tags: ReadonlyMap<string, string>): string[] {
  const lines = [...tags]
    .filter(([key]) => !hidden.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, most.tags)
    .map(([key, value]) => `  ${key}: ${value}`);
  return lines.length === 0 ? [] : ['tags:', ...lines];
}

function tagsOf(row: Row): Map<string, string> {
  const tags = objectsOf(row['tags']).map(({ key, value }) => [word(key), word(value)] as const);
  return new Map(tags.filter((tag): tag is readonly [string, string] => tag.every((part) => part !== undefined)));
}

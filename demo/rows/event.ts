/**
 * Event rows, made as text: an issue's fixed words are escaped once, an event adds its id, user, tags
 * and time. A page of a hundred costs a fraction of a millisecond.
 */
import { isoMicro, isoMilli } from '../clock.js';
import type { Issue } from '../entities.js';
import { browsers, cities, devices, environments, servers, systems } from '../names.js';
import { at, hex8, mix } from '../random.js';
import type { State } from '../state.js';
import { metadata } from './issue.js';

/** Fills rows up to a wanted size; plain words, nothing to escape. */
const filler = Array.from(
  { length: 400 },
  (_, n) => `worker ${n % 13} waited ${(n * 37) % 900} ms for lock ${hex8(mix(n))}, then went on with batch ${n * 7}; `,
).join('');

interface Template {
  readonly message: readonly string[];
  /** title, location, culprit. */
  readonly words: string;
  /** platform, and after the date: crashFile, metadata. */
  readonly platform: string;
  readonly tail: string;
  readonly tags: string;
}

export class EventRows {
  private readonly templates = new Map<Issue, Template>();
  private readonly users: string[] = [];

  constructor(private readonly state: State) {}

  /** JSON text of a list row. */
  text(e: number): string {
    const { events, settings } = this.state;
    const issue = this.state.birthIssue(e);
    const template = this.template(issue);
    const id = events.id(e);
    const head =
      `{"id":"${id}","event.type":"${issue.failing.type === 'default' ? 'default' : 'error'}","groupID":"` +
      `${this.state.survivor(issue).id}","eventID":"${id}","projectID":"${issue.project.id}","message":"` +
      `${this.message(e)}`;
    const rest =
      `",${template.words},"user":${this.user(e)},"tags":[${this.tags(e)}],"platform":"${template.platform}",` +
      `"dateCreated":"${isoMicro(events.second[e]!, events.micro[e]!)}",${this.arrival(e)}${template.tail}}`;
    const missing = settings.rowBytes - head.length - rest.length;
    return missing > 0 ? head + this.pad(e, missing) + rest : head + rest;
  }

  /** `dateReceived` as a JSON member and a comma, where lists are ordered by it. */
  private arrival(e: number): string {
    const { events, settings } = this.state;
    if (settings.behaviour.eventOrder === 'dateCreated') return '';
    return `"dateReceived":"${isoMilli(events.received[e]!)}",`;
  }

  /** The message, escaped, without quotes. */
  message(e: number): string {
    const { message } = this.template(this.state.birthIssue(e));
    return message.length === 1
      ? message[0]!
      : message.join(String(100 + (mix(this.state.settings.seed, e, 31) % 90_000)));
  }

  /** title, location and culprit as JSON members. */
  words(e: number): string {
    return this.template(this.state.birthIssue(e)).words;
  }

  /** JSON text of the event's user, or `null`. */
  user(e: number): string {
    const user = this.state.userOf(e);
    if (user === undefined) return 'null';
    return (this.users[user] ??= JSON.stringify(this.endUser(user)));
  }

  /** Comma-separated JSON text of the tags. */
  tags(e: number): string {
    const { seed } = this.state.settings;
    const issue = this.state.birthIssue(e);
    const { project } = issue;
    const hash = mix(seed, e, 32);
    const tag = (key: string, value: string): string => `{"key":"${key}","value":"${value}"},`;
    const release = this.state.releaseOf(e);
    let text = '';
    if (project.platform.client === 'server') text += tag('server_name', at(servers, hash));
    else if (project.platform.client === 'browser') {
      const [browser, version] = at(browsers, hash >>> 4);
      text += `${tag('browser', `${browser} ${version}`)}${tag('browser.name', browser)}`;
    } else {
      const [device, model] = at(devices, hash >>> 4);
      text += `${tag('device', model)}${tag('device.family', device)}`;
    }
    const [os, osVersion] = this.system(e);
    text += tag('os', `${os} ${osVersion}`);
    text += tag(
      'environment',
      at(project.environments.length > 0 ? project.environments : environments, hash % 10 < 7 ? 0 : hash >>> 6),
    );
    if (release) text += `{"key":"release","value":${JSON.stringify(release.version)}},`;
    const user = this.state.userOf(e);
    if (user !== undefined) text += tag('user', `id:${1_000_000 + user}`);
    return text + this.template(issue).tags;
  }

  system(e: number): readonly [string, string] {
    const { client } = this.state.platformOf(e);
    if (client === 'server') return systems[2];
    return client === 'phone' ? systems[4] : at(systems, mix(this.state.settings.seed, e, 33));
  }

  pad(e: number, length: number): string {
    const from = mix(this.state.settings.seed, e, 34) % 4000;
    let text = filler.slice(from, from + length);
    while (text.length < length) text += filler.slice(0, length - text.length);
    return text;
  }

  private endUser(user: number): Record<string, unknown> {
    const hash = mix(this.state.settings.seed, user, 35);
    const id = String(1_000_000 + user);
    const ip = `${20 + (hash % 180)}.${(hash >>> 8) % 256}.${(hash >>> 16) % 256}.${user % 250}`;
    const [country, city, region] = at(cities, hash >>> 3);
    const geo = { country_code: country, city, region };
    if (hash % 5 === 0) return { id: null, email: null, username: null, ip_address: ip, name: null, geo, data: null };
    if (hash % 5 === 1)
      return { id, email: null, username: `user${user}`, ip_address: null, name: null, geo: null, data: null };
    return {
      id,
      email: `user${user}@customers.example`,
      username: `user${user}`,
      ip_address: ip,
      name: null,
      geo,
      data: hash % 7 === 0 ? { plan: 'gold', since: 2019 + (hash % 6) } : null,
    };
  }

  private template(issue: Issue): Template {
    const kept = this.templates.get(issue);
    if (kept) return kept;
    const { failing, project } = issue;
    const inner = (value: unknown): string => JSON.stringify(value).slice(1, -1);
    const tags: [string, string][] = [
      ['level', issue.level],
      ['handled', issue.handled ? 'yes' : 'no'],
      ['mechanism', issue.handled ? 'generic' : 'onerror'],
      ['transaction', failing.culprit ?? failing.fn],
    ];
    if (project.platform.runtime)
      tags.push(['runtime', project.platform.runtime.join(' ')], ['runtime.name', project.platform.runtime[0]]);
    if (failing.logger) tags.push(['logger', failing.logger]);
    const made: Template = {
      message: inner(failing.message).split('{n}'),
      words: inner({
        title: failing.title,
        location: failing.exception === undefined ? null : failing.file,
        culprit: failing.culprit,
      }),
      platform: project.platform.language,
      tail: inner({ crashFile: null, metadata: metadata(issue) }),
      tags: tags.map(([key, value]) => JSON.stringify({ key, value })).join(','),
    };
    this.templates.set(issue, made);
    return made;
  }
}

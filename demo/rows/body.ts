/**
 * Full event bodies: stack trace, request, breadcrumbs, contexts. Stack and breadcrumbs are written once
 * per issue; the breadcrumbs' times are filled in per event, in the minute before it.
 */
import { isoMicro } from '../clock.js';
import type { Issue } from '../entities.js';
import { at, hex8, mix } from '../random.js';
import { fill } from '../phrases.js';
import type { State } from '../state.js';
import type { EventRows } from './event.js';
import { metadata } from './issue.js';
import { releaseOfEvent } from './release.js';

interface Parts {
  /** Entries up to the breadcrumbs' values. */
  readonly entries: string;
  /** Breadcrumbs, cut where the minute goes. */
  readonly crumbs: readonly string[];
  readonly tail: string;
}

const minute = '\u0001';

export class EventBodies {
  private readonly parts = new Map<Issue, Parts>();

  constructor(
    private readonly state: State,
    private readonly rows: EventRows,
  ) {}

  /** JSON text of a row of an event list asked with `full`. */
  text(e: number): string {
    const { events, settings } = this.state;
    const issue = this.state.birthIssue(e);
    const parts = this.partsOf(issue);
    const id = events.id(e);
    const [second, micro] = [events.second[e]!, events.micro[e]!];
    const received = events.received[e]!;
    const release = this.state.releaseOf(e);
    const [os, osVersion] = this.rows.system(e);
    const trace =
      hex8(mix(settings.seed, e, 41)) +
      hex8(mix(settings.seed, e, 42)) +
      hex8(mix(settings.seed, e, 43)) +
      hex8(mix(settings.seed, e, 44));
    const contexts =
      `{"os":{"name":"${os}","version":"${osVersion}","type":"os"},"trace":{"trace_id":"${trace}","span_id":"` +
      `${trace.slice(0, 16)}","op":"http.server","status":"internal_error","type":"trace"}` +
      `${this.runtime(issue)}}`;
    const before = new Date((second - 60) * 1000).toISOString().slice(0, 17);
    const head =
      `{"id":"${id}","groupID":"${this.state.survivor(issue).id}","eventID":"${id}","projectID":"` +
      `${issue.project.id}","message":"${this.rows.message(e)}",${this.rows.words(e)},"user":` +
      `${this.rows.user(e)},"tags":[${this.rows.tags(e)}],"dateCreated":"${isoMicro(second, micro)}",` +
      `"dateReceived":"${isoMicro(Math.floor(received / 1000), (received % 1000) * 1000)}","dist":` +
      `${release && release.index % 5 === 0 ? '"42"' : 'null'},"contexts":${contexts},`;
    const text = head + parts.entries + parts.crumbs.join(before);
    const missing = settings.bodyBytes - text.length - parts.tail.length - 300;
    const extra =
      missing > 0
        ? `,{"type":"default","timestamp":"${before}59.000000Z","level":"debug","message":"` +
          `${this.rows.pad(e, missing)}","category":"worker.log","data":null,"event_id":null}`
        : '';
    return `${text}${extra}]}}],"size":${text.length + parts.tail.length + extra.length},${parts.tail}`;
  }

  /** JSON text of the single-event answer: a body and what only that route tells. */
  detail(e: number): string {
    const { events } = this.state;
    const release = this.state.releaseOf(e);
    const list = this.state.survivor(this.state.birthIssue(e)).events;
    let place = list.from(events.second[e]!);
    while (list.get(place) !== e) place += 1;
    const neighbour = (position: number): string | null =>
      position >= 0 && position < list.length ? events.id(list.get(position)) : null;
    const hasReport = mix(this.state.settings.seed, e, 45) % 50 === 0;
    const more = {
      release: release ? releaseOfEvent(this.state, release) : null,
      userReport: hasReport
        ? {
            id: String(400_000 + e),
            eventID: events.id(e),
            name: 'A customer',
            email: 'customer@example.com',
            comments: 'It just went blank.',
            dateCreated: isoMicro(events.second[e]! + 60, 0),
            user: null,
            event: { id: events.id(e), eventID: events.id(e) },
          }
        : null,
      sdkUpdates: [],
      resolvedWith: [],
      nextEventID: neighbour(place + 1),
      previousEventID: neighbour(place - 1),
    };
    return `${this.text(e).slice(0, -1)},${JSON.stringify(more).slice(1)}`;
  }

  private runtime(issue: Issue): string {
    const { runtime, client } = issue.project.platform;
    const device =
      client === 'phone'
        ? ',"device":{"family":"iPhone","model":"iPhone16,1","arch":"arm64e","memory_size":6442450944,"type":"device"}'
        : '';
    return runtime ? `,"runtime":{"name":"${runtime[0]}","version":"${runtime[1]}","type":"runtime"}${device}` : device;
  }

  private partsOf(issue: Issue): Parts {
    const kept = this.parts.get(issue);
    if (kept) return kept;
    const { failing, project } = issue;
    const before: object[] = [];
    if (failing.exception !== undefined)
      before.push({ type: 'exception', data: { values: [exception(issue)], hasSystemFrames: true, excOmitted: null } });
    else before.push({ type: 'message', data: { formatted: failing.title } });
    if (project.platform.client !== 'phone') before.push({ type: 'request', data: request(issue) });
    const tail = {
      platform: project.platform.language,
      sdk: { name: project.platform.sdk[0], version: project.platform.sdk[1] },
      context: { [failing.noun]: { retries: issue.index % 4, queue: `${failing.noun}-high` } },
      packages:
        project.platform.client === 'server'
          ? { [project.platform.library[0]![0].split('/')[0]!]: '5.1.3', requests: '2.32.3' }
          : {},
      type: failing.type,
      metadata: metadata(issue),
      errors:
        issue.index % 9 === 0
          ? [
              {
                type: 'js_no_source',
                message: 'Source code was not found',
                data: { url: `https://cdn.example.com/static/${failing.noun}.js` },
              },
            ]
          : [],
      occurrence: null,
      _meta: {
        user: null,
        context: null,
        entries: {},
        contexts: null,
        message: null,
        packages: null,
        tags: {},
        sdk: null,
      },
      crashFile: null,
      fingerprints: [[1, 2, 3, 4].map((part) => hex8(mix(this.state.settings.seed, issue.index, part, 46))).join('')],
      groupingConfig: { id: 'newstyle:2023-01-11', enhancements: 'KLUv_SAYwQAAkwKRs25ld3N0eWxlOjIwMjMtMDEtMTGQ' },
    };
    const made: Parts = {
      entries:
        `"entries":[${before.map((entry) => `${JSON.stringify(entry)},`).join('')}{"type":"breadcrumbs",` +
        '"data":{"values":[',
      crumbs: crumbs(issue, this.state.settings.seed)
        .map((crumb) => JSON.stringify(crumb))
        .join(',')
        .split(JSON.stringify(minute).slice(1, -1)),
      tail: JSON.stringify(tail).slice(1),
    };
    this.parts.set(issue, made);
    return made;
  }
}

function exception({ failing, project, handled, index }: Issue): object {
  const { platform } = project;
  const frame = (file: string, fn: string, inApp: boolean, line: number): object => ({
    filename: file,
    absPath: platform.client === 'server' ? `/srv/app/${file.replace(/^\//, '')}` : file,
    module: file.replace(/^[./]+|\.\w+$/g, '').replaceAll('/', '.'),
    package: null,
    platform: null,
    instructionAddr: null,
    symbolAddr: null,
    trust: null,
    symbol: null,
    function: fn,
    rawFunction: null,
    context: Array.from({ length: 5 }, (_, n) => [
      line - 2 + n,
      n === 2 ? fill(platform.code, failing.noun, fn) : `    # ${failing.noun} ${line - 2 + n}`,
    ]),
    lineNo: line,
    colNo: platform.client === 'browser' ? 17 : null,
    inApp,
    errors: null,
    lock: null,
    sourceLink: null,
    vars: inApp && platform.client === 'server' ? { [`${failing.noun}_id`]: String(1000 + index), retries: '0' } : null,
  });
  const frames = [...platform.library, ...platform.library].map(([file, fn], n) => frame(file, fn, false, 40 + n * 61));
  return {
    type: failing.exception,
    value: failing.value.replaceAll('{n}', failing.sample),
    module: null,
    threadId: null,
    rawStacktrace: null,
    mechanism: { type: handled ? 'generic' : 'onerror', handled },
    stacktrace: {
      framesOmitted: null,
      registers: null,
      hasSystemFrames: true,
      frames: [
        ...frames,
        frame(failing.file, `dispatch_${failing.noun}`, true, 18),
        frame(failing.file, failing.fn, true, 40 + (index % 200)),
      ],
    },
  };
}

function request({ failing, project, index }: Issue): object {
  return {
    url: `https://${project.slug}.example.com/api/${fill('{noun}s', failing.noun)}/${1000 + index}`,
    method: index % 3 === 0 ? 'POST' : 'GET',
    fragment: null,
    query: [['page', String(index % 9)]],
    data: index % 3 === 0 ? { [failing.noun]: { quantity: 2, note: 'Grüße' } } : null,
    cookies: [],
    env: null,
    inferredContentType: null,
    headers: [
      ['Accept', 'application/json'],
      ['User-Agent', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36'],
      ['X-Request-Id', hex8(mix(index))],
    ],
  };
}

function crumbs({ failing, index }: Issue, seed: number): object[] {
  return Array.from({ length: 8 + (index % 12) }, (_, n) => {
    const hash = mix(seed, index, n, 47);
    const time =
      `${minute}${String(2 + Math.floor((n * 56) / 20)).padStart(2, '0')}.${String(100_000 + (hash % 900_000))}` + 'Z';
    const kind = at(['http', 'query', 'ui.click', 'console'], hash);
    const base = {
      type: kind === 'http' ? 'http' : 'default',
      category: kind,
      level: 'info',
      timestamp: time,
      event_id: null,
    };
    if (kind === 'http')
      return {
        ...base,
        message: null,
        data: {
          method: 'GET',
          url: `/api/${fill('{noun}s', failing.noun)}/${hash % 5000}`,
          status_code: at([200, 200, 204, 404, 502], hash >>> 5),
        },
      };
    if (kind === 'query')
      return { ...base, message: `SELECT * FROM ${fill('{noun}s', failing.noun)} WHERE id = %s`, data: null };
    if (kind === 'ui.click') return { ...base, message: `button#save-${failing.noun} > span`, data: null };
    return {
      ...base,
      message: `loaded ${hash % 40} ${fill('{noun}s', failing.noun)}`,
      data: { arguments: [failing.noun, hash % 7] },
    };
  });
}

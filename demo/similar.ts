/** Answers of servers that only resemble Sentry: other types for ids and counts, other names of fields. */
import { bytes, type Answer } from './answer.js';
import type { Behaviour } from './behaviour.js';

const idKeys = new Set(['id', 'groupID', 'projectID']);
const eventIdKeys = new Set(['eventID', 'id', 'nextEventID', 'previousEventID']);

/** Rewrites an answer's rows where the behaviour asks for it. */
export function restyle(answer: Answer, behaviour: Behaviour): Answer {
  const { numericIds, numericCounts, dashedEventIds } = behaviour;
  if (!(numericIds || numericCounts || dashedEventIds) || answer.status !== 200) return answer;
  const value: unknown = JSON.parse(bytes(answer).toString(), (key, field: unknown) => {
    if (typeof field !== 'string') return field;
    if (dashedEventIds && eventIdKeys.has(key) && /^[0-9a-f]{32}$/.test(field))
      return field.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    if (numericIds && idKeys.has(key) && /^\d{1,16}$/.test(field)) return Number(field);
    if (numericCounts && key === 'count' && /^\d+$/.test(field)) return Number(field);
    return field;
  });
  return { ...answer, body: [Buffer.from(JSON.stringify(value))] };
}

/** Rewrites the keys of an answer's rows, not those inside of them: `eventID` to `event_id`. */
export function snakeCase(answer: Answer): Answer {
  const rows = JSON.parse(bytes(answer).toString()) as Record<string, unknown>[];
  const renamed = rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [snake(key), value])));
  return { ...answer, body: [Buffer.from(JSON.stringify(renamed))] };
}

const snake = (key: string): string => key.replace(/(?<=[a-z])[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);

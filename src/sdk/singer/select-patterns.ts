/**
 * The rules that Meltano has applied to the catalog before it hands it over. It says nothing of a rule that matches
 * nothing, and then a stream or a column is missing that somebody wanted; the tap sees the rules in its environment.
 */
import type { CatalogEntry } from './catalog.js';

/** Rules by the names of Meltano's extras, as JSON text; undefined where none are set. */
export interface PluginRules {
  readonly select: string | undefined;
  readonly metadata: string | undefined;
  readonly schema: string | undefined;
}

/** A sentence for each rule that matches no stream, or no property of the streams that it names. */
export function unmatchedRules({ select, metadata, schema }: PluginRules, entries: readonly CatalogEntry[]): string[] {
  const patterns = listOf(select).filter((pattern) => !matches(pattern.replace(/^!/, ''), entries));
  const names = [...membersOf('metadata', metadata), ...membersOf('schema', schema)];
  return [
    ...patterns.map((pattern) => `select: ${pattern} matches nothing that this tap has; it has no effect.`),
    ...names
      .filter(({ stream }) => !matches(stream, entries))
      .map(({ extra, stream }) => `${extra}: ${stream} matches no stream of this tap; it has no effect.`),
  ];
}

/** A pattern is `stream`, or `stream.property`; a dot that belongs to the stream's name has a backslash before it. */
function matches(pattern: string, entries: readonly CatalogEntry[]): boolean {
  const [stream = '', ...path] = pattern.split(/(?<!\\)\./);
  const isStream = globOf(stream.replaceAll('\\.', '.'));
  const streams = entries.filter(({ tap_stream_id: name }) => isStream.test(name));
  if (path.length === 0) return streams.length > 0;
  const isProperty = globOf(path.flatMap((name) => ['properties', name]).join('.'));
  return streams.some(({ metadata }) => metadata.some(({ breadcrumb }) => isProperty.test(breadcrumb.join('.'))));
}

/** A shell pattern: `*`, `?`, `[ab]`, `[!ab]`. */
function globOf(pattern: string): RegExp {
  const parts = pattern.match(/\*|\?|\[!?[^\]]+\]|[^]/g) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return part.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 's');
}

const listOf = (text: string | undefined): string[] => {
  const value = parsed(text);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
};

const membersOf = (extra: string, text: string | undefined): { extra: string; stream: string }[] =>
  Object.keys(Object(parsed(text)) as object).map((stream) => ({ extra, stream }));

/** Undefined for what is no JSON: these variables are Meltano's, and somebody else may have set them. */
function parsed(text = 'null'): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

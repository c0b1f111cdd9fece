/** Methods of Python's texts. Lengths of results are checked before they are made. */
import { codePoints } from './code-points.js';
import { Failure } from './failure.js';
import { type Methods, bounds, iterate, text } from './arguments.js';
import { checkLength } from './text.js';
import { type CallInput, List, Tuple, indexOf, isTrue } from './values.js';

type Self = (self: string, input: CallInput) => unknown;

const plain =
  (change: (self: string) => string): Self =>
  (self, { tools }) => {
    tools.spend(self.length);
    return change(self);
  };

const test =
  (pattern: RegExp): Self =>
  (self, { tools }) => {
    tools.spend(self.length);
    return pattern.test(self);
  };

/** Whether a text has letters, and all of them are as `change` leaves them. */
const isCase =
  (change: (self: string) => string): Self =>
  (self) =>
    self === change(self) && self.toLowerCase() !== self.toUpperCase();

const title = (self: string): string =>
  self.replace(/\p{L}+/gu, (word) => word[0]?.toUpperCase() + word.slice(1).toLowerCase());
const capital = (self: string): string => {
  const [first = ''] = self;
  return first.toUpperCase() + self.slice(first.length).toLowerCase();
};
const swapped = (self: string): string =>
  codePoints(self)
    .map((one) => (one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase()))
    .join('');

/** Whether Python takes a character for white space. */
const isSpace = (one: string): boolean => /\s/.test(one) || '\u001c\u001d\u001e\u001f\u0085'.includes(one);

const isOneOf = (characters: string): ((one: string) => boolean) => {
  const all = new Set(characters);
  return (one) => all.has(one);
};

/** Without the characters at its ends that `unwanted` names: white space by default. */
function strip(sides: 'both' | 'left' | 'right'): Self {
  return (self, { args, tools }) => {
    tools.spend(self.length);
    const [given = null] = args;
    const isGone = given === null ? isSpace : isOneOf(text(given, 'the characters'));
    const all = codePoints(self);
    const isKept = (one: string): boolean => !isGone(one);
    const from = sides === 'right' ? 0 : all.findIndex(isKept);
    const to = sides === 'left' ? all.length : all.findLastIndex(isKept) + 1;
    return from < 0 ? '' : all.slice(from, to).join('');
  };
}

function replace(self: string, { args, tools }: CallInput): string {
  const [from, to] = [text(args[0], 'the text to replace'), text(args[1], 'the replacement')];
  const most = indexOf(args[2] ?? -1, 'the count');
  tools.spend(self.length);
  const parts = from === '' ? ['', ...codePoints(self), ''] : self.split(from);
  const head = most < 0 ? parts : [...parts.slice(0, most), parts.slice(most).join(from)].slice(0, most + 1);
  checkLength(self.length + (head.length - 1) * (to.length - from.length));
  tools.spend(parts.length);
  return head.join(to);
}

/** `split` and `rsplit` */
function split(fromRight: boolean): Self {
  return (self, { args, named, tools }) => {
    tools.spend(self.length);
    const [separator = named.get('sep') ?? null, limit = named.get('maxsplit') ?? -1] = args;
    const most = indexOf(limit, 'maxsplit');
    if (separator === null) return new List(words(self, most, fromRight));
    const by = text(separator, 'the separator');
    if (by === '') throw new Failure('ValueError', 'empty separator');
    const parts = self.split(by);
    if (most < 0 || parts.length <= most + 1) return new List(parts);
    return new List(
      fromRight
        ? [parts.slice(0, parts.length - most).join(by), ...parts.slice(parts.length - most)]
        : [...parts.slice(0, most), parts.slice(most).join(by)],
    );
  };
}

function words(self: string, most: number, fromRight: boolean): string[] {
  const all = [...self.matchAll(/\S+/g)].map(({ 0: word, index }) => ({ word, index, end: index + word.length }));
  const some = all.map(({ word }) => word);
  const rest = all.length - most;
  if (most < 0 || rest <= 1) return some;
  if (fromRight) return [self.slice(0, all[rest - 1]?.end), ...some.slice(rest)];
  return [...some.slice(0, most), self.slice(all[most]?.index)];
}

function partition(fromRight: boolean): Self {
  return (self, { args }) => {
    const by = text(args[0], 'the separator');
    if (by === '') throw new Failure('ValueError', 'empty separator');
    const at = fromRight ? self.lastIndexOf(by) : self.indexOf(by);
    if (at < 0) return new Tuple(fromRight ? ['', '', self] : [self, '', '']);
    return new Tuple([self.slice(0, at), by, self.slice(at + by.length)]);
  };
}

function join(self: string, { args, tools }: CallInput): string {
  const items = iterate(args[0], tools).map((item) => text(item, 'an item to join'));
  checkLength(items.reduce((sum, item) => sum + item.length, 0) + self.length * Math.max(0, items.length - 1));
  return items.join(self);
}

/** Whether a text begins, or ends, with one of some texts. */
function hasEnd(isAt: (part: string, end: string) => boolean): Self {
  return (self, input) => {
    const [end] = input.args;
    const ends = end instanceof Tuple ? end.items : [end];
    const { part } = bounds(self, input.args);
    return ends.some((one) => isAt(part, text(one, 'the text to look for')));
  };
}

/** `find`, `index` and their mirrors. */
function find(search: (part: string, other: string) => number, isRequired: boolean): Self {
  return (self, input) => {
    input.tools.spend(self.length / 10);
    const { part, from } = bounds(self, input.args);
    const found = search(part, text(input.args[0], 'the text to look for'));
    if (found < 0 && isRequired) throw new Failure('ValueError', 'substring not found');
    return found < 0 ? -1 : codePoints(part.slice(0, found)).length + from;
  };
}

function count(self: string, input: CallInput): number {
  input.tools.spend(self.length);
  const { part } = bounds(self, input.args);
  const wanted = text(input.args[0], 'the text to count');
  return wanted === '' ? codePoints(part).length + 1 : part.split(wanted).length - 1;
}

/** `ljust`, `rjust`, `center`, `zfill` */
function pad(fillOf: (missing: number, fill: string, self: string) => string): Self {
  return (self, { args, tools }) => {
    const width = indexOf(args[0], 'the width');
    checkLength(width);
    tools.spend(Math.max(width, 0));
    const fill = text(args[1] ?? ' ', 'the fill character');
    if (codePoints(fill).length !== 1)
      throw new Failure('TypeError', 'the fill character must be exactly one character long');
    const missing = width - codePoints(self).length;
    return missing > 0 ? fillOf(missing, fill, self) : self;
  };
}

function zeroFilled(missing: number, _: string, self: string): string {
  const [sign = ''] = /^[-+]/.exec(self) ?? [];
  return sign + '0'.repeat(missing) + self.slice(sign.length);
}

function expandTabs(self: string, { args }: CallInput): string {
  const size = indexOf(args[0] ?? 8, 'the tab size');
  if (size > 100) throw new Failure('ValueError', 'tabs of more than 100 characters are not supported');
  let column = 0;
  const expanded = codePoints(self).map((one) => {
    const width = one === '\t' && size > 0 ? size - (column % size) : Number(one !== '\t');
    column = one === '\n' || one === '\r' ? 0 : column + width;
    return one === '\t' ? ' '.repeat(width) : one;
  });
  checkLength(expanded.reduce((sum, one) => sum + one.length, 0));
  return expanded.join('');
}

const lineEnd = String.raw`(?:\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029])`;
const line = new RegExp(String.raw`[^\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]*(?:${lineEnd}|$)`, 'g');
const lastLineEnd = new RegExp(`${lineEnd}$`);

function splitLines(self: string, { args, named, tools }: CallInput): List {
  tools.spend(self.length);
  const [keepsEnds = named.get('keepends')] = args;
  const lines = [...self.matchAll(line)].map(([one]) => one).filter((one) => one !== '');
  return new List(isTrue(keepsEnds) ? lines : lines.map((one) => one.replace(lastLineEnd, '')));
}

const isIdentifier: Self = (self) => /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(self);
const isTitle: Self = (self) => /\p{L}/u.test(self) && title(self) === self;

/** The methods of a text. */
export const textMethods: Methods<string> = {
  capitalize: plain(capital),
  casefold: plain((self) => self.toLowerCase().replaceAll('ß', 'ss')),
  center: pad((missing, fill, self) => {
    const left = Math.floor(missing / 2) + (missing & (missing + codePoints(self).length) & 1);
    return fill.repeat(left) + self + fill.repeat(missing - left);
  }),
  count,
  endswith: hasEnd((part, end) => part.endsWith(end)),
  expandtabs: expandTabs,
  find: find((part, other) => part.indexOf(other), false),
  index: find((part, other) => part.indexOf(other), true),
  isalnum: test(/^[\p{L}\p{N}]+$/u),
  isalpha: test(/^\p{L}+$/u),
  isascii: (self) => codePoints(self).every((one) => one < '\u0080'),
  isdecimal: test(/^\p{Nd}+$/u),
  isdigit: test(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]+$/u),
  isidentifier: isIdentifier,
  islower: isCase((self) => self.toLowerCase()),
  isprintable: test(/^(?: |[^\p{C}\p{Z}])*$/u),
  isnumeric: test(/^\p{N}+$/u),
  isspace: (self) => self !== '' && codePoints(self).every(isSpace),
  istitle: isTitle,
  isupper: isCase((self) => self.toUpperCase()),
  join,
  ljust: pad((missing, fill, self) => self + fill.repeat(missing)),
  lower: plain((self) => self.toLowerCase()),
  lstrip: strip('left'),
  partition: partition(false),
  removeprefix: (self, { args }) => {
    const prefix = text(args[0], 'the prefix');
    return self.startsWith(prefix) ? self.slice(prefix.length) : self;
  },
  removesuffix: (self, { args }) => {
    const suffix = text(args[0], 'the suffix');
    return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self;
  },
  replace,
  rfind: find((part, other) => part.lastIndexOf(other), false),
  rindex: find((part, other) => part.lastIndexOf(other), true),
  rjust: pad((missing, fill, self) => fill.repeat(missing) + self),
  rpartition: partition(true),
  rsplit: split(true),
  rstrip: strip('right'),
  split: split(false),
  splitlines: splitLines,
  startswith: hasEnd((part, end) => part.startsWith(end)),
  strip: strip('both'),
  swapcase: plain(swapped),
  title: plain(title),
  upper: plain((self) => self.toUpperCase()),
  zfill: pad(zeroFilled),
};

/** Python's datetime module: its types, and the methods and attributes of their values. */
import { type Methods, argument, integerArgument, text } from './arguments.js';
import { dateTimeFromIso, dayFromIso, formatDate, isoWeek, parseDateTime } from './date-text.js';
import { DateTime, Day, Duration, type Fields, Zone, midnight, weekday } from './dates.js';
import { Failure } from './failure.js';
import { type CallInput, Callable, Tuple, floatNumber, floatOf, isNone, typeName, wholeNumber } from './values.js';

const fieldNames = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'] as const;

/** The fields that arguments name; those that are missing are as `otherwise` says. */
function fieldsFrom(input: CallInput, otherwise: Partial<Fields>, names: readonly (keyof Fields)[]): Fields {
  const fields = { ...midnight, ...otherwise } as Fields;
  for (const [position, name] of names.entries()) {
    fields[name] = integerArgument(input, position, name, fields[name]);
  }
  return fields;
}

const dayNames = fieldNames.slice(0, 3);

function zoneOffset(value: unknown): number | undefined {
  if (isNone(value)) return undefined;
  if (value instanceof Zone) return value.offset;
  throw new Failure('TypeError', `tzinfo should be a timezone, not ${typeName(value)}`);
}

const microsecondsNow = (input: CallInput): bigint => BigInt(Math.trunc(input.tools.now())) * 1000n;

function dateTime(input: CallInput): DateTime {
  return DateTime.of(fieldsFrom(input, {}, fieldNames), zoneOffset(argument(input, 7, 'tzinfo')));
}

/** Microseconds of epoch seconds. */
function epoch(value: unknown): bigint {
  const seconds = floatOf(value);
  if (seconds === undefined) throw new Failure('TypeError', `a timestamp should be a number, not ${typeName(value)}`);
  if (Math.abs(seconds) > 1e12) throw new Failure('ValueError', 'the timestamp is out of range');
  return BigInt(Math.round(seconds * 1e6));
}

/** Local time is UTC here: what a machine's zone is should not change records. */
function inZone(instant: bigint, zone: unknown): DateTime {
  const offset = zoneOffset(zone);
  return offset === undefined ? new DateTime(instant, undefined) : new DateTime(instant, 0).inZone(offset);
}

function combined(input: CallInput): DateTime {
  const [day, time] = input.args;
  if (!(day instanceof Day) || !(time instanceof DateTime))
    throw new Failure('TypeError', 'combine takes a date and a time');
  return DateTime.of({ ...time.fields, ...pick(day.fields) }, time.offset);
}

const pick = ({ year, month, day }: Fields): Pick<Fields, 'year' | 'month' | 'day'> => ({ year, month, day });

const dateTimeType = new Callable('datetime.datetime', dateTime, {
  combine: new Callable('combine', combined),
  fromisoformat: new Callable('fromisoformat', ({ args }) => dateTimeFromIso(text(args[0], 'the date-time'))),
  fromtimestamp: new Callable('fromtimestamp', (input) => inZone(epoch(input.args[0]), argument(input, 1, 'tz'))),
  now: new Callable('now', (input) => inZone(microsecondsNow(input), argument(input, 0, 'tz'))),
  strptime: new Callable('strptime', ({ args }) =>
    parseDateTime(text(args[0], 'the date-time'), text(args[1], 'the format')),
  ),
  today: new Callable('today', (input) => inZone(microsecondsNow(input), null)),
  utcfromtimestamp: new Callable('utcfromtimestamp', ({ args }) => new DateTime(epoch(args[0]), undefined)),
  utcnow: new Callable('utcnow', (input) => inZone(microsecondsNow(input), null)),
});

const dayType = new Callable('datetime.date', (input) => new Day(fieldsFrom(input, {}, dayNames)), {
  fromisoformat: new Callable('fromisoformat', ({ args }) => dayFromIso(text(args[0], 'the date'))),
  fromtimestamp: new Callable('fromtimestamp', ({ args }) => dayOf(new DateTime(epoch(args[0]), undefined))),
  today: new Callable('today', (input) => dayOf(inZone(microsecondsNow(input), null))),
});

const dayOf = (value: Day | DateTime): Day => new Day(pick(value.fields));
const daysTo1970 = 719_163n; // Python counts from the first day of the year 1

const units: readonly (readonly [name: string, microseconds: number])[] = [
  ['days', 86_400e6],
  ['seconds', 1e6],
  ['microseconds', 1],
  ['milliseconds', 1000],
  ['minutes', 60e6],
  ['hours', 3600e6],
  ['weeks', 604_800e6],
];

function duration(input: CallInput): Duration {
  let microseconds = 0n;
  for (const [position, [name, size]] of units.entries()) {
    const given = argument(input, position, name) ?? 0;
    const amount = floatOf(given);
    if (amount === undefined) throw new Failure('TypeError', `${name} should be a number, not ${typeName(given)}`);
    if (Math.abs(amount) > 1e15) throw new Failure('OverflowError', 'the timedelta is too long');
    microseconds += Number.isInteger(amount) ? BigInt(amount) * BigInt(size) : BigInt(Math.round(amount * size));
  }
  return new Duration(microseconds);
}

const durationType = new Callable('datetime.timedelta', duration);

const utc = new Zone(0);

const zoneType = new Callable(
  'datetime.timezone',
  ({ args: [offset] }) => {
    if (!(offset instanceof Duration)) throw new Failure('TypeError', 'timezone takes a timedelta');
    const minutes = Number(offset.microseconds / 60_000_000n);
    if (Math.abs(minutes) >= 1440) throw new Failure('ValueError', 'the offset is not within a day');
    return new Zone(minutes);
  },
  { utc },
);

/** The module. */
export const dateModule = new Callable('datetime', undefined, {
  datetime: dateTimeType,
  date: dayType,
  timedelta: durationType,
  timezone: zoneType,
  UTC: utc,
});

const bothMethods: Methods<Day | DateTime> = {
  ctime: (self, { tools }) => formatDate(self, '%c', tools),
  toordinal: (self) => wholeNumber(dayOf(self).number + daysTo1970),
  isoweekday: (self) => weekday(self.fields) + 1,
  strftime: (self, { args, tools }) => formatDate(self, text(args[0], 'the format'), tools),
  weekday: (self) => weekday(self.fields),
  isocalendar: (self) => {
    const { year, week } = isoWeek(self.fields);
    return new Tuple([year, week, weekday(self.fields) + 1]);
  },
};

/** The methods of a date. */
export const dayMethods: Methods<Day> = {
  ...bothMethods,
  isoformat: (self) => self.toString(),
  replace: (self, input) => new Day(fieldsFrom(input, self.fields, dayNames)),
};

/** The methods of a date-time. */
export const dateTimeMethods: Methods<DateTime> = {
  ...bothMethods,
  astimezone: (self, input) => self.inZone(zoneOffset(argument(input, 0, 'tz')) ?? 0),
  date: (self) => dayOf(self),
  isoformat: (self, input) =>
    self.isoFormat(
      text(argument(input, 0, 'sep') ?? 'T', 'the separator'),
      text(argument(input, 1, 'timespec') ?? 'auto', 'the timespec'),
    ),
  replace: (self, input) => {
    const zone = argument(input, 7, 'tzinfo');
    const offset = input.named.has('tzinfo') || zone !== undefined ? zoneOffset(zone) : self.offset;
    return DateTime.of(fieldsFrom(input, self.fields, fieldNames), offset);
  },
  timestamp: (self) => floatNumber(Number(self.instant) / 1e6),
  utcoffset: (self) => (self.offset === undefined ? null : new Duration(BigInt(self.offset) * 60_000_000n)),
};

/** The methods of a span of time. */
export const durationMethods: Methods<Duration> = { total_seconds: (self) => floatNumber(self.totalSeconds) };

/** An attribute of a date, a date-time or a span of time; undefined: it has none of this name. */
export function dateAttribute(value: unknown, name: string): unknown {
  if (value instanceof Duration) return durationAttribute(value, name);
  if (!(value instanceof DateTime || value instanceof Day)) return undefined;
  const isField =
    fieldNames.some((field) => field === name) &&
    (value instanceof DateTime || dayNames.some((field) => field === name));
  if (isField) return value.fields[name as keyof Fields];
  if (name !== 'tzinfo' || value instanceof Day) return undefined;
  return value.offset === undefined ? null : new Zone(value.offset);
}

function durationAttribute(value: Duration, name: string): unknown {
  switch (name) {
    case 'days':
      return wholeNumber(value.days);
    case 'seconds':
      return wholeNumber(value.seconds);
    case 'microseconds':
      return wholeNumber(value.rest);
    default:
      return undefined;
  }
}

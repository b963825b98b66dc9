// Reads an HL7 time (DTM and TS, v2.5.1 ch. 2.A.22 and 2.A.77) into its parts. Whether a missing offset means the
// sender's zone is not decided here.

export type TimePrecision = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction';

export interface Time {
  readonly text: string;
  readonly precision: TimePrecision;
  readonly year: number;
  readonly month?: number;
  readonly day?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly millis?: number;
  readonly offsetMinutes?: number;
  /** Hour 24 or second 60 was sent, and is read as said below. */
  readonly isAdjusted?: true;
}

const digits = /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,9}))?)?)?)?)?)?([+-]\d{4}|Z)?$/;
const dashed = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?([+-]\d\d:?\d\d|Z)?$/;
const precisions: readonly TimePrecision[] = ['year', 'month', 'day', 'hour', 'minute', 'second', 'fraction'];

/**
 * Undefined when it is no time. Also takes ISO 8601 with dashes, which some vendors send, and a degree of precision
 * after the time (v2.2). Hour 24 is the next midnight; a leap second is the second before it.
 */
export function readTime(text: string): Time | undefined {
  if (text.length > 40) return undefined;
  const trimmed = withoutDegree(text).trim();
  const match = digits.exec(trimmed) ?? dashed.exec(trimmed);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, offset] = match;
  const parts = [year, month, day, hour, minute, second, fraction];
  const precision = precisions[parts.findLastIndex((part) => part !== undefined)] ?? 'year';
  const offsetMinutes = offset === undefined ? undefined : readOffset(offset);
  if (offset !== undefined && offsetMinutes === undefined) return undefined;
  return checked({
    text,
    precision,
    year: Number(year),
    ...(month !== undefined && { month: Number(month) }),
    ...(day !== undefined && { day: Number(day) }),
    ...(hour !== undefined && { hour: Number(hour) }),
    ...(minute !== undefined && { minute: Number(minute) }),
    ...(second !== undefined && { second: Number(second) }),
    ...(fraction !== undefined && { millis: Number(fraction.padEnd(3, '0').slice(0, 3)) }),
    ...(offsetMinutes !== undefined && { offsetMinutes }),
  });
}

function withoutDegree(text: string): string {
  const at = text.indexOf('^');
  return at < 0 ? text : text.slice(0, at);
}

function checked(time: Time): Time | undefined {
  const { year, month = 1, day = 1, hour = 0, minute = 0, second = 0, millis = 0 } = time;
  if (year === 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour === 24) return minute === 0 && second === 0 && millis === 0 ? nextMidnight(time) : undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  return second === 60 ? { ...time, second: 59, isAdjusted: true } : time;
}

function nextMidnight(time: Time): Time {
  const { year, month = 1, day = 1 } = time;
  const midnight = { ...time, hour: 0, isAdjusted: true } as const;
  if (day < daysIn(year, month)) return { ...midnight, day: day + 1 };
  if (month < 12) return { ...midnight, month: month + 1, day: 1 };
  return { ...midnight, year: year + 1, month: 1, day: 1 };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Minutes east of UTC; the widest offset in use is +14:00. */
function readOffset(text: string): number | undefined {
  if (text === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > 14 || minutes > 59) return undefined;
  const total = hours * 60 + minutes;
  return text.startsWith('-') && total > 0 ? -total : total;
}

// Dates of searches as ranges: a value covers all instants that its digits allow, and a prefix says how a resource's
// range must lie to it (FHIR R4 search.html#date, #prefix).

/** From the first instant up to, not including, `until`; milliseconds since 1970. */
export interface DateRange {
  readonly from: number;
  readonly until: number;
}

/** The instant at which a wall clock shows these digits, given as if they were UTC. */
export type WallClock = (localMs: number) => number;

const form =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:(Z)|([+-])(\d\d):(\d\d))?)?)?)?$/;
export const utc: WallClock = (localMs) => localMs;

/** Undefined when the text is no date. Values without an offset are read on the given clock; default UTC. */
export function dateRange(text: string, clock: WallClock = utc): DateRange | undefined {
  const found = form.exec(text);
  if (found === null) return undefined;
  const [
    ,
    yearText = '',
    monthText,
    dayText,
    hourText,
    minuteText,
    secondText,
    fraction,
    zulu,
    sign,
    zoneHours,
    zoneMinutes,
  ] = found;
  const year = Number(yearText);
  const month = Number(monthText ?? '1');
  const day = Number(dayText ?? '1');
  const hour = Number(hourText ?? '0');
  const minute = Number(minuteText ?? '0');
  const second = Number(secondText ?? '0');
  const thousandths = Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  if (year < 1000 || month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60) return undefined;
  if (hour === 24 && (minute > 0 || second > 0 || thousandths > 0)) return undefined;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  const from = Date.UTC(year, month - 1, day, hour, minute, second, thousandths);
  const until =
    monthText === undefined
      ? Date.UTC(year + 1, 0, 1)
      : dayText === undefined
        ? Date.UTC(year, month, 1)
        : hourText === undefined
          ? from + 86_400_000
          : secondText === undefined
            ? from + 60_000
            : from + (fraction === undefined ? 1000 : 10 ** Math.max(0, 3 - fraction.length));
  if (zulu !== undefined) return { from, until };
  if (sign === undefined) return { from: clock(from), until: clock(until) };
  if (Number(zoneHours) > 14 || Number(zoneMinutes) > 59) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return { from: from - offset, until: until - offset };
}

export const datePrefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
export type DatePrefix = (typeof datePrefixes)[number];

export interface DateTest extends DateRange {
  readonly prefix: DatePrefix;
}

const day = 86_400_000;

/** `ge2026-11-20`; undefined when it is not of that form. `ap` widens by a tenth of the distance from now, a day at least. */
export function parseDateTest(text: string, now: number, clock: WallClock): DateTest | undefined {
  const prefixText = /^[a-z]{2}/.exec(text)?.[0];
  const prefix = prefixText === undefined ? 'eq' : datePrefixes.find((known) => known === prefixText);
  if (prefix === undefined) return undefined;
  // A plus sign that was not escaped arrives as a blank.
  const value = text.slice(prefixText === undefined ? 0 : 2).replace(/ (?=\d\d:\d\d$)/, '+');
  const range = dateRange(value, clock);
  if (range === undefined) return undefined;
  if (prefix !== 'ap') return { prefix, ...range };
  const margin = Math.max(day, Math.abs(now - range.from) / 10);
  return { prefix, from: Math.floor(range.from - margin), until: Math.ceil(range.until + margin) };
}

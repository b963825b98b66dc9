// Days: arithmetic on calendar dates, US federal holidays (5 U.S.C. 6103(a), observed days 6103(b)), business days.
// Days are pure dates; which zone they belong to is the caller's knowledge.

import { type LocalDate, localDate } from './instant.ts';

const dayMs = 86_400_000;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export type Weekday = (typeof weekdays)[number];

export function addDays(date: LocalDate, days: number): LocalDate {
  return localDate(new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10));
}

/** Days from the first to the second; negative when the second is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return (Date.parse(to) - Date.parse(from)) / dayMs;
}

export function weekday(date: LocalDate): Weekday {
  return weekdays[new Date(Date.parse(date)).getUTCDay()]!;
}

/** `Mon 23 Nov 2026`. */
export function formatDay(date: LocalDate): string {
  return `${formatDayOfYear(date)} ${date.slice(0, 4)}`;
}

/** `Mon 23 Nov`, for where the year is plain. */
export function formatDayOfYear(date: LocalDate): string {
  return `${weekday(date)} ${Number(date.slice(8))} ${months[Number(date.slice(5, 7)) - 1]}`;
}

export interface Holiday {
  readonly name: string;
  readonly date: LocalDate;
  /** The Friday before a Saturday, the Monday after a Sunday, else the day itself. */
  readonly observed: LocalDate;
}

type HolidayRule = { readonly name: string; readonly month: number; readonly since?: number } & (
  | { readonly day: number }
  | { readonly weekday: Weekday /** 1 = first; -1 = last. */; readonly nth: number }
);

/** Inauguration Day is not among them: it is a holiday of federal staff in Washington only. */
const federalRules: readonly HolidayRule[] = [
  { name: "New Year's Day", month: 1, day: 1 },
  { name: 'Birthday of Martin Luther King, Jr.', month: 1, weekday: 'Mon', nth: 3, since: 1986 },
  { name: "Washington's Birthday", month: 2, weekday: 'Mon', nth: 3 },
  { name: 'Memorial Day', month: 5, weekday: 'Mon', nth: -1 },
  { name: 'Juneteenth National Independence Day', month: 6, day: 19, since: 2021 },
  { name: 'Independence Day', month: 7, day: 4 },
  { name: 'Labor Day', month: 9, weekday: 'Mon', nth: 1 },
  { name: 'Columbus Day', month: 10, weekday: 'Mon', nth: 2 },
  { name: 'Veterans Day', month: 11, day: 11 },
  { name: 'Thanksgiving Day', month: 11, weekday: 'Thu', nth: 4 },
  { name: 'Christmas Day', month: 12, day: 25 },
];

/** The federal holidays of a year, in order. New Year's Day may be observed on 31 December of the year before. */
export function federalHolidays(year: number): readonly Holiday[] {
  return federalRules
    .filter((rule) => year >= (rule.since ?? 0))
    .map((rule) => {
      const date = dateOf(rule, year);
      const shift = weekday(date) === 'Sat' ? -1 : weekday(date) === 'Sun' ? 1 : 0;
      return { name: rule.name, date, observed: addDays(date, shift) };
    });
}

const namesByYear = new Map<number, ReadonlyMap<LocalDate, string>>();

/** The name of the federal holiday on a day; of a day that stands in for one, `… (observed)`. */
export function holidayOn(date: LocalDate): string | undefined {
  const year = Number(date.slice(0, 4));
  let names = namesByYear.get(year);
  if (!names) {
    const holidays = [...federalHolidays(year), ...federalHolidays(year + 1)];
    names = new Map([
      ...holidays.map((holiday) => [holiday.observed, `${holiday.name} (observed)`] as const),
      ...holidays.map((holiday) => [holiday.date, holiday.name] as const),
    ]);
    namesByYear.set(year, names);
  }
  return names.get(date);
}

/** Which days are business days. */
export interface Calendar {
  readonly holidays: 'us-federal' | 'none';
  /** Further days that do not count; empty unless the practice chose that its closures extend deadlines. */
  readonly closed: ReadonlySet<LocalDate>;
}

/** The calendar of a practice. Its own closures count only when it says so. */
export function calendarOf(practice: {
  readonly holidays: Calendar['holidays'];
  readonly closures: readonly LocalDate[];
  readonly closuresExtend: boolean;
}): Calendar {
  return { holidays: practice.holidays, closed: new Set(practice.closuresExtend ? practice.closures : []) };
}

/** Why a day is no business day: `weekend`, a holiday's name, or `closed`; undefined for a business day. */
export function whySkipped(date: LocalDate, calendar: Calendar): string | undefined {
  const day = weekday(date);
  if (day === 'Sat' || day === 'Sun') return 'weekend';
  const holiday = calendar.holidays === 'us-federal' ? holidayOn(date) : undefined;
  return holiday ?? (calendar.closed.has(date) ? 'closed' : undefined);
}

export function isBusinessDay(date: LocalDate, calendar: Calendar): boolean {
  return whySkipped(date, calendar) === undefined;
}

export interface BusinessDays {
  /** The first day itself when no days were asked for. */
  readonly date: LocalDate;
  readonly counted: readonly LocalDate[];
  readonly skipped: readonly { readonly date: LocalDate; readonly why: string }[];
}

/** Counts business days after a day, which itself does not count, and keeps what was counted and skipped. */
export function countBusinessDays(from: LocalDate, days: number, calendar: Calendar): BusinessDays {
  const counted: LocalDate[] = [];
  const skipped: { date: LocalDate; why: string }[] = [];
  let date = from;
  while (counted.length < days) {
    date = addDays(date, 1);
    const why = whySkipped(date, calendar);
    if (why === undefined) counted.push(date);
    else skipped.push({ date, why });
  }
  return { date, counted, skipped };
}

export function addBusinessDays(from: LocalDate, days: number, calendar: Calendar): LocalDate {
  return countBusinessDays(from, days, calendar).date;
}

function dateOf(rule: HolidayRule, year: number): LocalDate {
  const of = (month: number, day: number): LocalDate =>
    localDate(new Date(new Date(0).setUTCFullYear(year, month - 1, day)).toISOString().slice(0, 10));
  if ('day' in rule) return of(rule.month, rule.day);
  const reach = (date: LocalDate): number => (weekdays.indexOf(rule.weekday) - weekdays.indexOf(weekday(date)) + 7) % 7;
  if (rule.nth > 0) {
    const first = of(rule.month, 1);
    return addDays(first, reach(first) + (rule.nth - 1) * 7);
  }
  // The last one is the first of the week that begins seven days before the next month.
  const lastWeek = addDays(of(rule.month + 1, 1), -7);
  return addDays(lastWeek, reach(lastWeek));
}

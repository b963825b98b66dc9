// Why a task is due when it is, in one sentence that a nurse can check with a wall calendar.

import { type BusinessDays, formatDay, formatDayOfYear } from '../../base/calendar.ts';
import type { LocalDate, Moment } from '../../base/instant.ts';

/** How a due day was counted. */
export type DayCount =
  | ({ readonly of: 'business' } & BusinessDays)
  | { readonly of: 'calendar'; readonly days: number; readonly date: LocalDate }
  | { readonly of: 'other-task'; readonly title: string; readonly count: DayCount; readonly date: LocalDate };

/**
 * `discharged Fri 20 Nov 2026 23:50 America/Denver; business day 1 = Mon 23 Nov; business day 2 = Tue 24 Nov; due by
 * the end of Tue 24 Nov 2026 in America/New_York`. A holiday that was skipped is named where it fell.
 */
export function explainDue(dischargedAt: Moment, count: DayCount, zone: string): string {
  return [
    `discharged ${explainMoment(dischargedAt)}`,
    ...explainCount(dischargedAt.date, count),
    `due by the end of ${formatDay(count.date)} in ${zone}`,
  ].join('; ');
}

function explainCount(discharged: LocalDate, count: DayCount): string[] {
  switch (count.of) {
    case 'business':
      return explainBusinessDays(count);
    case 'calendar':
      return [
        `${count.days} calendar ${count.days === 1 ? 'day' : 'days'} after ${formatDay(discharged)} = ${formatDay(count.date)}`,
      ];
    case 'other-task': {
      const [first, ...rest] = explainCount(discharged, count.count);
      return [`by the day of the ${withinSentence(count.title)}: ${first}`, ...rest];
    }
  }
}

/** Counted days and skipped holidays in the order of the calendar; weekends need no mention. */
function explainBusinessDays(days: BusinessDays): string[] {
  const counted = days.counted.map((date, index) => ({
    date,
    says: `business day ${index + 1} = ${formatDayOfYear(date)}`,
  }));
  const skipped = days.skipped
    .filter((day) => day.why !== 'weekend')
    .map((day) => ({ date: day.date, says: `${formatDayOfYear(day.date)} is ${skipReason(day.why)}` }));
  return [...counted, ...skipped].sort((a, b) => (a.date < b.date ? -1 : 1)).map((day) => day.says);
}

const skipReason = (why: string): string => (why === 'closed' ? 'a day on which the practice is closed' : why);

/** What was assumed about a moment, for people. */
const assumptions: Readonly<Record<string, string>> = {
  estimated: 'estimated from when the message was sent',
  arrived: "estimated from when the message arrived; its sender's clock cannot be right",
  'repeated-hour': 'the clock showed this hour twice; the earlier one is taken',
  'missing-hour': 'the clock skipped this hour; the time is read by the clock before the change',
};

/** `Fri 20 Nov 2026 23:50 America/Denver (estimated …)`; without the time of day where none was sent. */
export function explainMoment(moment: Moment): string {
  const assumed = assumption(moment);
  return `${formatDay(moment.date)}${timeOfDay(moment)} ${moment.zone}${assumed === undefined ? '' : ` (${assumed})`}`;
}

function timeOfDay(moment: Moment): string {
  switch (moment.precision) {
    case 'year':
    case 'month':
    case 'day':
      return '';
    case 'hour':
      return `, in the hour from ${moment.local.slice(11, 13)}:00,`;
    case 'minute':
    case 'second':
    case 'fraction':
      return ` ${moment.local.slice(11, 16)}`;
  }
}

function assumption(moment: Moment): string | undefined {
  if (moment.precision === 'year' || moment.precision === 'month') {
    return `only the ${moment.precision} was sent; its first day is taken`;
  }
  if (moment.note === undefined || moment.note === 'precision') return undefined;
  return assumptions[moment.note] ?? moment.note;
}

/** `Follow-up visit` becomes `follow-up visit`; `PT visit` stays. */
const withinSentence = (title: string): string =>
  /^[A-Z][^A-Z]/.test(title) ? title[0]!.toLowerCase() + title.slice(1) : title;

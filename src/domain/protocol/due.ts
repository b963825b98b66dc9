// When each task of a protocol is due: days are counted from the day of discharge where the patient left, and the due
// day ends in the practice's zone. The day of discharge itself does not count (CMS Transitional Care Management).

import { addDays, calendarOf, countBusinessDays } from '../../base/calendar.ts';
import type { Moment } from '../../base/instant.ts';
import { formatMoment } from '../../base/moment.ts';
import { endOfDay, formatWithOffset } from '../../base/time.ts';
import type { DueDate } from '../case/case.ts';
import type { Practice } from '../practice.ts';
import { holds } from './condition.ts';
import { type DayCount, explainDue } from './explain.ts';
import type { DueRule, Facts, Protocol, TaskRule } from './protocol.ts';

/** The due date of every task, by task id. A task of whose rules none holds has none. */
export function dueDates(
  protocol: Protocol,
  facts: Facts,
  dischargedAt: Moment,
  practice: Practice,
): Map<string, DueDate> {
  const calendar = calendarOf(practice);
  const counts = new Map<string, DayCount | undefined>();

  function countFor(task: TaskRule): DayCount | undefined {
    if (counts.has(task.id)) return counts.get(task.id);
    const rule = task.due.find((due) => due.if === undefined || holds(due.if, facts));
    const count = rule && countDays(rule);
    counts.set(task.id, count);
    return count;
  }

  function countDays(rule: DueRule): DayCount | undefined {
    if ('with' in rule) {
      const other = protocol.tasks.find((task) => task.id === rule.with);
      const count = other && countFor(other);
      return other && count && { of: 'other-task', title: other.title, count, date: count.date };
    }
    if (rule.of === 'calendar') return { of: 'calendar', days: rule.days, date: addDays(dischargedAt.date, rule.days) };
    return { of: 'business', ...countBusinessDays(dischargedAt.date, rule.days, calendar) };
  }

  const dues = new Map<string, DueDate>();
  for (const task of protocol.tasks) {
    const count = countFor(task);
    if (count) dues.set(task.id, dueDate(dischargedAt, count, practice.timeZone));
  }
  return dues;
}

function dueDate(dischargedAt: Moment, count: DayCount, zone: string): DueDate {
  const at = endOfDay(count.date, zone);
  return {
    date: count.date,
    at,
    text: formatWithOffset(at, zone),
    from: formatMoment(dischargedAt),
    explanation: explainDue(dischargedAt, count, zone),
  };
}

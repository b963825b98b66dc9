// What ends a case or makes it wait: a change, or the end of its period (CMS Transitional Care
// Management: day 30 is D+29).

import { addDays } from '../../base/calendar.ts';
import type { Instant, LocalDate, Moment } from '../../base/instant.ts';
import { startOfDay } from '../../base/time.ts';
import type { CloseReason } from '../case/case.ts';
import type { Practice } from '../practice.ts';
import type { CloseRule, Protocol } from './protocol.ts';

/** A change that a protocol may close on; `class` is the class code of the stay that began, where it is known. */
export type CaseChange =
  | { readonly name: 'discharge-cancelled' | 'deceased' }
  | { readonly name: 'admitted'; readonly class?: string | undefined };

/** `suspends`: the case waits for the next discharge, and `as` is why. */
export interface Closing {
  readonly suspends: boolean;
  readonly as: CloseReason;
}

/** What a change does to an open case; undefined: nothing. */
export function closesOn(protocol: Protocol, change: CaseChange): Closing | undefined {
  for (const rule of protocol.close) {
    if (!('on' in rule) || rule.on !== change.name) continue;
    if (rule.on !== 'admitted') return { suspends: false, as: rule.as };
    const stayClass = change.name === 'admitted' ? change.class : undefined;
    if (stayClass !== undefined && rule.classes.includes(stayClass)) return { suspends: true, as: rule.as };
  }
  return undefined;
}

/** The days of a case, and how it closes when they are over. */
export interface Period {
  readonly start: LocalDate;
  /** The last day, still inside. */
  readonly end: LocalDate;
  /** The first instant after it, in the practice's zone. */
  readonly endsAt: Instant;
  readonly as: CloseReason;
}

/** The period of a case. Its first day is the day of discharge where the patient left. */
export function periodOf(protocol: Protocol, dischargedAt: Moment, practice: Practice): Period {
  const rule = protocol.close.find(isPeriodRule)!; // The catalogue lets no protocol pass without exactly one.
  const end = addDays(dischargedAt.date, rule.after.days);
  return {
    start: dischargedAt.date,
    end,
    endsAt: startOfDay(addDays(end, 1), practice.timeZone),
    as: rule.as,
  };
}

const isPeriodRule = (rule: CloseRule): rule is Extract<CloseRule, { after: unknown }> => 'after' in rule;

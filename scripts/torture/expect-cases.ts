// Which cases must exist, how each stands and when its tasks are due: Medicare's rules for transitional care management,
// said once more in few words and without the service.

import { businessDayAfter, plusDays, practiceZone } from '../hospital/practice-days.ts';
import { localDay } from '../hospital/zone-time.ts';
import type { LivedDischarge, LivedStay } from './expect-stays.ts';

export type PlanStatus = 'active' | 'on-hold' | 'completed' | 'revoked' | 'entered-in-error';

export interface ExpectedTask {
  readonly code: string;
  readonly status: string;
  /** `2026-11-24`, of which it is due at the end, as the practice's clock shows it. */
  readonly due: string;
  readonly owner: string;
}

export interface ExpectedCase {
  readonly visit: string;
  readonly status: PlanStatus;
  readonly flags: readonly string[];
  /** Day of discharge, and day 30. */
  readonly start: string;
  readonly end: string;
  readonly tasks: readonly ExpectedTask[];
}

/** Where a discharge leads to a case: the mark a person should check first, or none. */
const destinations: Readonly<Record<string, string | undefined>> = {
  ...{ '01': '', '06': '', '07': 'left-against-advice' },
  ...{ '04': 'destination-review', '21': 'destination-review', '50': 'destination-review' },
};
/** Places from which, or ways in which, nobody is followed. */
const elsewhere = new Set(['03', '62', '20']);
const counts = new Set(['I', 'V']);
const taskStatus = {
  active: 'ready',
  'on-hold': 'on-hold',
  completed: 'failed',
  revoked: 'cancelled',
  'entered-in-error': 'entered-in-error',
} as const;

/** `diedAt`: when the patient died, or was first said to have, where they did. */
export function expectCases(stays: readonly LivedStay[], diedAt: number | undefined, now: number): ExpectedCase[] {
  return stays
    .flatMap((lived) => lived.discharges.map((discharge) => ({ lived, discharge })))
    .filter(({ discharge }) => discharge.said.some((said) => flagOf(said) !== undefined))
    .map(({ lived, discharge }): ExpectedCase => {
      const start = localDay(discharge.at, discharge.zone);
      const end = plusDays(start, 29);
      const isOver = localDay(now, practiceZone) > end;
      const hasDied = diedAt !== undefined && localDay(diedAt, practiceZone) <= end;
      const status = statusOf(stays, lived, discharge, { hasDied, isOver, end });
      const flag = discharge.said.map(flagOf).findLast((one) => one !== undefined) ?? '';
      const tasks = tasksOf(start).map(([code, due, owner]) => ({ code, due, owner, status: taskStatus[status] }));
      return { visit: lived.stay.visit, status, flags: flag === '' ? [] : [flag], start, end, tasks };
    });
}

/** The mark of a case that is opened; '' where it needs none, undefined where no case is opened. */
function flagOf({ class: stayClass, disposition }: LivedDischarge['said'][number]): string | undefined {
  if (!counts.has(stayClass)) return undefined;
  if (disposition === undefined) return 'disposition-unknown';
  if (elsewhere.has(disposition)) return undefined;
  return destinations[disposition] ?? 'disposition-unknown';
}

function statusOf(
  stays: readonly LivedStay[],
  lived: LivedStay,
  discharge: LivedDischarge,
  { hasDied, isOver, end }: { readonly hasDied: boolean; readonly isOver: boolean; readonly end: string },
): PlanStatus {
  if (discharge.isCancelled || lived.status === 'cancelled' || lived.status === 'entered-in-error')
    return 'entered-in-error';
  const said = discharge.said.at(-1);
  if (hasDied || !said || flagOf(said) === undefined) return 'revoked';
  const isBack = stays.some(
    (other) =>
      other !== lived &&
      other.startedAt >= discharge.at &&
      localDay(other.startedAt, practiceZone) <= end &&
      counts.has(other.stay.class) &&
      ['in-progress', 'onleave', 'finished'].includes(other.status),
  );
  if (isOver) return isBack ? 'revoked' : 'completed';
  return isBack ? 'on-hold' : 'active';
}

const tasksOf = (day: string): [code: string, due: string, owner: string][] => [
  ['first-contact', businessDayAfter(day, 2), 'care-coordinator'],
  ['follow-up-visit', plusDays(day, 14), 'care-coordinator'],
  ['medication-reconciliation', plusDays(day, 14), 'clinical-pharmacist'],
  ['discharge-information', plusDays(day, 2), 'care-coordinator'],
];

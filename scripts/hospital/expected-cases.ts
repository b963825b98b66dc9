// Which cases of transitional care must exist, how each stands and when its tasks are due: the rules of Medicare's
// Transitional Care Management, said once more in few words and without the service.

import type { LivedDischarge, LivedStay } from './expected-stays.ts';
import { businessDayAfter, plusDays } from './practice-days.ts';
import { localDay } from './zone-time.ts';

export type PlanStatus = 'active' | 'on-hold' | 'revoked' | 'entered-in-error';

export interface ExpectedCase {
  readonly visit: string;
  readonly status: PlanStatus;
  readonly flags: readonly string[];
  /** Day of discharge in the zone of the house, and day 30. */
  readonly start: string;
  readonly end: string;
  /** The case of this list that it continues. */
  readonly follows?: number;
  readonly tasks: readonly { readonly code: string; readonly status: string; readonly due: string }[];
  readonly request: { readonly status: string };
}

/** Places from which a patient needs somebody to look after them, and what a person should check first. */
const destinations: Readonly<Record<string, string | undefined>> = {
  '01': 'home',
  '06': 'home',
  '07': 'left-against-advice',
  '04': 'destination-review',
  '21': 'destination-review',
  '50': 'destination-review',
};
const counts = new Set(['I', 'V']);
const taskStatus = {
  active: 'ready',
  'on-hold': 'on-hold',
  revoked: 'cancelled',
  'entered-in-error': 'entered-in-error',
};

export function expectCases(stays: readonly LivedStay[], isDeceased: boolean): ExpectedCase[] {
  const all = stays
    .flatMap((lived) => lived.discharges.map((discharge) => ({ lived, discharge })))
    .filter(({ discharge }) => discharge.said.some((said) => flagOf(said) !== undefined))
    .sort((a, b) => a.discharge.at - b.discharge.at);
  const backAs = all.map(({ lived, discharge }) => readmission(stays, lived, discharge));
  const statuses = all.map(({ discharge }, at) => statusOf(discharge, isDeceased, backAs[at] !== undefined));
  return all.map(({ lived, discharge }, at): ExpectedCase => {
    const follows = all.findLastIndex(
      (other, before) =>
        before < at &&
        ((statuses[before] === 'on-hold' && backAs[before] === lived) ||
          (statuses[before] === 'entered-in-error' && other.lived === lived)),
    );
    const status = statuses[at] ?? 'active';
    const day = localDay(discharge.at, discharge.site.zone);
    const flag = discharge.said.map(flagOf).findLast((one) => one !== undefined) ?? 'home';
    return {
      visit: lived.stay.visit,
      status,
      flags: flag === 'home' ? [] : [flag],
      start: day,
      end: plusDays(day, 29),
      ...(follows >= 0 && { follows }),
      tasks: dueDays(day).map(([code, due]) => ({ code, due, status: taskStatus[status] })),
      request: { status },
    };
  });
}

/** The mark of a case that is opened; `home` stands for none, nothing for no case. */
function flagOf({ class: stayClass, disposition }: LivedDischarge['said'][number]): string | undefined {
  if (!counts.has(stayClass)) return undefined;
  return disposition === undefined ? 'disposition-unknown' : destinations[disposition];
}

function statusOf(discharge: LivedDischarge, isDeceased: boolean, isBack: boolean): PlanStatus {
  if (discharge.isCancelled) return 'entered-in-error';
  const said = discharge.said.at(-1);
  if (isDeceased || !said || flagOf(said) === undefined) return 'revoked';
  return isBack ? 'on-hold' : 'active';
}

/** The first stay in a bed that began after the discharge; the week is shorter than the 30 days. */
function readmission(stays: readonly LivedStay[], lived: LivedStay, { at }: LivedDischarge): LivedStay | undefined {
  return stays
    .filter((other) => other !== lived && other.stay.admittedAt >= at && counts.has(other.stay.class))
    .filter(({ status }) => status === 'in-progress' || status === 'finished')
    .sort((a, b) => a.stay.admittedAt - b.stay.admittedAt)[0];
}

const dueDays = (day: string): [string, string][] => [
  ['first-contact', businessDayAfter(day, 2)],
  ['follow-up-visit', plusDays(day, 14)],
  ['medication-reconciliation', plusDays(day, 14)],
  ['discharge-information', plusDays(day, 2)],
];

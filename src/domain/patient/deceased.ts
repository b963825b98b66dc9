// Whether the patient has died: as senders said of the person, or as the destination of a discharge says.

import type { Instant, Moment } from '../../base/instant.ts';
import type { Chart } from '../chart.ts';
import { type Encounter, neverWas } from '../encounter/stay.ts';
import { type DemographicValues, demographicsOf } from './demographics.ts';

export interface Deceased {
  readonly deceased: boolean;
  /** The time of death, only where a sender gave one: the time of a discharge is not it. */
  readonly at?: Moment;
}

/** `values` are those of `demographicsOf(chart)`, for callers that have them already. */
export function deceasedOf(chart: Chart, values: DemographicValues = demographicsOf(chart)): Deceased {
  if (values.deceasedAt !== undefined) return { deceased: true, at: values.deceasedAt };
  return { deceased: values.deceased === true || chart.encounters.some(endedInDeath) };
}

/** When the patient had died at the latest: the end of the first stay that ended in death. */
export function diedBy(encounters: readonly Encounter[]): Instant | undefined {
  const ends = encounters
    .filter(endedInDeath)
    .flatMap(({ discharges }) => discharges.filter(({ cancelled }) => !cancelled).map(({ at }) => at.at));
  return ends.length === 0 ? undefined : (Math.min(...ends) as Instant);
}

const endedInDeath = (encounter: Encounter): boolean =>
  encounter.facts.disposition?.destination === 'expired' &&
  !neverWas(encounter) &&
  encounter.discharges.some((discharge) => !discharge.cancelled);

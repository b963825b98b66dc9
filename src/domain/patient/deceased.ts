// Whether the patient has died: as senders said of the person, or as the destination of a discharge says.

import type { Moment } from '../../base/instant.ts';
import type { Chart } from '../chart.ts';
import { neverWas } from '../encounter/stay.ts';
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

function endedInDeath(encounter: Chart['encounters'][number]): boolean {
  return (
    encounter.facts.disposition?.destination === 'expired' &&
    !neverWas(encounter) &&
    encounter.discharges.some((discharge) => !discharge.cancelled)
  );
}

// Whether the patient has died: as senders said of the person, or as the destination of a discharge says.

import type { Instant, Moment } from '../../base/instant.ts';
import type { Chart } from '../chart.ts';
import { type Encounter, neverWas } from '../encounter/stay.ts';
import { type DemographicValues, demographicsOf, statementsOf } from './demographics.ts';

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

/**
 * When the patient had died at the latest: at the end of the first stay that ended in death, and when it was said of the
 * person, by the event of the latest message that said so.
 */
export function diedBy(chart: Chart): Instant | undefined {
  const ends = chart.encounters
    .filter(endedInDeath)
    .flatMap(({ discharges }) => discharges.filter(({ cancelled }) => !cancelled).map(({ at }) => at.at));
  const said = statementsOf(chart).deceased;
  // An order begins with the time of the event.
  const saidAt = said?.value === true ? Date.parse(said.order.split('|', 1)[0] ?? '') : Number.NaN;
  const times = Number.isNaN(saidAt) ? ends : [...ends, saidAt];
  return times.length === 0 ? undefined : (Math.min(...times) as Instant);
}

const endedInDeath = (encounter: Encounter): boolean =>
  encounter.facts.disposition?.destination === 'expired' &&
  !neverWas(encounter) &&
  encounter.discharges.some((discharge) => !discharge.cancelled);

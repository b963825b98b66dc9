// Advancing a chart: its events are folded to stays, the stays get their encounters, and the protocols their cases.

import type { NewId } from '../base/id.ts';
import type { Instant } from '../base/instant.ts';
import { localDate } from '../base/instant.ts';
import { foldAppointments } from './appointment/appointment.ts';
import type { Case } from './case/case.ts';
import { type Circumstances, decideCases } from './case/decide.ts';
import type { Person } from './case/person.ts';
import { showProgress } from './case/progress.ts';
import type { Chart } from './chart.ts';
import { type ChartEvent, splitEvents } from './chart-event.ts';
import { foldDocuments } from './document/document.ts';
import { identify } from './encounter/identify.ts';
import type { Encounter } from './encounter/stay.ts';
import { foldStays } from './encounter/timeline.ts';
import { deceasedOf, diedBy } from './patient/deceased.ts';
import { demographicsOf } from './patient/demographics.ts';
import type { PatientRecord } from './patient/record.ts';

/** What is known of a patient before thinking: the records, their events, and what was published of them. */
export interface ChartInput {
  readonly patient: PatientRecord;
  readonly retired: readonly PatientRecord[];
  readonly events: readonly ChartEvent[];
  readonly encounters: readonly Encounter[];
  readonly cases: readonly Case[];
}

/** The chart that the input implies now. Advancing a chart twice at the same moment changes nothing. */
export function advance(input: ChartInput, circumstances: Circumstances & { readonly newId: NewId }): Chart {
  const told = splitEvents(input.events);
  const encounters = identify(foldStays(told.encounters), input.encounters, circumstances.newId);
  const documents = foldDocuments(told.documents, encounters);
  const appointments = foldAppointments(told.appointments);
  const half: Chart = { ...input, events: told.encounters, encounters, episodes: [], documents, appointments };
  const withheld = new Set(told.encounters.filter((event) => event.withheld).map((event) => event.id));
  const decided = decideCases(encounters, personOf(half), input.cases, { ...circumstances, withheld });
  const before = new Map(input.cases.flatMap((one) => one.tasks.map((task) => [task.id, task] as const)));
  const cases = decided.map((one) => {
    const rules = circumstances.protocols.find((protocol) => protocol.id === one.protocol.id)?.tasks ?? [];
    const kindOf = (task: string) => rules.find((rule) => rule.id === task)?.kind;
    return showProgress(one, kindOf, { documents, appointments }, before);
  });
  return { ...half, cases, episodes: cases.map(episodeOf) };
}

/** When time alone will change the chart next: the end of the first period still running. */
export function lookAt(chart: Chart): Instant | undefined {
  const ends = chart.cases
    .filter((item) => item.state === 'open' || item.state === 'suspended')
    .map((item) => item.endsAt);
  return ends.length === 0 ? undefined : (Math.min(...ends) as Instant);
}

function personOf(chart: Chart): Person {
  const values = demographicsOf(chart);
  const { deceased, at } = deceasedOf(chart, values);
  const birthDate = values.birthDate;
  const by = diedBy(chart);
  return {
    deceased,
    ...(at && { deceasedAt: at.at }),
    ...(by !== undefined && { deceasedBy: by }),
    ...(birthDate && birthDate.length === 10 && { birthDate: localDate(birthDate) }),
  };
}

function episodeOf(item: Case): Chart['episodes'][number] {
  const state = { open: 'active', suspended: 'onhold', closed: 'finished', withdrawn: 'entered-in-error' } as const;
  return {
    id: item.episode,
    from: item.dischargedAt.at,
    ...(item.closedAt !== undefined && { to: item.closedAt }),
    state: state[item.state],
  };
}

// A chart: everything Throughline knows about one patient. Thinking takes charts and gives charts.

import type { EpisodeId } from '../base/id.ts';
import type { Instant } from '../base/instant.ts';
import type { Appointment } from './appointment/appointment.ts';
import type { Case } from './case/case.ts';
import type { Document } from './document/document.ts';
import type { EncounterEvent } from './encounter/event.ts';
import type { Encounter } from './encounter/stay.ts';
import type { PatientRecord } from './patient/record.ts';

/** The span in which we are responsible for a patient; holds a case and those that continue it after readmissions. */
export interface Episode {
  readonly id: EpisodeId;
  readonly from: Instant;
  readonly to?: Instant;
  readonly state: 'active' | 'onhold' | 'finished' | 'entered-in-error';
}

export interface Chart {
  /** The surviving record. */
  readonly patient: PatientRecord;
  /** Records merged into it, directly or through others. */
  readonly retired: readonly PatientRecord[];
  /** All encounter events of all these records. */
  readonly events: readonly EncounterEvent[];
  readonly encounters: readonly Encounter[];
  readonly cases: readonly Case[];
  readonly episodes: readonly Episode[];
  readonly documents: readonly Document[];
  readonly appointments: readonly Appointment[];
}

// Encounter events: what happened to a stay, and what the message said about it at that moment.

import type { PatientId } from '../../base/id.ts';
import type { Moment } from '../../base/instant.ts';
import type { Code, Identifier, PractitionerName } from '../code.ts';
import type { OrderKey } from '../patient/record.ts';

export const encounterEventKinds = [
  'pre-admitted',
  'registered',
  'admitted',
  'transferred',
  'transfer-cancelled',
  'class-changed',
  'renamed',
  'updated',
  'discharged',
  'discharge-cancelled',
  'admission-cancelled',
  'pre-admission-cancelled',
  'leave-began',
  'leave-ended',
  'doctors-changed',
  'deleted',
  // The sender's state, not an act: the patient is there now, whatever was told before (FHIR Encounter in-progress).
  'present',
] as const;
export type EncounterEventKind = (typeof encounterEventKinds)[number];

/** Where the patient is: ward, room, bed within a facility (PV1-3). */
export interface Place {
  readonly pointOfCare?: string;
  readonly room?: string;
  readonly bed?: string;
  readonly facility?: string;
  readonly building?: string;
  readonly floor?: string;
}

export interface Diagnosis {
  readonly code: Code;
  /** FHIR diagnosis-role code (AD, DD, …) where DG1-6 maps to one. */
  readonly role?: string;
  /** 1 = primary (DG1-15). */
  readonly rank?: number;
  readonly recordedAt?: Moment;
  /** The sender's own id of it (DG1-20), where single diagnoses are told. */
  readonly key?: string;
}

/** One diagnosis told by itself (DG1-21). */
export interface DiagnosisAction {
  readonly action: 'put' | 'delete';
  /** The sender's own id of the diagnosis (DG1-20). */
  readonly key?: string;
  /** Absent where a deletion names the id alone. */
  readonly diagnosis?: Diagnosis;
}

/** Where a discharge led. `code` is the sender's; `destination` is our class of it (mappings/codes/discharge-disposition.csv). */
export interface Disposition {
  readonly code: string;
  readonly destination: Destination;
}

export const destinations = [
  'home',
  'home-against-advice',
  'custody',
  'facility-residence',
  'snf',
  'transfer',
  'expired',
  'hospice',
  'other',
  'still-patient',
  'unknown',
] as const;
export type Destination = (typeof destinations)[number];

export type ParticipantRole = 'attending' | 'referring' | 'consulting' | 'admitting';

/** What a message may say of a stay. Absent: nothing said. `null`: said to be deleted. */
export interface StayFacts {
  readonly class?: Code | null;
  readonly place?: Place | null;
  readonly admissionType?: Code | null;
  readonly service?: Code | null;
  readonly admitSource?: Code | null;
  readonly preAdmissionNumber?: Identifier | null;
  readonly reAdmission?: boolean | null;
  readonly disposition?: Disposition | null;
  readonly dischargedTo?: string | null;
  readonly attending?: readonly PractitionerName[] | null;
  readonly referring?: readonly PractitionerName[] | null;
  readonly consulting?: readonly PractitionerName[] | null;
  readonly admitting?: readonly PractitionerName[] | null;
  readonly admittedAt?: Moment | null;
  readonly dischargedAt?: Moment | null;
  readonly reason?: Code | null;
  /** Snapshot of the whole DG1 group. */
  readonly diagnoses?: readonly Diagnosis[] | null;
  /** Single diagnoses, where the partner tells them one by one; they become part of `diagnoses`. */
  readonly diagnosisActions?: readonly DiagnosisAction[];
}

export interface EncounterEvent {
  /** Digest of the message: the same message is the same event, however often it arrives. */
  readonly id: string;
  readonly kind: EncounterEventKind;
  /** Trigger event as sent, `A01`. */
  readonly trigger: string;
  readonly order: OrderKey;
  readonly happenedAt: Moment;
  /** The visit key (PV1-19 and authority); absent where the sender gave no visit number. */
  readonly visit?: Identifier;
  /** The key this stay had before, when the event renames it (MRG-5 on A06/A07, later A42, A50). */
  readonly formerVisit?: Identifier;
  /** The account the stay is charged to (PID-18), and the one it was charged to before (MRG-3 on A06/A07). */
  readonly account?: Identifier;
  readonly formerAccount?: Identifier;
  /** Key of the first identifier under which the patient was named: a move of that identifier (A43) takes the event along. */
  readonly told?: string;
  readonly facts: StayFacts;
  /** Partner, for the facility's own organization and for telling one sender's unnumbered stays from another's. */
  readonly partner: string;
  readonly facility?: string;
  /** Told of someone who was off the panel on that day: no case opens on it. */
  readonly withheld?: true;
  /**
   * The record it was told of, wherever a move of its stay has put it. Where it has no visit number, it tells stays apart:
   * a merge does not make two people's visits one.
   */
  readonly toldOf?: PatientId;
}

/** The place an event names, within its facility where the place itself names none. */
export function placeOf(event: EncounterEvent): Place | null | undefined {
  const { place } = event.facts;
  return place && event.facility !== undefined && place.facility === undefined
    ? { ...place, facility: event.facility }
    : place;
}

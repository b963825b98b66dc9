// What really happened: the ground truth of the synthetic hospital. Messages and the expected outcome are both derived
// from it, independently of each other and of the service.

import type { Diagnosis } from './clinic.ts';
import type { Doctor, Person } from './person.ts';
import type { Site } from './site.ts';

export interface Bed {
  readonly ward: string;
  readonly room: string;
  readonly bed: string;
}

/** A stay as the hospital knows it at a moment. */
export interface Stay {
  /** PV1-19. */
  readonly visit: string;
  readonly site: Site;
  /** PV1-2: I inpatient, E emergency, O outpatient, V observation, P planned. */
  readonly class: 'I' | 'E' | 'O' | 'V' | 'P';
  readonly bed: Bed;
  readonly formerBed?: Bed;
  readonly admittedAt: number;
  readonly dischargedAt?: number;
  /** PV1-36. */
  readonly disposition?: string;
  readonly attending: Doctor;
  readonly diagnoses: readonly Diagnosis[];
  /** The diagnoses are final. */
  readonly coded: boolean;
}

export type HappeningKind =
  | 'pre-admitted'
  | 'registered'
  | 'admitted'
  | 'class-changed'
  | 'transferred'
  | 'transfer-cancelled'
  | 'updated'
  | 'discharged'
  | 'discharge-cancelled'
  | 'admission-cancelled'
  | 'person-added'
  | 'person-updated'
  | 'merged';

/** Fields that a message deletes by `""`. */
export type Deletion = 'phone' | 'disposition' | 'diagnoses';

export interface Happening {
  /** Milliseconds since 1970, whole minutes; no two of one life are the same. */
  readonly at: number;
  readonly kind: HappeningKind;
  /** The event that tells of it, `A01`. */
  readonly trigger: string;
  readonly site: Site;
  /** Afterwards. */
  readonly person: Person;
  /** Afterwards; absent where it concerns the person alone. */
  readonly stay?: Stay;
  /** The visit number that this stay had before (A06, MRG-5). */
  readonly formerVisit?: string;
  /** When that happened which is cancelled. */
  readonly cancels?: number;
  /** The number that is retired. */
  readonly retired?: string;
  readonly deletes?: readonly Deletion[];
  /** How many minutes later it was entered; EVN-2. */
  readonly enteredAfterMinutes?: number;
  /** Before the feed was switched on: it happened, and no message tells of it. */
  readonly isUntold?: boolean;
}

/** What is done to the messages of a life on their way. */
export type Disorder =
  | 'late-admission'
  | 'early-cancel'
  | 'late-update'
  | 'early-merge'
  | 'swapped'
  | 'duplicate'
  | 'resent'
  | 'reused-control-id';

/** One human being, under however many numbers. */
export interface Life {
  /** The story it was written by, for reports. */
  readonly story: string;
  readonly happenings: readonly Happening[];
  readonly disorders: readonly Disorder[];
}

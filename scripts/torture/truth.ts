// What happened to the people of a torture feed: the ground truth. Messages and the expected end state are both derived
// from it, each on its own.

import type { Person } from '../hospital/person.ts';
import type { Site } from '../hospital/site.ts';
import type { Stay } from '../hospital/truth.ts';

/** A number and who gave it; the second authority of the group gives numbers of its own, and some are the same. */
export interface PatientNumber {
  readonly value: string;
  readonly authority: 'main' | 'west';
}

export type HappeningKind =
  | 'announced'
  | 'announcement-cancelled'
  | 'admitted'
  | 'class-changed'
  | 'transferred'
  | 'transfer-cancelled'
  | 'left-for-a-while'
  | 'came-back'
  | 'doctor-changed'
  | 'deleted'
  | 'updated'
  | 'discharged'
  | 'discharge-cancelled'
  | 'admission-cancelled'
  | 'person-told'
  | 'person-deleted'
  | 'merged'
  | 'number-changed'
  | 'renumbered'
  | 'registered-twice'
  | 'visits-merged'
  | 'account-renamed'
  | 'moved'
  | 'linked'
  | 'merged-by-mistake'
  | 'parted';

export interface Happening {
  /** Milliseconds since 1970, whole minutes; no two of one life are the same. */
  readonly at: number;
  readonly kind: HappeningKind;
  /** `A01`. */
  readonly trigger: string;
  readonly house: Site;
  /** PID-3. */
  readonly number: PatientNumber;
  /** As printed. */
  readonly person: Person;
  /** Afterwards; absent where it concerns the person alone. */
  readonly stay?: Stay;
  /** MRG-5: the visit number before. */
  readonly formerVisit?: string;
  /** When that happened which is cancelled. */
  readonly cancels?: number;
  /** MRG-3: the account number before. */
  readonly formerAccount?: string;
  /** MRG-6: the alternate visit number before. */
  readonly formerAlternate?: string;
  /** A second patient of the message, in a PID of their own; with a stay, in a PV1 too. */
  readonly other?: { readonly number: PatientNumber; readonly person: Person; readonly stay?: Stay };
  /** Printed as somebody else, whom the message mistakes the patient for. */
  readonly isMistaken?: boolean;
  /** MRG-1: the number that is retired, or that of whoever was meant before. */
  readonly retired?: PatientNumber;
  readonly deletes?: 'disposition';
  /** PV1-45 is left out although the stay is over. */
  readonly leavesOutEnd?: boolean;
  /** No message tells of it. */
  readonly isUntold?: boolean;
}

/** One human being, under however many numbers. */
export interface Life {
  /** The disorders that struck, for reports. */
  readonly traits: readonly string[];
  /** All numbers, the first one first. */
  readonly numbers: readonly PatientNumber[];
  /** In the order in which they happened. */
  readonly happenings: readonly Happening[];
  /** Numbers of people who are linked with this one now. */
  readonly linked?: readonly PatientNumber[];
  /** Of two people alike, whoever is told of second waits for a person to look: the number of the other. */
  readonly alike?: PatientNumber;
  /** PV1-44 and PV1-45 are empty in all messages. */
  readonly leavesOutTimes: boolean;
}

export const sameNumber = (a: PatientNumber, b: PatientNumber): boolean =>
  a.value === b.value && a.authority === b.authority;

// A case: one patient under one protocol, from open to close, with its tasks.

import type { CaseId, EncounterId, EpisodeId, PatientId, TaskId } from '../../base/id.ts';
import type { Instant, LocalDate, Moment } from '../../base/instant.ts';
import type { Identifier } from '../code.ts';

export type CaseState = 'open' | 'suspended' | 'closed' | 'withdrawn';
export type CloseReason = 'finished' | 'readmitted' | 'deceased' | 'not-qualifying' | 'entered-in-error';

/** FHIR R4 task-status codes that we use. */
export type TaskStatus =
  | 'ready'
  | 'in-progress'
  | 'on-hold'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'entered-in-error';

export interface DueDate {
  readonly date: LocalDate;
  /** Last second of that day in the practice's zone. */
  readonly at: Instant;
  /** The same as FHIR dateTime text with offset. */
  readonly text: string;
  /** Not before: the discharge, as FHIR dateTime text with the offset of the place of discharge. */
  readonly from: string;
  readonly explanation: string;
}

export const taskProgressCodes = [
  'document-received',
  'appointment-booked',
  'appointment-outside-window',
  'appointment-cancelled',
  'no-show',
] as const;
export type TaskProgressCode = (typeof taskProgressCodes)[number];

/** What shows it, by the words that make the id of its resource. */
export interface EvidenceName {
  readonly type: 'DocumentReference' | 'Appointment';
  readonly identifier: Identifier;
  readonly toldOf?: PatientId;
}

export interface TaskProgress {
  readonly code: TaskProgressCode;
  /** For people. */
  readonly text: string;
  readonly by: readonly EvidenceName[];
  /** Whether it is this, and no person, that the task is in progress by. */
  readonly isBegun: boolean;
}

export interface Task {
  readonly id: TaskId;
  /** The protocol's task id, `first-contact`. */
  readonly code: string;
  readonly title: string;
  /** Role that owns it, a role id of the organisation file: `care-coordinator`. */
  readonly owner: string;
  readonly status: TaskStatus;
  readonly statusReason?: string;
  readonly due: DueDate;
  /** When it was opened: the discharge. */
  readonly authoredAt: Instant;
  /** When its status last changed by a clinical event or a person; the time of that event, not of its processing. */
  readonly endedAt?: Instant;
  /** What documents and appointments show of it. */
  readonly progress?: TaskProgress;
}

export interface Referral {
  /** Task id of the protocol that it belongs to: `follow-up-visit`. */
  readonly task: string;
  readonly id: string;
  readonly title: string;
  readonly due: DueDate;
  readonly status: 'active' | 'on-hold' | 'revoked' | 'completed' | 'entered-in-error';
}

export interface Case {
  readonly id: CaseId;
  readonly protocol: { readonly id: string; readonly version: string };
  readonly episode: EpisodeId;
  readonly encounter: EncounterId;
  /** Id of the event whose saying opened the case; finds it again when more events arrive. */
  readonly discharge: string;
  readonly dischargedAt: Moment;
  readonly state: CaseState;
  readonly closedAs?: CloseReason;
  readonly closedAt?: Instant;
  /** First and last day of the period (D and D+29 for TCM), practice calendar. */
  readonly start: LocalDate;
  readonly end: LocalDate;
  /** First instant after the period, in the practice's zone: when the timer looks at it. */
  readonly endsAt: Instant;
  /** `disposition-unknown`, `class-unknown`, `destination-review`, `left-against-advice`, … */
  readonly flags: readonly string[];
  /** The readmission for which the case is suspended. */
  readonly suspendedFor?: EncounterId;
  /** The suspended case that this one continues after a readmission, or the withdrawn one that it replaces. */
  readonly follows?: CaseId;
  readonly tasks: readonly Task[];
  readonly referrals: readonly Referral[];
}

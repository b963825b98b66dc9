// Appointment events: what a message says of one appointment of a patient (SIU, HL7 v2.9 ch. 10).

import type { PatientId } from '../../base/id.ts';
import type { Moment } from '../../base/instant.ts';
import type { Code, Identifier, PractitionerName } from '../code.ts';
import type { Place } from '../encounter/event.ts';
import type { OrderKey } from '../patient/record.ts';

/** FHIR R4 appointmentstatus codes that a scheduling system can tell of. */
export const appointmentStatuses = [
  'booked',
  'pending',
  'waitlist',
  'arrived',
  'fulfilled',
  'cancelled',
  'noshow',
  'entered-in-error',
] as const;
export type AppointmentStatus = (typeof appointmentStatuses)[number];

export interface AppointmentFacts {
  readonly start?: Moment;
  readonly end?: Moment;
  readonly minutes?: number;
  readonly type?: Code;
  readonly reason?: Code;
  readonly practitioners?: readonly PractitionerName[];
  readonly place?: Place;
  /** Whether a visit of this type is one that follows up on a stay (table `appointment-type`). */
  readonly isFollowUp?: boolean;
}

export interface AppointmentEvent {
  /** Digest of the message. */
  readonly id: string;
  readonly kind: 'appointment';
  readonly trigger: string;
  /** Absent: the message changes what is known of the appointment, not how it stands. */
  readonly status?: AppointmentStatus;
  readonly order: OrderKey;
  readonly happenedAt: Moment;
  /** The filler's number, else the placer's. */
  readonly appointment: Identifier;
  readonly otherIdentifiers: readonly Identifier[];
  readonly visit?: Identifier;
  /** As of an encounter event. */
  readonly told?: string;
  readonly facts: AppointmentFacts;
  readonly partner: string;
  readonly facility?: string;
  readonly toldOf?: PatientId;
}

// The facts that mappings/hl7v2/mdm.yaml and siu.yaml may place in fields. Closed lists, as in fact.ts.

import type { AppointmentStatus } from '../../domain/appointment/event.ts';
import type { DocumentAct } from '../../domain/document/event.ts';

export const documentFactNames = [
  'document-number',
  'parent-document',
  'document-type',
  'document-title',
  'document-completion',
  'document-availability',
  'document-written-at',
  'document-authors',
] as const;

export const appointmentFactNames = [
  'appointment-number',
  'other-appointment-number',
  'appointment-status',
  'appointment-start',
  'appointment-end',
  'appointment-duration',
  'appointment-duration-unit',
  'appointment-type',
  'appointment-reason',
  'appointment-practitioners',
  'appointment-place',
] as const;

export type OtherFactName = (typeof documentFactNames)[number] | (typeof appointmentFactNames)[number];

export const appointmentActs = ['booked', 'cancelled', 'noshow', 'entered-in-error', 'modified'] as const;
export type AppointmentAct = Extract<AppointmentStatus, (typeof appointmentActs)[number]> | 'modified';

type Effects<Act> = Readonly<Record<string, Act | { readonly ignored: string }>>;

/** What each trigger event does, and per fact the fields it comes from; the first that is not empty wins. */
export interface OtherMapping<Act> {
  readonly events: Effects<Act>;
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** `mappings/hl7v2/mdm.yaml` and `siu.yaml`. */
export interface OtherMappings {
  readonly mdm: OtherMapping<DocumentAct>;
  readonly siu: OtherMapping<AppointmentAct>;
}

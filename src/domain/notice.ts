// A notice: a message understood. Who, which stay, what, and when.

import type { Moment } from '../base/instant.ts';
import type { AppointmentEvent } from './appointment/event.ts';
import type { Identifier } from './code.ts';
import type { DocumentEvent } from './document/event.ts';
import type { EncounterEvent } from './encounter/event.ts';
import type { AllergySaying } from './patient/allergy.ts';
import type { Demographics, OrderKey } from './patient/record.ts';

/** The patient as a notice describes them, not yet matched. */
export interface Subject {
  readonly identifiers: readonly Identifier[];
  readonly demographics: Demographics;
  readonly allergies?: AllergySaying;
}

export interface Warning {
  readonly code: string;
  /** HL7 field, `PV1-2`; never its content. */
  readonly field?: string;
}

export interface NoticeBase {
  readonly trigger: string;
  readonly order: OrderKey;
  readonly happenedAt: Moment;
  readonly warnings: readonly Warning[];
  /** Codes that no table holds, for counting: table name and code. */
  readonly unmapped: readonly { readonly table: string; readonly code: string }[];
}

/**
 * `encounter`: something happened to a stay (and perhaps to the demographics).
 * `person`: demographics only (A28, A31, or an update without a visit).
 * `document`, `appointment`: something was said of one of the patient's.
 * `merge`: each pair retires a record in favour of another.
 * `several`: one message told of more than one patient (A17, a swap of beds).
 * `ignored`: kept and counted, without effect, for the reason given.
 */
export type Notice =
  | Told
  | (NoticeBase & { readonly kind: 'document'; readonly subject: Subject; readonly event: DocumentEvent })
  | (NoticeBase & { readonly kind: 'appointment'; readonly subject: Subject; readonly event: AppointmentEvent })
  | (NoticeBase & { readonly kind: 'person'; readonly subject: Subject })
  | (NoticeBase & {
      readonly kind: 'merge';
      readonly pairs: readonly { readonly survivor: Subject; readonly retired: Subject }[];
    })
  | (NoticeBase & { readonly kind: 'several'; readonly notices: readonly Told[] })
  | { readonly kind: 'ignored'; readonly trigger: string; readonly reason: string };

/** Something that happened to a stay of one patient. */
export type Told = NoticeBase & {
  readonly kind: 'encounter';
  readonly subject: Subject;
  readonly event: EncounterEvent;
};

/** A notice with an effect. */
export type Understood = Exclude<Notice, { readonly kind: 'ignored' }>;

/** Everybody a notice names. */
export function subjectsOf(notice: Understood): readonly Subject[] {
  switch (notice.kind) {
    case 'encounter':
    case 'document':
    case 'appointment':
    case 'person':
      return [notice.subject];
    case 'merge':
      return notice.pairs.flatMap(({ survivor, retired }) => [survivor, retired]);
    case 'several':
      return notice.notices.flatMap(subjectsOf);
  }
}

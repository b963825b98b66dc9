// Document events: what a message says of one document of a patient, such as a discharge summary (MDM, HL7 v2.9 ch. 9).

import type { PatientId } from '../../base/id.ts';
import type { Moment } from '../../base/instant.ts';
import type { Code, Identifier, PractitionerName } from '../code.ts';
import type { OrderKey } from '../patient/record.ts';

/**
 * `told`: the document itself, its status or a corrected text. `appended`: it adds to its parent. `replaced`: it takes
 * its parent's place. `cancelled`: it was told in error.
 */
export const documentActs = ['told', 'appended', 'replaced', 'cancelled'] as const;
export type DocumentAct = (typeof documentActs)[number];

/** How far the writing has come; `final` once it is authenticated. */
export type DocumentCompletion = 'preliminary' | 'final';

/** Whether it may be used for the care of the patient (table 0273: AV, OB, CA, UN). */
export type DocumentAvailability = 'available' | 'obsolete' | 'deleted' | 'unavailable';

export interface DocumentContent {
  readonly contentType: string;
  /** Base64. Absent: the content is elsewhere, or larger than is kept here. */
  readonly data?: string;
  readonly url?: string;
  readonly title?: string;
  /** Bytes. */
  readonly size?: number;
}

export interface DocumentFacts {
  readonly type?: Code;
  readonly completion?: DocumentCompletion;
  readonly availability?: DocumentAvailability;
  readonly writtenAt?: Moment;
  readonly authors?: readonly PractitionerName[];
  readonly title?: string;
  readonly contents?: readonly DocumentContent[];
}

export interface DocumentEvent {
  /** Digest of the message. */
  readonly id: string;
  readonly kind: 'document';
  readonly trigger: string;
  readonly act: DocumentAct;
  readonly order: OrderKey;
  readonly happenedAt: Moment;
  readonly document: Identifier;
  /** The document that this one adds to or replaces. */
  readonly parent?: Identifier;
  readonly visit?: Identifier;
  /** As of an encounter event. */
  readonly told?: string;
  readonly facts: DocumentFacts;
  readonly partner: string;
  readonly facility?: string;
  /** The record it was told of; keeps two people's documents of one number apart. */
  readonly toldOf?: PatientId;
}

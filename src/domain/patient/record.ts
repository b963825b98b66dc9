// A patient record: what was said about one person, each statement with its place in the order of events, so that
// any order of arrival ends in the same record.

import type { PatientId } from '../../base/id.ts';
import type { Instant, Moment } from '../../base/instant.ts';
import type { Code, ContactPoint, Identifier, PersonName, PostalAddress, PractitionerName } from '../code.ts';
import type { AllergyBook } from './allergy.ts';

/**
 * Where a message stands among all messages: sorts as text in the order in which things happened
 * (event time, then sent time, then sequence number, then content digest), never by arrival.
 */
export type OrderKey = string;

/** What a message may say of a person. Absent: nothing said. `null`: said to be deleted (HL7 `""`). */
export interface Demographics {
  readonly names?: readonly PersonName[] | null;
  readonly birthDate?: string | null;
  /** Birth time with its offset, FHIR dateTime text, when PID-7 carries one. */
  readonly birthTime?: string | null;
  readonly gender?: 'female' | 'male' | 'other' | 'unknown' | null;
  readonly addresses?: readonly PostalAddress[] | null;
  readonly telecoms?: readonly ContactPoint[] | null;
  readonly language?: Code | null;
  readonly maritalStatus?: Code | null;
  readonly race?: readonly Code[] | null;
  readonly ethnicity?: Code | null;
  readonly deceased?: boolean | null;
  readonly deceasedAt?: Moment | null;
  readonly multipleBirth?: boolean | number | null;
  readonly generalPractitioners?: readonly PractitionerName[] | null;
  readonly contacts?: readonly RelatedContact[] | null;
  readonly confidential?: boolean | null;
  /** The sender deleted the person (A29): shown while nothing newer is said of them (`deleted.ts`). */
  readonly deleted?: true;
}

/** Next of kin or other contact (NK1). */
export interface RelatedContact {
  readonly name?: PersonName;
  readonly relationship?: Code;
  readonly telecoms: readonly ContactPoint[];
  readonly address?: PostalAddress;
}

export type DemographicField = keyof Demographics;

/** One field's latest statement. */
export interface Statement<Value> {
  readonly value: Value;
  readonly order: OrderKey;
}

export type Statements = {
  readonly [Field in DemographicField]?: Statement<NonNullable<Demographics[Field]> | null>;
};

/** Something said about this record and one other: merged into it, parted from it, linked with it. */
export interface PairStatement {
  readonly patient: PatientId;
  readonly order: OrderKey;
}

export interface PatientRecord {
  readonly id: PatientId;
  readonly identifiers: readonly Identifier[];
  readonly statements: Statements;
  readonly allergies?: AllergyBook;
  /** The record it was merged into, as far as that counts now, and where the merge stands in the order of events. */
  readonly replacedBy?: PairStatement;
  /** Every merge into another record, the latest for each; `replacedBy` follows from these and the partings. */
  readonly merges?: readonly PairStatement[];
  readonly partings?: readonly PairStatement[];
  readonly links?: readonly PairStatement[];
  /** Identifiers that its messages bear although another person holds them, as a person decided (match review). */
  readonly contested?: readonly Identifier[];
  /** Set while an opt-out of the person holds: whoever has open work of theirs must see it. */
  readonly optedOut?: true;
  readonly createdAt: Instant;
}

// Protocols: care pathways as data. Two closed vocabularies, changes and facts; see profiles/protocols/.

import type { CloseReason } from '../case/case.ts';

export const changeNames = ['discharged', 'discharge-cancelled', 'admitted', 'deceased'] as const;
export type ChangeName = (typeof changeNames)[number];

/** What a protocol may ask. A fact that is not known meets no condition. */
export interface Facts {
  /** Class code: IMP, OBSENC, EMER, AMB …; absent when the sender gave none. */
  readonly 'encounter.class'?: string;
  /** Whether a class is known at all. */
  readonly 'encounter.class-known': boolean;
  /** Disposition code as sent; absent when none was. */
  readonly 'encounter.disposition'?: string;
  /** Our class of the destination (domain/encounter/event.ts `destinations`). */
  readonly 'encounter.destination': string;
  readonly 'patient.age'?: number;
  readonly 'patient.deceased': boolean;
  /** Decision-making complexity as a practitioner recorded it: high, moderate, low. Never inferred. */
  readonly 'case.complexity'?: string;
}
export type FactName = keyof Facts;
export const factNames = [
  'encounter.class',
  'encounter.class-known',
  'encounter.disposition',
  'encounter.destination',
  'patient.age',
  'patient.deceased',
  'case.complexity',
] as const satisfies readonly FactName[];

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly fact: FactName; readonly is: string | number | boolean }
  | { readonly fact: FactName; readonly in: readonly (string | number)[] }
  | { readonly fact: FactName; readonly 'at-least': number }
  | { readonly fact: FactName; readonly 'at-most': number };

/** Days after the discharge (`business`: Monday to Friday except holidays), or the same day as another task. */
export type DueRule =
  | {
      readonly if?: Condition;
      readonly days: number;
      readonly of: 'business' | 'calendar';
      readonly from: 'discharged';
    }
  | { readonly if?: Condition; readonly with: string };

export interface TaskRule {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly kind: 'outreach' | 'visit' | 'review' | 'document';
  /** Role id. */
  readonly owner: string;
  /** The first whose condition holds. */
  readonly due: readonly DueRule[];
  /** Present when the task asks for a ServiceRequest: what is ordered. */
  readonly referral?: {
    readonly title: string;
    readonly code?: { readonly system: string; readonly code: string; readonly display?: string };
  };
}

export type CloseRule =
  | { readonly on: 'discharge-cancelled' | 'deceased'; readonly as: CloseReason }
  | { readonly on: 'admitted'; readonly suspend: true; readonly classes: readonly string[]; readonly as: 'readmitted' }
  | { readonly after: { readonly days: number; readonly from: 'discharged' }; readonly as: CloseReason };

export interface Protocol {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly description?: string;
  readonly source: string;
  readonly open: { readonly on: 'discharged'; readonly if: Condition };
  /** Marks put on a case when it opens, for people to see. */
  readonly flags: readonly { readonly flag: string; readonly if: Condition }[];
  readonly close: readonly CloseRule[];
  readonly tasks: readonly TaskRule[];
}

// Allergies as messages tell of them, and as a record keeps what was told.

import type { Code } from '../code.ts';

export interface Allergy {
  readonly code: Code;
  readonly category?: 'food' | 'medication' | 'environment' | 'biologic';
  readonly criticality?: 'low' | 'high' | 'unable-to-assess';
  /** The sender's wording of what happens. */
  readonly reactions: readonly string[];
  /** FHIR date, as precise as it was sent. */
  readonly onset?: string;
}

/** What one message says: the whole list of its sender (AL1), or what becomes of single allergies (IAM). */
export interface AllergySaying {
  readonly partner: string;
  readonly mode: 'snapshot' | 'actions';
  readonly said: readonly { readonly allergy: Allergy; readonly act: 'holds' | 'removed' }[];
}

export interface AllergyWord {
  readonly allergy: Allergy;
  readonly act: 'holds' | 'removed';
  /** Place in the order of events, as in record.ts. */
  readonly order: string;
  readonly partner: string;
}

export interface AllergyBook {
  /** By partner and substance. */
  readonly words: Readonly<Record<string, AllergyWord>>;
  /** The latest full list of each partner. */
  readonly lists: Readonly<Record<string, string>>;
}

// A stay: what the timeline of one encounter folds to.

import type { EncounterId } from '../../base/id.ts';
import type { Moment } from '../../base/instant.ts';
import type { Code, Identifier } from '../code.ts';
import type { Disposition, StayFacts } from './event.ts';

export type StayStatus = 'planned' | 'in-progress' | 'onleave' | 'finished' | 'cancelled' | 'entered-in-error';

/** Whether the patient was taken in, is on leave, or has left again: the stay took or takes place. */
export const tookPlace = ({ status }: { readonly status: StayStatus | undefined }): boolean =>
  status === 'in-progress' || status === 'onleave' || status === 'finished';

/** Whether the stay is told of as one that never was. */
export const neverWas = ({ status }: { readonly status: StayStatus | undefined }): boolean =>
  status === 'cancelled' || status === 'entered-in-error';

export interface StatusSpan {
  readonly status: StayStatus;
  readonly from: Moment;
  readonly to?: Moment;
}

export interface ClassSpan {
  readonly class: Code;
  readonly from: Moment;
  readonly to?: Moment;
}

/** One discharge of a stay. A discharge that was cancelled stays in the list, so that its case can say so. */
export interface Discharge {
  /** Ids of the events that told of this discharge; the first in order comes first. */
  readonly events: readonly string[];
  readonly at: Moment;
  readonly cancelled: boolean;
  readonly cancelledAt?: Moment;
  /** What was said of class and disposition while it stood, oldest first: a late disposition is a new saying. */
  readonly sayings: readonly DischargeSaying[];
}

export interface DischargeSaying {
  /** The event that said it. */
  readonly event: string;
  readonly class?: Code;
  readonly disposition?: Disposition;
}

export interface Stay {
  readonly events: readonly string[];
  readonly visit?: Identifier;
  readonly formerVisits: readonly Identifier[];
  readonly partner: string;
  readonly facility?: string;
  readonly status: StayStatus;
  readonly statuses: readonly StatusSpan[];
  readonly classes: readonly ClassSpan[];
  readonly start?: Moment;
  readonly end?: Moment;
  readonly discharges: readonly Discharge[];
  /** The facts that hold now, `""` already applied. */
  readonly facts: { readonly [Field in keyof StayFacts]?: NonNullable<StayFacts[Field]> };
}

/** A stay with the id under which it is published. */
export interface Encounter extends Stay {
  readonly id: EncounterId;
}

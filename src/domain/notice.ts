// A notice: a message understood. Who, which stay, what, and when.

import type { Moment } from '../base/instant.ts';
import type { AppointmentEvent } from './appointment/event.ts';
import type { ChartEvent } from './chart-event.ts';
import { type Identifier, identifierKey } from './code.ts';
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

/** Somebody and the identifiers that go to them: merged into them, renamed, or moved. */
export interface Pair {
  readonly survivor: Subject;
  readonly retired: Subject;
}

/** Stays that belong to somebody else than was said (A44, A45). */
export interface StayMove {
  readonly target: Subject;
  readonly source?: Subject;
  /** The visit numbers of the stays: of the account that holds them, its own, which may stand for that of the visit. */
  readonly visits: readonly Identifier[];
  readonly account?: Identifier;
  /** When the visit number changes with it. */
  readonly renames?: EncounterEvent;
}

/**
 * `encounter`: something happened to a stay (and perhaps to the demographics).
 * `person`: demographics only (A28, A31, or an update without a visit).
 * `document`, `appointment`: something was said of one of the patient's.
 * `merge`: each pair retires a record in favour of another.
 * `rename`: the same person has another identifier (A47).
 * `move-identifiers`: an identifier, and what was said under it, belongs to somebody else (A43).
 * `move-stays`: a stay belongs to somebody else (A44, A45).
 * `link`, `part`: two records are linked without being merged, or the link, or a merge, is undone (A24, A37).
 * `several`: one message tells of several things, each a notice.
 * `ignored`: kept and counted, without effect, for the reason given.
 */
export type Notice =
  | Told
  | (NoticeBase & { readonly kind: 'document'; readonly subject: Subject; readonly event: DocumentEvent })
  | (NoticeBase & { readonly kind: 'appointment'; readonly subject: Subject; readonly event: AppointmentEvent })
  | (NoticeBase & { readonly kind: 'person'; readonly subject: Subject })
  | (NoticeBase & { readonly kind: 'merge'; readonly pairs: readonly Pair[] })
  | (NoticeBase & { readonly kind: 'rename'; readonly pairs: readonly Pair[] })
  | (NoticeBase & { readonly kind: 'move-identifiers'; readonly pairs: readonly Pair[] })
  | (NoticeBase & { readonly kind: 'move-stays'; readonly moves: readonly StayMove[] })
  | (NoticeBase & { readonly kind: 'link'; readonly pairs: readonly (readonly [Subject, Subject])[] })
  | (NoticeBase & { readonly kind: 'part'; readonly pairs: readonly (readonly [Subject, Subject])[] })
  | (NoticeBase & { readonly kind: 'several'; readonly notices: readonly Understood[] })
  | { readonly kind: 'ignored'; readonly trigger: string; readonly reason: string };

/** A notice with an effect. */
export type Understood = Exclude<Notice, { readonly kind: 'ignored' }>;

/** What an event about the subject says of the number they were named by. */
export function toldUnder({ identifiers: [first] }: Subject): { readonly told?: string } {
  return first ? { told: identifierKey(first) } : {};
}

/** Everybody a notice names. */
export function subjectsOf(notice: Understood): readonly Subject[] {
  switch (notice.kind) {
    case 'encounter':
    case 'document':
    case 'appointment':
    case 'person':
      return [notice.subject];
    case 'merge':
    case 'rename':
    case 'move-identifiers':
      return notice.pairs.flatMap(({ survivor, retired }) => [survivor, retired]);
    case 'move-stays':
      return notice.moves.flatMap(({ target, source }) => (source ? [target, source] : [target]));
    case 'link':
    case 'part':
      return notice.pairs.flat();
    case 'several':
      return notice.notices.flatMap(subjectsOf);
  }
}

/** Every event a notice tells of. */
export function eventsOf(notice: Understood): readonly ChartEvent[] {
  switch (notice.kind) {
    case 'encounter':
    case 'document':
    case 'appointment':
      return [notice.event];
    case 'move-stays':
      return notice.moves.flatMap(({ renames }) => renames ?? []);
    case 'several':
      return notice.notices.flatMap(eventsOf);
    case 'person':
    case 'merge':
    case 'rename':
    case 'move-identifiers':
    case 'link':
    case 'part':
      return [];
  }
}

/** Something that happened to a stay of one patient. */
export type Told = NoticeBase & {
  readonly kind: 'encounter';
  readonly subject: Subject;
  readonly event: EncounterEvent;
};

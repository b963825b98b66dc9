// Where a stay belongs: with the record it was told of, unless a move (A44, A45) gave its visit or account to another.
// The latest move of a visit stands, whichever message arrived last.

import type { PatientId } from '../../base/id.ts';
import { type Identifier, identifierKey } from '../code.ts';
import type { OrderKey } from '../patient/record.ts';

export interface Home {
  readonly patient: PatientId;
  readonly order: OrderKey;
}

export const visitHomeKey = (visit: Identifier): string => `visit|${identifierKey(visit)}`;
export const accountHomeKey = (partner: string, account: string): string => `account|${partner}|${account}`;

/** Whatever belongs to a stay: its events, and documents and appointments that name its visit. */
export interface OfStay {
  readonly visit?: Identifier;
  readonly formerVisit?: Identifier;
  readonly account?: Identifier;
  readonly formerAccount?: Identifier;
  readonly partner: string;
}

/** The keys under which a move of this event's stay may stand. */
export function homeKeys(event: OfStay): readonly string[] {
  const visits = [event.visit, event.formerVisit].flatMap((visit) => (visit ? [visitHomeKey(visit)] : []));
  const accounts = [event.account, event.formerAccount].flatMap((account) =>
    account ? [accountHomeKey(event.partner, account.value)] : [],
  );
  return [...visits, ...accounts];
}

/** The latest of the moves that concern a stay. */
export function latestHome(homes: readonly (Home | undefined)[]): Home | undefined {
  return homes.reduce((latest, one) => (one && (!latest || one.order > latest.order) ? one : latest), undefined);
}

/** All the names that the stays of these visits have, or had, by the renames among the events. */
export function namesOf(visits: readonly Identifier[], events: readonly OfStay[]): readonly string[] {
  const names = new Set(visits.map(identifierKey));
  const renames = events.filter(({ visit, formerVisit }) => visit && formerVisit);
  for (let before = -1; before !== names.size; ) {
    before = names.size;
    for (const { visit, formerVisit } of renames) {
      const pair = [visit, formerVisit].flatMap((one) => (one ? [identifierKey(one)] : []));
      if (pair.some((name) => names.has(name))) for (const name of pair) names.add(name);
    }
  }
  return [...names];
}

// Where a stay belongs: with the record it was told of, unless a move (A44, A45) took its visit or its account from that
// person and gave it to another. A move takes what was told of whom it names, in its own time, and nobody else's: numbers
// are used again (docs/decisions/0015-identity.md, 0022). Of the moves of one stay the latest stands.

import type { PatientId } from '../../base/id.ts';
import type { Instant } from '../../base/instant.ts';
import { parseInstant } from '../../base/time.ts';
import type { ChartEvent } from '../chart-event.ts';
import { type Identifier, identifierKey } from '../code.ts';
import type { OrderKey } from '../patient/record.ts';
import { visitReuseMs } from './timeline.ts';

export interface Home {
  readonly patient: PatientId;
  readonly order: OrderKey;
  /** Identifiers of the person from whom it was moved; none where the move names nobody. */
  readonly from?: readonly Identifier[];
}

export const visitHomeKey = (visit: Identifier): string => `visit|${identifierKey(visit)}`;
export const accountHomeKey = (account: Identifier): string => `account|${identifierKey(account)}`;

/** The keys under which moves of this event's stay may stand. */
export const homeKeys = (event: ChartEvent): readonly string[] => [
  ...visitsOf(event).map(visitHomeKey),
  ...accountsOf(event).map(accountHomeKey),
];

/** Those under which moves of accounts were kept before migration 0010: by partner, without the authority. */
export const olderHomeKeys = (event: ChartEvent): readonly string[] =>
  accountsOf(event).map(({ value }) => `account|${event.partner}|${value}`);

/** The numbers of the visit that an event names. */
export const visitsOf = (event: ChartEvent): readonly Identifier[] =>
  [event.visit, 'formerVisit' in event ? event.formerVisit : undefined].flatMap((visit) => visit ?? []);

export const accountsOf = (event: ChartEvent): readonly Identifier[] =>
  ['account' in event ? event.account : undefined, 'formerAccount' in event ? event.formerAccount : undefined].flatMap(
    (account) => account ?? [],
  );

/** One name for everybody who is one person by merges. */
export type FamilyOf = (one: PatientId | Identifier) => string;

/**
 * Those of the moves that concern an event told of `told`, in order: of that person, of whom such a move names on its
 * other side, and so on. One that names nobody takes from anybody.
 */
export function homesOf(
  event: ChartEvent,
  told: PatientId,
  moves: readonly Home[],
  familyOf: FamilyOf,
): readonly Home[] {
  const families = new Set([familyOf(told)]);
  const found = new Map<OrderKey, Home>();
  const standing = moves.filter((move) => isOfItsTime(event, move));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const move of standing) {
      const { patient, order, from = [] } = move;
      const sides = [patient, ...from].map(familyOf);
      if (found.has(order) || !(from.length === 0 || sides.some((side) => families.has(side)))) continue;
      found.set(order, move);
      for (const side of sides) families.add(side);
    }
  }
  return [...found.values()].sort((a, b) => (a.order < b.order ? -1 : 1));
}

/**
 * An event that tells of a time more than a year after the move is of another stay under the number; where the move names
 * nobody, so is one of a year before it.
 */
function isOfItsTime(event: ChartEvent, { order, from = [] }: Home): boolean {
  const moved = parseInstant(order.slice(0, order.indexOf('|')));
  if (moved === undefined) return true;
  const gapMs = timeOf(event) - moved;
  return gapMs <= visitReuseMs && (from.length > 0 || -gapMs <= visitReuseMs);
}

function timeOf({ facts, happenedAt }: ChartEvent): Instant {
  const admitted = 'admittedAt' in facts ? facts.admittedAt : undefined;
  const discharged = 'dischargedAt' in facts ? facts.dischargedAt : undefined;
  return (admitted ?? discharged ?? happenedAt).at;
}

/** All the names that the stays of these visits have, or had, by the renames among the events. */
export function namesOf(visits: readonly Identifier[], events: readonly ChartEvent[]): readonly string[] {
  const names = new Set(visits.map(identifierKey));
  const renames = events.map(visitsOf).filter(({ length }) => length > 1);
  for (let before = -1; before !== names.size; ) {
    before = names.size;
    for (const visitsOfOne of renames) {
      const pair = visitsOfOne.map(identifierKey);
      if (pair.some((name) => names.has(name))) for (const name of pair) names.add(name);
    }
  }
  return [...names];
}

// Where an identifier belongs once a move (A43) gave it to somebody else: a message of the time before, come late, does
// not mean by it whoever has it now. Policies: docs/decisions/0015-identity.md.

import { type Identifier, identifierKey } from '../code.ts';
import type { Home } from '../encounter/home.ts';
import type { OrderKey } from './record.ts';

/** The key under which its latest move stands. */
export const identifierHomeKey = (identifier: Identifier): string => identifierHome(identifierKey(identifier));

/** The same by the key of the identifier. */
export const identifierHome = (key: string): string => `${mark}${key}`;

const mark = 'identifier|';
export const isIdentifierHome = (homeKey: string): boolean => homeKey.startsWith(mark);

/** Whether the identifier was given to somebody else after this was said. */
export const isMovedLater = (home: Home | undefined, order: OrderKey): home is Home =>
  home !== undefined && home.order > order;

/** Those by which a message says whom it means: all of them where each was moved later, for somebody must be meant. */
export function meantBy(
  identifiers: readonly Identifier[],
  order: OrderKey,
  homeOf: (key: string) => Home | undefined,
): readonly Identifier[] {
  if (identifiers.length < 2) return identifiers;
  const still = identifiers.filter((identifier) => !isMovedLater(homeOf(identifierKey(identifier)), order));
  return still.length === 0 || still.length === identifiers.length ? identifiers : still;
}

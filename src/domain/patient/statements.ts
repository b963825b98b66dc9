// Statements: the latest word on each field, whichever message arrived last. Joining them is commutative, associative
// and idempotent, so every order of arrival ends in the same record.

import type { Identifier } from '../code.ts';
import { identifierKey } from '../code.ts';
import type { Demographics, OrderKey, PatientRecord, Statements } from './record.ts';

/** The record with what a message says: per field the statement with the greater order stands. */
export function sayDemographics(record: PatientRecord, said: Demographics, order: OrderKey): PatientRecord {
  let statements: Record<string, { value: unknown; order: OrderKey }> | undefined;
  for (const [field, value] of Object.entries(said)) {
    if (value === undefined) continue;
    const before = record.statements[field as keyof Statements];
    if (before && before.order >= order) continue;
    statements ??= { ...record.statements };
    statements[field] = { value, order };
  }
  return statements ? { ...record, statements: statements as Statements } : record;
}

/** The record with further identifiers, in an order that does not depend on arrival. None is ever taken away. */
export function addIdentifiers(record: PatientRecord, said: readonly Identifier[]): PatientRecord {
  const known = new Map(record.identifiers.map((identifier) => [identifierKey(identifier), identifier]));
  let changed = false;
  for (const identifier of said) {
    const key = identifierKey(identifier);
    const before = known.get(key);
    const after = before ? join(before, identifier) : identifier;
    if (before && isSame(before, after)) continue;
    known.set(key, after);
    changed = true;
  }
  if (!changed) return record;
  const identifiers = [...known].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, identifier]) => identifier);
  return { ...record, identifiers };
}

/**
 * Two wordings of one identifier: what only one says stands; where they differ, the lesser text, and the longer span, so
 * order is no matter.
 */
function join(a: Identifier, b: Identifier): Identifier {
  const type = lesser(a.type, b.type);
  const assigner = lesser(a.assigner, b.assigner);
  const from = lesser(a.from, b.from);
  const until = greater(a.until, b.until);
  return {
    authority: a.authority,
    value: a.value,
    ...(type !== undefined && { type }),
    ...(assigner !== undefined && { assigner }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...((a.isOld === true || b.isOld === true) && { isOld: true }),
  };
}

const isSame = (a: Identifier, b: Identifier): boolean =>
  a.type === b.type && a.assigner === b.assigner && a.from === b.from && a.until === b.until && a.isOld === b.isOld;

const lesser = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined ? b : b === undefined || a <= b ? a : b;

const greater = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined ? b : b === undefined || a >= b ? a : b;

/**
 * The record without what the message of this digest says on any field or allergy. What others said there before it is
 * not known any more; their messages say it again when they are read again.
 */
export function forgetStatements(record: PatientRecord, digest: string): PatientRecord {
  const isOthers = ([, { order }]: readonly [string, { readonly order: OrderKey }]): boolean => !isOf(digest, order);
  const said = Object.entries(record.statements);
  const kept = said.filter(isOthers);
  const words = Object.entries(record.allergies?.words ?? {});
  const keptWords = words.filter(isOthers);
  const lists = Object.entries(record.allergies?.lists ?? {});
  const keptLists = lists.filter(([, order]) => !isOf(digest, order));
  const areAllergiesSame = keptWords.length === words.length && keptLists.length === lists.length;
  if (kept.length === said.length && areAllergiesSame) return record;
  return {
    ...record,
    statements: Object.fromEntries(kept) as Statements,
    ...(!areAllergiesSame && {
      allergies: { words: Object.fromEntries(keptWords), lists: Object.fromEntries(keptLists) },
    }),
  };
}

/** The digest is the fourth part of an order key; where a message tells of several things, each further one has a number behind it. */
function isOf(digest: string, order: OrderKey): boolean {
  const said = order.split('|', 4)[3];
  return said === digest || said?.startsWith(`${digest}.`) === true;
}

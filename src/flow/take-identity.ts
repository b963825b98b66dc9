// Merges, renames, moves of identifiers, links and their undoing (HL7 v2.9 ch. 3.3.24, 3.3.37 and 3.3.40 to 3.3.47).
// Each gives the records whose people came together or parted; the charts follow from there.

import type { PatientId } from '../base/id.ts';
import { type Identifier, identifierKey } from '../domain/code.ts';
import type { Pair, Subject } from '../domain/notice.ts';
import { identifierHomeKey, isMovedLater } from '../domain/patient/identifier-home.ts';
import { link, merge, part } from '../domain/patient/merge.ts';
import type { OrderKey, PatientRecord } from '../domain/patient/record.ts';
import { addIdentifiers, sayDemographics } from '../domain/patient/statements.ts';
import type { Hand } from './hand.ts';
import type { Meet } from './meet.ts';
import { asMeant } from './whom.ts';

/** A40: whoever holds an identifier of MRG-1 is retired in favour of the record of PID-3. */
export function takeMerge(hand: Hand, { survivor, retired }: Pair, order: OrderKey, meet: Meet): PatientId[] {
  const { id } = meet(survivor, retired.identifiers);
  const records = retiredOf(hand, stillTheirs(hand, retired, order), id, meet);
  return [id, ...records.flatMap((record) => mergeInto(hand, record, id, order))];
}

/**
 * A47: the same person has another number. Where one record holds both, or nobody held the new one, it keeps its id;
 * records that stood for the other numbers become one with it.
 */
export function takeRename(hand: Hand, { survivor, retired }: Pair, order: OrderKey, meet: Meet): PatientId[] {
  const former = stillTheirs(hand, retired, order);
  const [known] = hand.holders([...asMeant(hand, survivor, order).identifiers, ...former]);
  const isOther = (record: PatientRecord): boolean =>
    known !== undefined && hand.survivor(record.id).id !== hand.survivor(known.id).id;
  const own = former.filter((identifier) => !hand.holders([identifier]).some(isOther));
  const others = hand.holders(former).filter(isOther);
  const both: Subject = { ...survivor, identifiers: [...survivor.identifiers, ...own] };
  const record = meet(both, retired.identifiers);
  const held = new Set(record.identifiers.map(identifierKey));
  const renamed = addIdentifiers(
    record,
    own.flatMap((identifier) => (held.has(identifierKey(identifier)) ? { ...identifier, isOld: true } : [])),
  );
  if (renamed !== record) hand.putRecord(renamed);
  return [record.id, ...others.flatMap(({ id }) => mergeInto(hand, id, record.id, order))];
}

/**
 * A43: an identifier, and what was said of stays under it, belongs to somebody else. A record that has no other
 * identifier is that person altogether, so its id keeps resolving.
 */
export function takeMovedIdentifiers(hand: Hand, pair: Pair, order: OrderKey, meet: Meet): PatientId[] {
  const target = meet(pair.survivor, pair.retired.identifiers);
  const touched: PatientId[] = [target.id];
  for (const identifier of pair.retired.identifiers) {
    const key = identifierKey(identifier);
    const known = hand.identifierHome(key);
    if (known && known.order >= order) continue;
    hand.putHome(identifierHomeKey(identifier), { patient: target.id, order });
    const [holder] = hand.holders([identifier]);
    if (!holder) {
      hand.putRecord(addIdentifiers(hand.record(target.id), [identifier]));
      continue;
    }
    if (holder.id === target.id) continue;
    touched.push(holder.id, hand.survivor(holder.id).id);
    const rest = holder.identifiers.filter((one) => identifierKey(one) !== key);
    if (rest.length === 0) {
      touched.push(...mergeInto(hand, holder.id, target.id, order));
      continue;
    }
    const moved = holder.identifiers.find((one) => identifierKey(one) === key) ?? identifier;
    hand.putRecord({ ...holder, identifiers: rest });
    hand.giveIdentifier(moved, holder.id, target.id);
    hand.putRecord(addIdentifiers(hand.record(target.id), [moved]));
    for (const event of hand.events([holder.id]))
      if (event.told === key) hand.moveEvent(event.id, holder.id, target.id);
  }
  return touched;
}

/** A24 links two records; A37 undoes that, or a merge of the two. */
export function takeLink(
  hand: Hand,
  [one, other]: readonly [Subject, Subject],
  kind: 'link' | 'part',
  order: OrderKey,
  meet: Meet,
): PatientId[] {
  const a = holderOf(hand, one, order, meet, other);
  const b = holderOf(hand, other, order, meet, one);
  const before = [hand.survivor(a.id).id, hand.survivor(b.id).id];
  const changed = (kind === 'link' ? link : part)(hand.record(a.id), hand.record(b.id), order);
  for (const record of changed) if (record !== hand.record(record.id)) hand.putRecord(record);
  return [a.id, b.id, ...before];
}

function mergeInto(hand: Hand, retired: PatientId, survivor: PatientId, order: OrderKey): PatientId[] {
  const before = [hand.survivor(retired).id, hand.survivor(survivor).id];
  const merged = merge(hand.record(retired), survivor, order);
  if (merged !== hand.record(retired)) hand.putRecord(merged);
  return [retired, survivor, ...before];
}

/** Without identifiers that somebody else was given later (A43): a merge that comes late must not retire that person. */
const stillTheirs = (hand: Hand, { identifiers }: Subject, order: OrderKey): readonly Identifier[] =>
  identifiers.filter((identifier) => !isMovedLater(hand.identifierHome(identifierKey(identifier)), order));

/**
 * The records to retire: those that hold the identifiers themselves, whoever they were merged into before, so that a
 * second merge of the same identifier corrects the first. What nobody holds becomes one of the first of them. None where
 * the survivor holds all. Their demographics are left alone: MRG says nothing of them.
 */
function retiredOf(
  hand: Hand,
  identifiers: readonly Identifier[],
  survivor: PatientId,
  meet: Meet,
): readonly PatientId[] {
  const holders = hand.holders(identifiers).filter(({ id }) => id !== survivor);
  const unknown = identifiers.filter((identifier) => hand.holders([identifier]).length === 0);
  const [first] = holders;
  if (unknown.length > 0 && !first) return [meet({ identifiers: unknown, demographics: {} }).id];
  if (first && unknown.length > 0) hand.putRecord(addIdentifiers(first, unknown));
  return holders.map(({ id }) => id);
}

/**
 * The record that holds the subject's own number, retired or not, with what the message says of it: what was merged may be
 * parted again.
 */
function holderOf(hand: Hand, subject: Subject, order: OrderKey, meet: Meet, other: Subject): PatientRecord {
  const [holder] = hand.holders(asMeant(hand, subject, order).identifiers.slice(0, 1));
  if (!holder) return meet(subject, other.identifiers);
  const said = sayDemographics(holder, subject.demographics, order);
  if (said !== holder) hand.putRecord(said);
  return said;
}

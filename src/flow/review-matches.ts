// Match reviews within a batch: new ones are kept with an item for operators, and what the batch made known ends those
// that waited for it.

import { Fault } from '../base/fault.ts';
import { operatorsOf } from '../domain/practice.ts';
import type { LoadedCharts } from '../store/charts.ts';
import { findAlikeSince } from '../store/identities.ts';
import type { Decision } from '../store/inbox.ts';
import { holdOpen, keepReviews, lockTouched, releaseReviews } from '../store/match-reviews.ts';
import { closeItems, openItems } from '../store/ops-items.ts';
import type { Transaction } from '../store/pool.ts';
import type { HandChanges } from './hand.ts';
import type { Organisation } from './organisation.ts';

export const reviewKind = 'match-review';

export async function openReviews(
  tx: Transaction,
  { reviews }: HandChanges,
  organisation: Organisation,
  now: number,
): Promise<void> {
  if (reviews.length === 0) return;
  await keepReviews(tx, reviews, now);
  const { owner } = operatorsOf(organisation.practice);
  await openItems(
    tx,
    reviews.map(({ id, reason, candidates, message, record }) => ({
      kind: reviewKind,
      key: id,
      owner,
      details: { reason, candidates: candidates.length, message, isWaiting: record === undefined },
    })),
    now,
  );
}

/** A review that was open when the batch looked may have ended meanwhile: nobody would let go what is put behind it. */
export async function holdReviews(tx: Transaction, decisions: readonly Decision[]): Promise<void> {
  const reviews = new Set(decisions.flatMap(({ review }) => (review === undefined ? [] : [review])));
  if (reviews.size > 0 && (await holdOpen(tx, [...reviews])) < reviews.size) throw new Fault('store.conflict');
}

/** Somebody like a newcomer of this batch was made by another one meanwhile: the batch is thought about again. */
export async function lookOut(tx: Transaction, loaded: LoadedCharts, changes: HandChanges): Promise<void> {
  const { keys, concerns } = loaded.lookout;
  const made = changes.looks.map(({ patient }) => patient);
  const come = await findAlikeSince(tx, keys, [...new Set([...loaded.found, ...made])]);
  if (come.some(concerns)) throw new Fault('store.conflict');
}

/** After the messages of the batch are decided: some of them may be what waited. */
export async function endReviews(tx: Transaction, { identifiers, regrouped }: HandChanges, now: number): Promise<void> {
  if (identifiers.length === 0 && regrouped.length === 0) return;
  const told = { identifiers: identifiers.map(({ identifier }) => identifier), patients: regrouped };
  const ended = await lockTouched(tx, told);
  await releaseReviews(tx, ended, now);
  await closeItems(
    tx,
    ended.map((key) => ({ kind: reviewKind, key })),
    now,
  );
}

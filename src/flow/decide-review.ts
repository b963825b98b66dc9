// A person decides a match review: the subject is one of the people we know, or somebody new. Whatever waited is worked
// again and finds its way by what was decided; a record made meanwhile is merged into the person it is.

import { Fault } from '../base/fault.ts';
import type { PatientId } from '../base/id.ts';
import { formatInstant } from '../base/time.ts';
import { identifierKey } from '../domain/code.ts';
import { merge } from '../domain/patient/merge.ts';
import type { PatientRecord } from '../domain/patient/record.ts';
import { addIdentifiers } from '../domain/patient/statements.ts';
import { keepAudit } from '../store/audit.ts';
import { keepBodies, keepRecords, loadCharts } from '../store/charts.ts';
import { keepDecisions, keepLooks } from '../store/identities.ts';
import { keepIdentifiers } from '../store/keep-charts.ts';
import { decideReview, findReview, lockReview, type Review } from '../store/match-reviews.ts';
import { closeItems } from '../store/ops-items.ts';
import type { Transaction } from '../store/pool.ts';
import { keepResources } from '../store/resources.ts';
import { advanceCharts } from './advance-charts.ts';
import { type Hand, takeInHand } from './hand.ts';
import type { Organisation } from './organisation.ts';
import { endReviews, reviewKind } from './review-matches.ts';

export interface ReviewDecision {
  readonly id: string;
  /** `same`: the subject is `patient`. `new`: somebody whom we did not know. */
  readonly outcome: 'same' | 'new';
  readonly patient?: PatientId;
  /** With `same`: the other candidates are that person too, and are merged. */
  readonly mergesOthers: boolean;
  readonly by: string;
  readonly note?: string;
}

export interface Decided {
  /** Messages that are worked again. */
  readonly released: number;
  readonly patient: PatientId;
}

/** Throws `ops.not-found`, `ops.conflict` when it is decided already, `ops.request-invalid` for somebody who is no candidate. */
export function decideMatch(organisation: Organisation, decision: ReviewDecision): Promise<Decided> {
  return organisation.database.transaction(async (tx) => {
    const now = organisation.now();
    const asked = await findReview(tx, decision.id);
    if (!asked) throw new Fault('ops.not-found');
    const candidates = asked.candidates.map(({ patient }) => patient);
    const { identifiers } = asked.subject;
    const made = asked.record === null ? [] : [asked.record];
    // People before reviews, as batches lock them: one that puts a message behind this review is waited for.
    const hand = takeInHand(
      await loadCharts(tx, { identifiers, patients: [...candidates, ...made] }),
      organisation.matchRules,
    );
    const review = await lockReview(tx, decision.id);
    if (!review) throw new Fault('ops.not-found');
    if (review.state !== 'open') throw new Fault('ops.conflict', { detail: `the review is ${review.state} already` });
    const person = personOf(hand, review, decision, organisation, now);
    const order = `${formatInstant(now)}|${review.id}`;
    const others = [...made, ...(decision.outcome === 'same' && decision.mergesOthers ? candidates : [])];
    const touched = new Set<PatientId>([person.id]);
    if (decision.outcome === 'same')
      for (const other of others) {
        const retired = hand.survivor(other);
        if (retired.id === hand.survivor(person.id).id) continue;
        touched.add(retired.id);
        hand.putRecord(merge(retired, hand.survivor(person.id).id, order));
      }
    if (review.record === null) await remember(tx, hand, review, person.id);
    const survivors = [...touched].map((id) => hand.survivor(id).id);
    const { versions, charts } = advanceCharts(hand, survivors, organisation, now);
    const changes = hand.changes();
    await keepRecords(tx, changes.records);
    await keepIdentifiers(tx, changes.identifiers);
    await keepLooks(tx, changes.looks);
    await keepBodies(tx, changes.bodies);
    await keepResources(tx, versions, now);
    const { id, by, outcome, note } = decision;
    const released = await decideReview(tx, { id, by, decision: { outcome, patient: person.id, note }, now });
    await closeItems(tx, [{ kind: reviewKind, key: id }], now, by);
    await endReviews(tx, changes, now);
    await keepAudit(
      tx,
      tx.organisation,
      [
        {
          actor: by,
          action: 'U',
          interaction: 'match-review',
          outcome: 0,
          patients: charts.map((chart) => chart.patient.id),
          resources: versions.map((version) => `${version.type}/${version.id}/_history/${version.version}`),
          request: id,
        },
      ],
      now,
    );
    return { released, patient: hand.survivor(person.id).id };
  });
}

function personOf(
  hand: Hand,
  review: Review,
  decision: ReviewDecision,
  organisation: Organisation,
  now: ReturnType<Organisation['now']>,
): PatientRecord {
  if (decision.outcome === 'same') {
    const known = review.candidates.find(({ patient }) => patient === decision.patient);
    if (!known)
      throw new Fault('ops.request-invalid', {
        detail: `"patient" must be one of the candidates: ${review.candidates.map(({ patient }) => patient).join(', ')}`,
      });
    return hand.record(known.patient);
  }
  if (review.record !== null) return hand.record(review.record);
  const record: PatientRecord = {
    id: organisation.newId<'patient'>(),
    identifiers: [],
    statements: {},
    createdAt: now,
  };
  const isHeld = review.subject.identifiers.some((identifier) => hand.holders([identifier]).length > 0);
  // An identifier that somebody holds stays theirs; the newcomer bears it without being found by it.
  const person = isHeld ? { ...record, contested: review.subject.identifiers } : record;
  hand.putRecord(person);
  return person;
}

/** So that the messages find the person: by identifiers that nobody held, else by what they say of the person. */
async function remember(tx: Transaction, hand: Hand, review: Review, person: PatientId): Promise<void> {
  const free = review.subject.identifiers.filter((identifier) => hand.holders([identifier]).length === 0);
  const known = new Set(free.map(identifierKey));
  if (free.length > 0) hand.putRecord(addIdentifiers(hand.record(person), free));
  const held = review.subject.identifiers.filter((identifier) => !known.has(identifierKey(identifier)));
  await keepRecords(tx, [hand.record(person)]);
  await keepDecisions(
    tx,
    held.map(({ authority, value }) => ({ authority, value, fingerprint: review.fingerprint, patient: person })),
    review.id,
  );
}

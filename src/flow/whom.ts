// Whom a notice means, before anything is done about it: records by identifier, or a match review to wait for. A review
// that is open already takes in what comes behind it.

import type { NewId, PatientId } from '../base/id.ts';
import type { Instant } from '../base/instant.ts';
import type { Identifier } from '../domain/code.ts';
import type { NoticeBase, Subject, Understood } from '../domain/notice.ts';
import { meantBy } from '../domain/patient/identifier-home.ts';
import type { MatchRules } from '../domain/patient/likeness.ts';
import { type Candidate, type Match, match, type ReviewReason } from '../domain/patient/match.ts';
import { fingerprintOf, sketchOf, valuesSaid } from '../domain/patient/person-words.ts';
import type { OrderKey, PatientRecord } from '../domain/patient/record.ts';
import type { NewReview } from '../store/match-reviews.ts';
import type { Hand } from './hand.ts';

export interface Occasion {
  readonly message: number;
  readonly now: Instant;
  readonly newId: NewId;
  readonly rules: MatchRules;
}

/** The review that this notice must wait for; undefined when everybody it names can be told. */
export function reviewFor(hand: Hand, notice: Understood, occasion: Occasion): string | undefined {
  switch (notice.kind) {
    case 'encounter':
    case 'document':
    case 'appointment':
    case 'person':
      return lookAt(hand, notice.subject, [], notice, occasion);
    case 'merge':
    case 'rename':
    case 'move-identifiers':
      return first(notice.pairs, ({ survivor, retired }) =>
        lookAt(hand, survivor, retired.identifiers, notice, occasion),
      );
    case 'move-stays':
      return first(notice.moves, ({ target, source }) =>
        lookAt(hand, target, source?.identifiers ?? [], notice, occasion),
      );
    case 'link':
    case 'part':
      return first(
        notice.pairs,
        ([one, other]) =>
          lookAt(hand, one, other.identifiers, notice, occasion) ??
          lookAt(hand, other, one.identifiers, notice, occasion),
      );
    case 'several':
      return first(notice.notices, (part) => reviewFor(hand, part, occasion));
  }
}

/** The subject by the identifiers that told, when the notice was given, who that is. The same one where all did. */
export function asMeant(hand: Hand, subject: Subject, order: OrderKey): Subject {
  const identifiers = meantBy(subject.identifiers, order, hand.identifierHome);
  return identifiers === subject.identifiers ? subject : { ...subject, identifiers };
}

/** `others`: identifiers of whoever the notice itself joins with the subject; being like them is no question. */
export function matchIn(
  hand: Hand,
  subject: Subject,
  others: readonly Identifier[],
  on: string,
  rules: MatchRules,
): Match {
  // Whom a message means is asked before it is worked and while it is, with nothing changed in between.
  const { record: find, holders, decided, valuesOf } = hand;
  if (others.length === 0)
    return hand.remember(subject, () =>
      match(subject, on, { find, holders, decided, valuesOf, alike: hand.alike }, rules),
    );
  const joined = new Set(hand.holders(others).map(({ id }) => hand.survivor(id).id));
  const alike = (said: Parameters<Hand['alike']>[0]): PatientRecord[] =>
    hand.alike(said).filter(({ id }) => !joined.has(hand.survivor(id).id));
  return match(subject, on, { find, holders, decided, valuesOf, alike }, rules);
}

function lookAt(
  hand: Hand,
  named: Subject,
  others: readonly Identifier[],
  { order, happenedAt }: NoticeBase,
  occasion: Occasion,
): string | undefined {
  const subject = asMeant(hand, named, order);
  const found = matchIn(hand, subject, others, happenedAt.date, occasion.rules);
  const open = hand.reviews(subject.identifiers);
  if (found.outcome === 'new') return open.find(({ reason }) => reason === 'similar-person')?.id;
  if (found.outcome === 'matched' && open.length === 0) return undefined;
  const print = printOf(subject, occasion.rules);
  const saysNobody = print === '||';
  if (found.outcome === 'matched')
    return saysNobody ? open.find(({ reason }) => reason === 'conflicting-demographics')?.id : undefined;
  const known = open.find(
    ({ reason, fingerprint }) =>
      reason === found.reason && (reason !== 'conflicting-demographics' || fingerprint === print),
  );
  if (known) return known.id;
  return openReview(hand, subject, found.reason, found.candidates, occasion).id;
}

/** A new record whose person is like others of the same authority: nothing waits, and a person may look at it. */
export function noteAlike(
  hand: Hand,
  subject: Subject,
  record: PatientId,
  alike: readonly Candidate[],
  occasion: Occasion,
): void {
  // A name that many have is no sign of anything.
  if (alike.length === 0 || alike.length > occasion.rules.candidatesMax) return;
  openReview(hand, subject, 'similar-person', alike, occasion, record);
}

function openReview(
  hand: Hand,
  subject: Subject,
  reason: ReviewReason,
  candidates: readonly Candidate[],
  occasion: Occasion,
  made?: PatientId,
): NewReview {
  const review: NewReview = {
    id: occasion.newId<'review'>(),
    reason,
    fingerprint: printOf(subject, occasion.rules),
    identifiers: subject.identifiers,
    subject,
    candidates: candidates.map(({ record, likeness }) => ({ patient: record.id, ...likeness })),
    message: occasion.message,
    ...(made !== undefined && { record: made }),
  };
  hand.putReview(review);
  return review;
}

const printOf = ({ demographics }: Subject, rules: MatchRules): string =>
  fingerprintOf(sketchOf(valuesSaid(demographics), rules));

function first<Item>(items: readonly Item[], look: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const review = look(item);
    if (review !== undefined) return review;
  }
  return undefined;
}

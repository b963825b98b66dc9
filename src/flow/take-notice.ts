// What one notice changes in the charts in hand: who it is about, what was said of them, what happened to which stay.
// Returns the surviving patients whose charts must be advanced.

import { Fault } from '../base/fault.ts';
import type { PatientId } from '../base/id.ts';
import type { ChartEvent } from '../domain/chart-event.ts';
import type { Identifier } from '../domain/code.ts';
import { visitHomeKey } from '../domain/encounter/home.ts';
import type { Subject, Understood } from '../domain/notice.ts';
import { sayAllergies } from '../domain/patient/allergies.ts';
import type { OrderKey, PatientRecord } from '../domain/patient/record.ts';
import { addIdentifiers, sayDemographics } from '../domain/patient/statements.ts';
import type { Hand } from './hand.ts';
import { takeLink, takeMerge, takeMovedIdentifiers, takeRename } from './take-identity.ts';
import { takeMovedStays } from './take-move.ts';
import { matchIn, noteAlike, type Occasion } from './whom.ts';

export function takeNotice(hand: Hand, notice: Understood, occasion: Occasion): readonly PatientId[] {
  const touched = takeEach(hand, notice, occasion);
  return [...new Set([...touched, ...touched.map((id) => hand.survivor(id).id)])];
}

function takeEach(hand: Hand, notice: Understood, occasion: Occasion): readonly PatientId[] {
  const meet = meeting(hand, notice, occasion);
  switch (notice.kind) {
    case 'person':
      return [meet(notice.subject).id];
    case 'encounter': {
      const record = meet(notice.subject);
      const event = notice.event.visit ? notice.event : { ...notice.event, toldOf: record.id };
      return [record.id, putAtHome(hand, record.id, event, occasion.message)];
    }
    case 'document':
    case 'appointment': {
      const record = meet(notice.subject);
      return [record.id, putAtHome(hand, record.id, { ...notice.event, toldOf: record.id }, occasion.message)];
    }
    case 'merge':
      return notice.pairs.flatMap((pair, at) => takeMerge(hand, pair, orderOf(notice.order, at), meet));
    case 'rename':
      return notice.pairs.flatMap((pair, at) => takeRename(hand, pair, orderOf(notice.order, at), meet));
    case 'move-identifiers':
      return notice.pairs.flatMap((pair, at) => takeMovedIdentifiers(hand, pair, orderOf(notice.order, at), meet));
    case 'move-stays':
      return notice.moves.flatMap((move, at) =>
        takeMovedStays(hand, move, orderOf(notice.order, at), meet, occasion.message),
      );
    case 'link':
    case 'part':
      return notice.pairs.flatMap((pair, at) => takeLink(hand, pair, notice.kind, orderOf(notice.order, at), meet));
    case 'several':
      return notice.notices.flatMap((part) => takeEach(hand, part, occasion));
  }
}

/** Statements of one message stand in the order in which it makes them. */
const orderOf = (order: OrderKey, at: number): OrderKey => (at === 0 ? order : `${order}|${at}`);

/** The record that a subject is, with what the notice says of it. */
export type Meet = (subject: Subject, others?: readonly Identifier[]) => PatientRecord;

function meeting(hand: Hand, notice: Understood, occasion: Occasion): Meet {
  return (subject, others = []) => {
    const found = matchIn(hand, subject, others, notice.happenedAt.date, occasion.rules);
    // Whoever had to be looked at by a person was found before anything was done; being like somebody of the same
    // message is no question.
    if (found.outcome === 'review' && found.reason !== 'similar-person') throw new Fault('match.ambiguous');
    const before: PatientRecord =
      found.outcome === 'matched'
        ? found.record
        : { id: occasion.newId<'patient'>(), identifiers: [], statements: {}, createdAt: occasion.now };
    const free = subject.identifiers.filter((identifier) => {
      const [holder] = hand.holders([identifier]);
      return !holder || holder.id === before.id;
    });
    const told = sayDemographics(addIdentifiers(before, free), subject.demographics, notice.order);
    const after = subject.allergies ? sayAllergies(told, subject.allergies, notice.order) : told;
    if (after !== before || found.outcome !== 'matched') hand.putRecord(after);
    if (found.outcome === 'new') noteAlike(hand, subject, after.id, found.alike, occasion);
    return after;
  };
}

/** Puts an event where its stay belongs: a move may have given the stay to another patient. */
export function putAtHome(hand: Hand, told: PatientId, event: ChartEvent, message: number): PatientId {
  const home = hand.home(event);
  if (home && 'formerVisit' in event && event.visit && event.formerVisit)
    for (const visit of [event.visit, event.formerVisit]) hand.putHome(visitHomeKey(visit), home);
  const patient = home?.patient ?? told;
  hand.putEvent(patient, message, event);
  return patient;
}

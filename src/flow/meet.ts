// Meeting the people a notice names: each subject's record with what is said of it, and their events put where their
// stays belong.

import { Fault } from '../base/fault.ts';
import type { PatientId } from '../base/id.ts';
import type { ChartEvent } from '../domain/chart-event.ts';
import type { Identifier } from '../domain/code.ts';
import { namesOf } from '../domain/encounter/home.ts';
import type { Subject, Understood } from '../domain/notice.ts';
import { sayAllergies } from '../domain/patient/allergies.ts';
import type { PatientRecord } from '../domain/patient/record.ts';
import { addIdentifiers, sayDemographics } from '../domain/patient/statements.ts';
import type { Hand } from './hand.ts';
import { matchIn, noteAlike, type Occasion } from './whom.ts';

/** The record that a subject is, with what the notice says of it. */
export type Meet = (subject: Subject, others?: readonly Identifier[]) => PatientRecord;

export function meeting(hand: Hand, notice: Understood, occasion: Occasion): Meet {
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

/**
 * Puts an event where its stay belongs: a move may have given the stay to another patient. One that tells another name of
 * the stay takes along what was said under any of its names. Returns whose charts that concerns.
 */
export function putAtHome(hand: Hand, told: PatientId, event: ChartEvent, message: number): readonly PatientId[] {
  const home = hand.home(event);
  const patient = home?.patient ?? told;
  hand.putEvent(patient, message, event);
  if (!home || !('formerVisit' in event) || !event.visit || !event.formerVisit) return [patient];
  for (const name of namesOf([event.visit, event.formerVisit], hand.events(hand.patients()))) {
    const known = hand.homeAt(`visit|${name}`);
    if (!known || known.order < home.order) hand.putHome(`visit|${name}`, home);
  }
  return [patient, ...moveHome(hand)];
}

/** Events in hand that lie with somebody else than their stay go to it. Returns whose charts that concerns. */
export function moveHome(hand: Hand): readonly PatientId[] {
  const touched: PatientId[] = [];
  for (const patient of hand.patients()) {
    for (const event of hand.events([patient])) {
      const home = hand.home(event);
      if (!home || home.patient === patient) continue;
      hand.moveEvent(event.id, patient, home.patient);
      touched.push(patient, home.patient);
    }
  }
  return touched;
}

// Meeting the people a notice names: each subject's record with what is said of it, and their events put where their
// stays belong.

import { Fault } from '../base/fault.ts';
import type { PatientId } from '../base/id.ts';
import type { ChartEvent } from '../domain/chart-event.ts';
import { type Identifier, identifierKey } from '../domain/code.ts';
import { accountsOf, type Home, homesOf, namesOf, visitsOf } from '../domain/encounter/home.ts';
import type { Subject, Understood } from '../domain/notice.ts';
import { sayAllergies } from '../domain/patient/allergies.ts';
import type { PatientRecord } from '../domain/patient/record.ts';
import { addIdentifiers, sayDemographics } from '../domain/patient/statements.ts';
import type { Hand } from './hand.ts';
import { asMeant, matchIn, noteAlike, type Occasion } from './whom.ts';

/** The record that a subject is, with what the notice says of it. */
export type Meet = (subject: Subject, others?: readonly Identifier[]) => PatientRecord;

export function meeting(hand: Hand, notice: Understood, occasion: Occasion): Meet {
  return (named, others = []) => {
    const subject = asMeant(hand, named, notice.order);
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
 * Puts an event where its stay belongs: moves may have given the stay to another patient. One that tells another number of
 * a moved stay takes along what was said under it. Returns whose charts that concerns.
 */
export function putAtHome(hand: Hand, told: PatientId, said: ChartEvent, message: number): readonly PatientId[] {
  const event = said.toldOf ? said : { ...said, toldOf: told };
  const homes = homesIn(hand, event, told);
  const patient = whereTo(hand, told, homes);
  hand.putEvent(patient, message, event);
  return spread(hand, event, homes) ? [patient, ...moveHome(hand)] : [patient];
}

/** Events in hand that lie with somebody else than their stay go to it. Returns whose charts that concerns. */
export function moveHome(hand: Hand): readonly PatientId[] {
  const known = hand.patients().flatMap((patient) => hand.events([patient]).map((event) => ({ patient, event })));
  const moved = known.filter(({ event }) => hand.moves(event).length > 0);
  for (let isNew = moved.length > 0; isNew; )
    isNew = moved.reduce((any, { patient, event }) => {
      const told = toldOf(hand, event, patient);
      return spread(hand, event, homesIn(hand, event, told)) || any;
    }, false);
  return known.flatMap(({ patient, event }) => {
    const moves = hand.moves(event);
    const told = toldOf(hand, event, patient);
    if (moves.length === 0 || !hand.has(told)) return [];
    const homes = homesIn(hand, event, told);
    // Where a move that names nobody took it, it stays, whatever its time: moves were kept so before migration 0010.
    if (homes.length === 0 && moves.some((move) => move.patient === patient && !move.from?.length)) return [];
    const home = whereTo(hand, told, homes);
    if (home === patient) return [];
    hand.moveEvent(event.id, patient, home);
    return [patient, home];
  });
}

/** The record of which an event was told that lies with this one. */
function toldOf(hand: Hand, event: ChartEvent, patient: PatientId): PatientId {
  if (!hand.moves(event).some((move) => move.patient === patient)) return patient;
  if (event.told === undefined) return event.toldOf ?? patient;
  // A number that was moved (A43) took along what was told under it.
  return hand.identifierHome(event.told)?.patient ?? event.toldOf ?? hand.holderOf(event.told) ?? patient;
}

function homesIn(hand: Hand, event: ChartEvent, told: PatientId): readonly Home[] {
  const moves = hand.moves(event);
  return moves.length === 0 || !hand.has(told) ? [] : homesOf(event, told, moves, (one) => familyIn(hand, one));
}

function familyIn(hand: Hand, one: PatientId | Identifier): string {
  const id = typeof one === 'string' ? one : hand.holderOf(identifierKey(one));
  return id === undefined ? identifierKey(one as Identifier) : hand.survivor(id).id;
}

/** Events stay with the record they were told of as long as it is the person's. */
function whereTo(hand: Hand, told: PatientId, homes: readonly Home[]): PatientId {
  const home = homes.at(-1)?.patient ?? told;
  return hand.survivor(home).id === hand.survivor(told).id ? told : home;
}

/** Moves that concern an event concern its whole stay, under all its numbers. Whether any of them was not known there. */
function spread(hand: Hand, event: ChartEvent, homes: readonly Home[]): boolean {
  const visits = visitsOf(event);
  if (homes.length === 0 || visits.length === 0 || visits.length + accountsOf(event).length < 2) return false;
  const names = namesOf(visits, hand.events(hand.patients()));
  return names.flatMap((name) => homes.map((home) => hand.putHome(`visit|${name}`, home))).some((isNew) => isNew);
}

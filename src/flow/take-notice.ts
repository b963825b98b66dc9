// What one notice changes in the charts in hand: who it is about, what was said of them, what happened to which stay.
// Returns the surviving patients whose charts must be advanced.

import { Fault } from '../base/fault.ts';
import type { NewId, PatientId } from '../base/id.ts';
import type { Instant } from '../base/instant.ts';
import type { Notice, Subject } from '../domain/notice.ts';
import { sayAllergies } from '../domain/patient/allergies.ts';
import { match } from '../domain/patient/match.ts';
import { merge } from '../domain/patient/merge.ts';
import type { OrderKey, PatientRecord } from '../domain/patient/record.ts';
import { addIdentifiers, sayDemographics } from '../domain/patient/statements.ts';
import type { Hand } from './hand.ts';

type Understood = Exclude<Notice, { kind: 'ignored' }>;

export interface Moment {
  readonly message: number;
  readonly now: Instant;
  readonly newId: NewId;
}

export function takeNotice(hand: Hand, notice: Understood, moment: Moment): readonly PatientId[] {
  switch (notice.kind) {
    case 'person':
      return [hand.survivor(takeSubject(hand, notice.subject, notice.order, moment).id).id];
    case 'encounter': {
      const record = takeSubject(hand, notice.subject, notice.order, moment);
      hand.putEvent(
        record.id,
        moment.message,
        notice.event.visit ? notice.event : { ...notice.event, toldOf: record.id },
      );
      return [hand.survivor(record.id).id];
    }
    case 'document':
    case 'appointment': {
      const record = takeSubject(hand, notice.subject, notice.order, moment);
      hand.putEvent(record.id, moment.message, { ...notice.event, toldOf: record.id });
      return [hand.survivor(record.id).id];
    }
    case 'several':
      return notice.notices.flatMap((each) => takeNotice(hand, each, moment));
    case 'merge':
      return takeMerge(hand, notice, moment);
  }
}

/** The record that the subject is, with what the notice says of it; a new one where nobody holds its identifiers. */
function takeSubject(hand: Hand, subject: Subject, order: OrderKey, moment: Moment): PatientRecord {
  const found = match(hand.holders(subject.identifiers), hand.record);
  if (found.outcome === 'ambiguous') throw new Fault('match.ambiguous');
  const before: PatientRecord =
    found.outcome === 'matched'
      ? found.record
      : { id: moment.newId<'patient'>(), identifiers: [], statements: {}, createdAt: moment.now };
  const free = subject.identifiers.filter((identifier) => {
    const [holder] = hand.holders([identifier]);
    return !holder || holder.id === before.id;
  });
  const told = sayDemographics(addIdentifiers(before, free), subject.demographics, order);
  const after = subject.allergies ? sayAllergies(told, subject.allergies, order) : told;
  if (after !== before || found.outcome === 'new') hand.putRecord(after);
  return after;
}

function takeMerge(hand: Hand, notice: Extract<Understood, { kind: 'merge' }>, moment: Moment): PatientId[] {
  const touched = new Set<PatientId>();
  for (const pair of notice.pairs) {
    const survivor = takeSubject(hand, pair.survivor, notice.order, moment);
    const retired = takeRetired(hand, pair.retired, notice.order, moment);
    touched.add(hand.survivor(retired.id).id);
    for (const changed of merge(hand.record(retired.id), hand.record(survivor.id), notice.order, hand.record))
      hand.putRecord(changed);
    touched.add(hand.survivor(survivor.id).id);
    touched.add(hand.survivor(retired.id).id);
  }
  return [...touched];
}

/**
 * The record to retire: the one that holds the identifier itself, whoever it was merged into before, so that a second
 * merge of the same identifier corrects the first. Its demographics are left alone: MRG says nothing of them.
 */
function takeRetired(hand: Hand, subject: Subject, order: OrderKey, moment: Moment): PatientRecord {
  const [holder] = hand.holders(subject.identifiers.slice(0, 1));
  return holder ?? takeSubject(hand, { identifiers: subject.identifiers, demographics: {} }, order, moment);
}

// What one notice changes in the charts in hand: who it is about, what was said of them, what happened to which stay.
// Returns the surviving patients whose charts must be advanced.

import type { PatientId } from '../base/id.ts';
import type { ChartEvent } from '../domain/chart-event.ts';
import { identifierKey } from '../domain/code.ts';
import type { Subject, Understood } from '../domain/notice.ts';
import type { OrderKey } from '../domain/patient/record.ts';
import type { Hand } from './hand.ts';
import { meeting, moveHome, putAtHome } from './meet.ts';
import { takeLink, takeMerge, takeMovedIdentifiers, takeRename } from './take-identity.ts';
import { takeMovedStays } from './take-move.ts';
import { asMeant, type Occasion } from './whom.ts';

export function takeNotice(hand: Hand, notice: Understood, occasion: Occasion): readonly PatientId[] {
  const before = hand.grouping();
  const touched = [...takeEach(hand, notice, occasion)];
  // Moves of stays go by whose the identifiers are; those may have become another's.
  if (hand.grouping() !== before) touched.push(...moveHome(hand));
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
      return [record.id, ...putAtHome(hand, whoseNow(hand, notice.subject, event, record.id), event, occasion.message)];
    }
    case 'document':
    case 'appointment': {
      const record = meet(notice.subject);
      const event = { ...notice.event, toldOf: record.id };
      return [record.id, ...putAtHome(hand, whoseNow(hand, notice.subject, event, record.id), event, occasion.message)];
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

/** What was told under a number that was moved later (A43) is with whoever it was moved to, as if it had come in time. */
function whoseNow(hand: Hand, subject: Subject, event: ChartEvent, record: PatientId): PatientId {
  const isMeant = asMeant(hand, subject, event.order).identifiers.some((one) => identifierKey(one) === event.told);
  if (isMeant || event.told === undefined) return record;
  return hand.identifierHome(event.told)?.patient ?? record;
}

/** Statements of one message stand in the order in which it makes them. */
const orderOf = (order: OrderKey, at: number): OrderKey => (at === 0 ? order : `${order}|${at}`);

// What one notice changes in the charts in hand: who it is about, what was said of them, what happened to which stay.
// Returns the surviving patients whose charts must be advanced.

import type { PatientId } from '../base/id.ts';
import type { Understood } from '../domain/notice.ts';
import type { OrderKey } from '../domain/patient/record.ts';
import type { Hand } from './hand.ts';
import { meeting, putAtHome } from './meet.ts';
import { takeLink, takeMerge, takeMovedIdentifiers, takeRename } from './take-identity.ts';
import { takeMovedStays } from './take-move.ts';
import type { Occasion } from './whom.ts';

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
      return [record.id, ...putAtHome(hand, record.id, event, occasion.message)];
    }
    case 'document':
    case 'appointment': {
      const record = meet(notice.subject);
      return [record.id, ...putAtHome(hand, record.id, { ...notice.event, toldOf: record.id }, occasion.message)];
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

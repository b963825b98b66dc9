// Wrong-patient repair (A44, A45; HL7 v2.9 ch. 3.3.44, 3.3.45): a stay, or all stays of an account, belongs to somebody
// else. Its events go there, now and whenever late ones arrive, and the case with its tasks goes with them.

import type { PatientId } from '../base/id.ts';
import { accountHomeKey, type Home, namesOf } from '../domain/encounter/home.ts';
import type { StayMove } from '../domain/notice.ts';
import type { OrderKey } from '../domain/patient/record.ts';
import type { Hand } from './hand.ts';
import { type Meet, moveHome, putAtHome } from './meet.ts';

export function takeMovedStays(hand: Hand, move: StayMove, order: OrderKey, meet: Meet, message: number): PatientId[] {
  const target = meet(move.target, move.source?.identifiers ?? []);
  const renames = move.renames ? [move.renames] : [];
  const names = namesOf(move.visits, [...hand.events(hand.patients()), ...renames]);
  const home: Home = { patient: target.id, order, from: move.source?.identifiers ?? [] };
  for (const name of names) hand.putHome(`visit|${name}`, home);
  if (move.account) hand.putHome(accountHomeKey(move.account), home);
  const touched: PatientId[] = [target.id, ...moveHome(hand)];
  if (move.renames) touched.push(...putAtHome(hand, target.id, move.renames, message));
  return touched;
}

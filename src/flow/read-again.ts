// Reading a message again after it was set back: its header is held against the feed's rules as at the door, and what it
// said before no longer counts, wherever it was said.

import { Fault } from '../base/fault.ts';
import type { PatientId } from '../base/id.ts';
import { forgetStatements } from '../domain/patient/statements.ts';
import type { InboxEntry } from '../store/inbox.ts';
import type { Hand } from './hand.ts';
import { type HeaderRules, look, placeIn } from './receive-message.ts';
import { isFhir } from './understand.ts';

export const isReadAgain = ({ replays }: Pick<InboxEntry, 'replays'>): boolean => replays > 0;

/** Throws what the sender would be told today: a message refused at the door stays refused until the feed's file says otherwise. */
export function checkAgain(
  { raw, trigger }: Pick<InboxEntry, 'raw' | 'trigger'>,
  rules: HeaderRules | undefined,
): void {
  if (!rules || isFhir(trigger)) return;
  const [problem] = look(raw, rules).problems;
  if (problem) throw new Fault(problem.code, { detail: placeIn(problem.location) });
}

/** Takes back the events it told of and what it said of people. Gives whose charts that concerns. */
export function takeBack(hand: Hand, digest: string): PatientId[] {
  const touched = new Set<PatientId>();
  for (const { patient, id } of hand.toldBy(digest)) {
    hand.moveEvent(id, patient);
    touched.add(patient);
  }
  for (const id of hand.patients()) {
    const before = hand.record(id);
    const after = forgetStatements(before, digest);
    if (after === before) continue;
    hand.putRecord(after);
    touched.add(id);
  }
  return [...touched].flatMap((id) => [id, hand.survivor(id).id]);
}

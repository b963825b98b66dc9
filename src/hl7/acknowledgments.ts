// Which acknowledgments a message gets, in their order (HL7 v2.5.1 ch. 2.9.2 original mode, 2.9.3 enhanced mode,
// conditions of table 0155). Being accepted means being stored: everything later happens after the reply.

import { type AckCode, isEnhanced } from './ack.ts';
import type { Header } from './header.ts';

export type AckOutcome =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly problems: readonly { readonly reply: 'AR' | 'AE' }[] };

/** What a partner has agreed about acknowledgments. Whatever it says, AA and CA mean that the message is stored. */
export interface AcknowledgmentPolicy {
  /** `auto`: the mode that MSH-15 and MSH-16 ask for. */
  readonly mode: 'original' | 'enhanced' | 'auto';
  /** `accept-and-park`: what would be AE is AA, and the message is parked for a person; AR stays AR. */
  readonly reject: 'as-standard' | 'accept-and-park';
}

export const standardPolicy: AcknowledgmentPolicy = { mode: 'auto', reject: 'as-standard' };

/**
 * Original mode (or no readable header): one application reply. Enhanced mode: the commit reply that MSH-15 asks for,
 * then the application reply that MSH-16 asks for. A commit error or reject ends the exchange; no application reply
 * follows one. A condition that table 0155 does not name counts as always. A feed agreed to be enhanced whose message
 * asks for nothing gets the commit reply alone.
 */
export function decideAcknowledgments(
  header: Header | undefined,
  sent: AckOutcome,
  policy: AcknowledgmentPolicy = standardPolicy,
): AckCode[] {
  const outcome = policy.reject === 'accept-and-park' && isMendable(sent) ? ({ accepted: true } as const) : sent;
  const isRejected = !outcome.accepted && outcome.problems.some((problem) => problem.reply === 'AR');
  const application: AckCode = outcome.accepted ? 'AA' : isRejected ? 'AR' : 'AE';
  if (header === undefined || policy.mode === 'original') return [application];
  const commit: AckCode = outcome.accepted ? 'CA' : isRejected ? 'CR' : 'CE';
  if (!isEnhanced(header)) return [policy.mode === 'enhanced' ? commit : application];
  const codes: AckCode[] = [];
  if (isWanted(header.acceptCondition, outcome.accepted)) codes.push(commit);
  if (codes.length > 0 && !outcome.accepted) return codes;
  if (isWanted(header.applicationCondition, outcome.accepted)) codes.push(application);
  return codes;
}

/** Nothing but content is wrong: not the kind of message, not its sender, not that it is one at all. */
const isMendable = (outcome: AckOutcome): boolean =>
  !outcome.accepted && outcome.problems.every((problem) => problem.reply === 'AE');

/** In enhanced mode an empty condition means never: the other one was valued on purpose. */
function isWanted(condition: string | undefined, accepted: boolean): boolean {
  switch (condition) {
    case undefined:
    case 'NE':
      return false;
    case 'ER':
      return !accepted;
    case 'SU':
      return accepted;
    default:
      return true;
  }
}

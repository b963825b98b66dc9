// The numbers of a stay: its visit and its account, and those it had before (PV1-19, PID-18, MRG-5, MRG-3; HL7 v2.9
// ch. 3.3.6 and 3.3.7: a class change may bring new ones, which is no merge).

import type { Identifier } from '../../domain/code.ts';
import type { EncounterEvent, EncounterEventKind } from '../../domain/encounter/event.ts';
import type { FactName } from './fact.ts';
import { accountIdentifier, visitIdentifier } from './identifier.ts';
import { type Found, factOf, find, pathsOf } from './path.ts';
import type { Reading } from './reading.ts';

type Numbers = Pick<EncounterEvent, 'visit' | 'formerVisit' | 'account' | 'formerAccount'>;

export function readNumbers(reading: Reading, kind: EncounterEventKind): Numbers {
  const { language, message } = reading;
  const number = (fact: FactName, read: (reading: Reading, found: Found) => Identifier | undefined) =>
    factOf(language, fact, message.first, (found) => read(reading, found)) ?? undefined;
  const visit = number('visit-number', visitIdentifier);
  const account = number('account-number', accountIdentifier);
  const numbers = { ...(visit && { visit }), ...(account && { account }) };
  if (kind !== 'class-changed') return numbers;
  const formerAccount = number('former-account-number', accountIdentifier);
  const formerVisit =
    number('former-visit-number', visitIdentifier) ??
    (isAccount(reading) ? number('former-account-number', visitIdentifier) : undefined);
  return { ...numbers, ...(formerVisit && { formerVisit }), ...(formerAccount && { formerAccount }) };
}

/** Whether the account number stands for that of the visit, so that a change of one is a change of the other. */
function isAccount({ language, message }: Reading): boolean {
  const named = find(language, 'visit-number', message.first)?.path.name;
  return pathsOf(language, 'account-number').some((path) => path.name === named);
}

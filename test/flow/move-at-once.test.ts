// A move of a stay that names nobody who has it (A45 without MRG-1), while a message of that stay is being worked: neither
// passes the other unseen, whichever comes first.

import type { Encounter, Patient } from 'fhir/r4.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { processMessages } from '../../src/flow/process-messages.ts';
import { pausing, someoneIsLocked } from '../support/at-once.ts';
import { anAdmission } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';
import { aMovedVisit, castOf } from '../support/stay-moves.ts';

let site: TestSite;
beforeAll(async () => {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
});
afterAll(() => site.close());

const one = { entriesMax: 1, shardsMax: 1 };

/** Works the first message and, while it is not committed yet, the second. */
async function workAtOnce(first: string, second: string): Promise<void> {
  await site.send(first);
  let other: Promise<unknown> | undefined;
  const meanwhile = async (): Promise<void> => {
    await site.send(second);
    other = processMessages(site.site.organisation, one);
    // Whether it waits is its own matter; what counts is where the stay ends.
    await Promise.race([other, someoneIsLocked(site.owner)]);
  };
  await processMessages(pausing(site.site.organisation, 'audit.keep', meanwhile), one);
  await other;
  await site.work();
}

/** Numbers of whoever has the stay now. */
async function holderOf(visit: string): Promise<readonly (string | undefined)[]> {
  const stays = await site.resources<Encounter>('Encounter');
  const holders = stays
    .filter(({ identifier }) => identifier?.some(({ value }) => value === visit))
    .map(({ subject }) => subject?.reference);
  const patients = await site.resources<Patient>('Patient');
  return patients
    .filter(({ id }) => holders.includes(`Patient/${id}`))
    .flatMap(({ identifier = [] }) => identifier.map(({ value }) => value));
}

it.each([
  ['the message', 1],
  ['the move', 2],
] as const)('the stay is with whom it was moved to when %s comes first', async (first, order) => {
  const { rita, nora, number } = castOf(order);
  const visit = number('V');
  await site.send(anAdmission({ ...rita, visit: number('W'), at: '20261110090000-0500' }));
  await site.work();
  const told = anAdmission({ ...nora, visit, at: '20261110100000-0500' });
  const moved = aMovedVisit(visit, rita, undefined, '20261112100000-0500');
  await (first === 'the move' ? workAtOnce(moved, told) : workAtOnce(told, moved));
  expect(await holderOf(visit)).toEqual([rita.mrn]);
});

// A number that is moved (A43) while another batch waits for whoever held it: what that batch tells goes to the new holder.

import type { Encounter, Patient } from 'fhir/r4.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { processMessages } from '../../src/flow/process-messages.ts';
import { pausing, someoneIsLocked } from '../support/at-once.ts';
import { anAdmission, anAdt, segment } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
});
afterAll(() => site.close());

const one = { entriesMax: 1, shardsMax: 1 };
const ada = { mrn: '1', name: 'Moss^Ada', birthDate: '19510409' };
const rita = { mrn: '5', name: 'Reed^Rita', birthDate: '19600101' };

it('the stay is with the new holder, and the former one does not get the number back', async () => {
  await site.send(anAdmission({ ...ada, identifiers: '1^^^GH^MR~2^^^GH^MR', visit: 'V1', at: '20261110100000-0500' }));
  await site.send(anAdmission({ ...rita, visit: 'V5', at: '20261110110000-0500' }));
  await site.work();
  const moved = { ...rita, event: 'A43', at: '20261112100000-0500', without: ['PV1'] };
  await site.send(anAdt({ ...moved, segments: [segment('MRG', { 1: '2^^^GH^MR' })] }));
  let other: Promise<unknown> | undefined;
  const meanwhile = async (): Promise<void> => {
    await site.send(anAdmission({ ...rita, mrn: '2', visit: 'V2', at: '20261113100000-0500' }));
    other = processMessages(site.site.organisation, one).catch((thrown: unknown) => thrown);
    await someoneIsLocked(site.owner);
  };
  await processMessages(pausing(site.site.organisation, 'audit.keep', meanwhile), one);
  expect(await other).toMatchObject({ code: 'store.conflict' });
  await site.work();
  const patients = await site.resources<Patient>('Patient');
  const numbersOf = (id: string | undefined) =>
    patients
      .find((patient) => `Patient/${patient.id}` === id)
      ?.identifier?.map(({ value }) => value)
      .sort();
  const stays = await site.resources<Encounter>('Encounter');
  expect(stays.map((stay) => [stay.identifier?.[0]?.value, numbersOf(stay.subject?.reference)]).sort()).toEqual([
    ['V1', ['1']],
    ['V2', ['2', '5']],
    ['V5', ['2', '5']],
  ]);
});

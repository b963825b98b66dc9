// A practitioner whom messages of two patients describe at once: both changes are kept, each as a version of its own, and
// the one that was thought of with an older version in mind is thought of again.

import type { Practitioner } from 'fhir/r4.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { processMessages } from '../../src/flow/process-messages.ts';
import { pausing } from '../support/at-once.ts';
import { anAdmission } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
});
afterAll(() => site.close());

const one = { entriesMax: 1, shardsMax: 1 };
const ada = { mrn: '1', name: 'Moss^Ada', birthDate: '19510409', visit: 'V1' };
const rita = { mrn: '5', name: 'Reed^Rita', birthDate: '19600101', visit: 'V5' };
const calling = (given: string) => ({ attending: `20017^Adler^${given}^^^^^^GH` });

it('leaves one version for each change, and the newest word standing', async () => {
  await site.send(anAdmission({ ...ada, ...calling('Kim'), at: '20261110100000-0500' }));
  await site.work();
  await site.send(anAdmission({ ...ada, ...calling('Kimberly'), event: 'A08', at: '20261111100000-0500' }));
  const meanwhile = async (): Promise<void> => {
    await site.send(anAdmission({ ...rita, ...calling('Kimber'), at: '20261112100000-0500' }));
    expect(await processMessages(site.site.organisation, one)).toBe(1);
  };
  const late = pausing(site.site.organisation, 'resources.shared-versions', meanwhile, 'after');
  await expect(processMessages(late, one)).rejects.toMatchObject({ code: 'store.conflict' });
  await site.work();
  const [practitioner, ...more] = await site.resources<Practitioner>('Practitioner');
  expect(more).toEqual([]);
  expect(practitioner?.name?.[0]?.given).toEqual(['Kimber']);
  const { rows } = await site.owner.query<{ version: number }>(
    `select version from resource_history where type = 'Practitioner'
     union all select version from resource where type = 'Practitioner' order by 1`,
  );
  expect(rows.map(({ version }) => version)).toEqual([1, 2]);
});

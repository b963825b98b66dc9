// A stay that was moved by itself (A45), of somebody whose number is moved too (A43): in any order of arrival it is where
// the move of the stay put it.

import type { Encounter, Patient } from 'fhir/r4.js';
import { expect, it } from 'vitest';
import { anAdmission, anAdt, anUpdate, segment } from '../support/hl7.ts';
import { aSite } from '../support/site.ts';

const day = (n: number) => `202611${String(n).padStart(2, '0')}100000-0500`;
const ada = { mrn: '2', identifiers: '2^^^GH^MR~S2^^^GH^MR' };
const rita = { mrn: '1', name: 'Okafor^Rita', birthDate: '19510409' };
const eve = { mrn: '5', name: 'Sand^Eve', birthDate: '19410409' };
const a01 = anAdmission({ ...ada, visit: 'V1', at: day(9) });
const a45 = anAdt({
  ...eve,
  event: 'A45',
  visit: 'V1',
  at: day(12),
  segments: [segment('MRG', { 1: '2^^^GH^MR', 5: 'V1' })],
});
const a43 = anAdt({
  ...rita,
  event: 'A43',
  at: day(13),
  without: ['PV1'],
  segments: [segment('MRG', { 1: '2^^^GH^MR' })],
});
const later = anUpdate({ ...eve, visit: 'V1', at: day(14), location: '9W^1^1^GH' });
it.each([
  ['in order', [a01, a45, a43, later]],
  ['43 first', [a43, a01, a45, later]],
  ['43 before 45', [a01, a43, a45, later]],
  ['a45 first', [a45, a43, a01, later]],
  ['45,01,43', [a45, a01, a43, later]],
])('%s', async (_n, ms) => {
  const site = await aSite({ now: '2026-11-22T15:00:00Z' });
  for (const m of ms) {
    await site.send(m);
    await site.work();
  }
  const ps = await site.resources<Patient>('Patient');
  const es = (await site.resources<Encounter>('Encounter'))
    .filter((e) => e.status !== 'entered-in-error')
    .map((e) => [
      e.identifier?.[0]?.value,
      ps
        .find((p) => `Patient/${p.id}` === e.subject?.reference)
        ?.identifier?.map((i) => i.value)
        .join(),
    ]);
  const { rows } = await site.owner.query(`select trigger, state, reason from inbox where state <> 'applied'`);
  await site.close();
  expect([es, rows]).toEqual([[['V1', '5']], []]);
});

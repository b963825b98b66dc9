// People who are only alike: they are compared with and never waited for, and they become more than that as soon as a
// message names them.

import type { Encounter, Patient } from 'fhir/r4.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listReviews } from '../../src/store/match-reviews.ts';
import { aMerge, anAdmission } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
});
afterAll(() => site.close());

const rita = { name: 'Okafor^Rita', birthDate: '19510409', sex: 'F' };
const active = async () => (await site.resources<Patient>('Patient')).filter((patient) => patient.active);
const openReviews = () => listReviews(site.site.reads, { state: 'open', after: undefined, limit: 10 });

it('a newcomer does not wait for somebody alike whom another transaction holds', async () => {
  await site.send(anAdmission({ mrn: '1', visit: 'V1', at: '20261110100000-0500', ...rita }));
  await site.work();
  await site.owner.query('begin');
  await site.owner.query('select id from patient for update');
  await site.send(anAdmission({ mrn: '2', visit: 'V2', at: '20261111100000-0500', ...rita }));
  await site.work();
  await site.owner.query('rollback');
  expect(await active()).toHaveLength(2);
  expect(await openReviews()).toHaveLength(1);
});

it('in one batch somebody is alike to one message and merged by the next, with the stays of both, and the review ends', async () => {
  await site.send(anAdmission({ mrn: '3', visit: 'V3', at: '20261112100000-0500', ...rita }));
  await site.send(aMerge({ survivor: '1', retired: '2', at: '20261113100000-0500', ...rita }));
  await site.work();
  const states = (await site.owner.query('select distinct state from inbox')).rows;
  expect(states).toEqual([{ state: 'applied' }]);
  const patients = await active();
  expect(patients).toHaveLength(2);
  const survivor = patients.find((patient) => patient.identifier?.some(({ value }) => value === '1'));
  const stays = (await site.resources<Encounter>('Encounter')).filter(
    (stay) => stay.subject?.reference === `Patient/${survivor?.id}`,
  );
  expect(stays.map((stay) => stay.identifier?.[0]?.value).sort()).toEqual(['V1', 'V2']);
  const rows = (await site.owner.query('select count(*)::int as count from match_review_patient')).rows;
  const open = await openReviews();
  expect(rows[0].count).toBe(open.reduce((sum, review) => sum + review.candidates.length + (review.record ? 1 : 0), 0));
});

// One name and one birth date under two numbers of one authority: two people, unless the partner's file says that nobody
// may be sure (docs/decisions/0016-match-review.md).

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Encounter } from 'fhir/r4.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PatientId } from '../../src/base/id.ts';
import { decideMatch } from '../../src/flow/decide-review.ts';
import { listReviews, type Review } from '../../src/store/match-reviews.ts';
import { aDischarge, anAdmission } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

const rita = { name: 'Okafor^Rita', birthDate: '19510409', sex: 'F' };
const day = (number: number): string => `202611${number}100000-0500`;

let folder: string;
let site: TestSite;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'throughline-profiles-'));
  cpSync('profiles', folder, { recursive: true });
});
afterEach(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

async function aSiteWhere(rule: string): Promise<void> {
  const file = path.join(folder, 'partners', 'general-hospital.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n${rule}\n`);
  site = await aSite({ profilesDir: folder, now: '2026-11-22T15:00:00Z' });
}

async function twoNumbers(): Promise<void> {
  await site.send(anAdmission({ mrn: '1', visit: 'V1', at: day(10), ...rita }));
  await site.send(anAdmission({ mrn: '2', visit: 'V2', at: day(11), ...rita }));
  await site.send(aDischarge({ mrn: '2', visit: 'V2', at: day(14), ...rita }));
  await site.work();
}
const states = async (): Promise<string[]> =>
  (await site.owner.query('select state from inbox order by message')).rows.map(
    ({ state }: { state: string }) => state,
  );
const openReviews = () => listReviews(site.site.reads, { state: 'open', after: undefined, limit: 10 });

/** With the first candidate; returns whom that is. */
async function sayTheyAreOne(review: Review | undefined): Promise<PatientId | undefined> {
  const patient = review?.candidates[0]?.patient;
  await decideMatch(site.site.organisation, {
    ...{ id: review?.id ?? '', outcome: 'same', mergesOthers: false, by: 'test' },
    ...(patient !== undefined && { patient }),
  });
  return patient;
}

describe('two numbers of one authority with one name and birth date', () => {
  it('are two people, with a review beside them', async () => {
    await aSiteWhere('namesakes: apply');
    await twoNumbers();
    expect(await states()).toEqual(['applied', 'applied', 'applied']);
    expect(await openReviews()).toMatchObject([{ reason: 'similar-person', waiting: 0 }]);
  });

  it('waited for in another review are one as soon as a person says so here', async () => {
    await aSiteWhere('namesakes: apply');
    await twoNumbers();
    await site.send(
      aDischarge({ identifiers: '1^^^GH^MR~2^^^GH^MR', visit: 'V1', at: day(15), name: '', birthDate: '' }),
    );
    await site.work();
    expect(await states()).toEqual(['applied', 'applied', 'applied', 'waiting']);
    const review = (await openReviews()).find(({ reason }) => reason === 'similar-person');
    await sayTheyAreOne(review);
    expect(await openReviews()).toEqual([]);
    await site.work();
    expect(await states()).toEqual(['applied', 'applied', 'applied', 'applied']);
  });

  it('wait for a person where the partner is not to be trusted, with what comes behind', async () => {
    await aSiteWhere('namesakes: wait');
    await twoNumbers();
    expect(await states()).toEqual(['applied', 'waiting', 'waiting']);
    const [review] = await openReviews();
    expect(review).toMatchObject({ reason: 'similar-person', waiting: 2 });
    const patient = await sayTheyAreOne(review);
    await site.work();
    expect(await states()).toEqual(['applied', 'applied', 'applied']);
    const stays = await site.resources<Encounter>('Encounter');
    expect(new Set(stays.map((stay) => stay.subject?.reference))).toEqual(new Set([`Patient/${patient}`]));
    expect(stays.map((stay) => stay.status).sort()).toEqual(['finished', 'in-progress']);
  });
});

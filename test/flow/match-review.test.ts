// Matches that a person must decide: what waits, what comes behind it, and what becomes of it after the decision
// (docs/decisions/0016-match-review.md).

import type { CarePlan, Encounter, Patient, Task } from 'fhir/r4.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideMatch } from '../../src/flow/decide-review.ts';
import { keepRaw } from '../../src/flow/keep-raw.ts';
import { listReviews } from '../../src/store/match-reviews.ts';
import { aDischarge, aMerge, anAdmission, anUpdate } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

let site: TestSite;
beforeEach(async () => {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
});
afterEach(() => site.close());

const day = (number: number): string => `202611${number}100000-0500`;
const rita = { name: 'Okafor^Rita', birthDate: '19510409', sex: 'F' };
const nora = { name: 'Lund^Nora', birthDate: '19881130', sex: 'F' };

async function send(...messages: string[]): Promise<void> {
  for (const message of messages) expect(await site.send(message)).not.toBe('close');
  await site.work();
}
const states = async (): Promise<string[]> =>
  (await site.owner.query('select state from inbox order by message')).rows.map(
    ({ state }: { state: string }) => state,
  );
const openReviews = () => listReviews(site.site.reads, { state: 'open', after: undefined, limit: 10 });
async function theReview() {
  const [review, ...others] = await openReviews();
  expect(others).toEqual([]);
  if (!review) throw new Error('no review is open');
  return review;
}
const decide = (id: string, outcome: 'same' | 'new', patient?: string, mergesOthers = false) =>
  decideMatch(site.site.organisation, {
    id,
    outcome,
    mergesOthers,
    by: 'system:test Ida',
    ...(patient !== undefined && { patient: patient as never }),
  });
const items = async () =>
  (await site.owner.query(`select key, state from ops_item where kind = 'match-review' order by id`)).rows;
const active = async () => (await site.resources<Patient>('Patient')).filter((patient) => patient.active);
const ownersOf = async () => new Set((await site.resources<Task>('Task')).map((task) => task.for?.reference));

describe('the same name and birth date at another house, without a shared identifier', () => {
  const here = anAdmission({ mrn: '1', visit: 'V1', at: day(10), ...rita });
  const there = { mrn: '9', authority: 'OTHER', visit: 'V9', ...rita };

  it('waits, with what comes behind it, and with the reasons for a person', async () => {
    await send(
      here,
      anAdmission({ ...there, at: day(11) }),
      aDischarge({ ...there, at: day(14), name: '', birthDate: '' }),
    );
    expect(await states()).toEqual(['applied', 'waiting', 'waiting']);
    const review = await theReview();
    expect(review).toMatchObject({ reason: 'similar-person', waiting: 2, record: null });
    expect(review.candidates).toMatchObject([{ levels: { family: 'same', given: 'same', 'birth-date': 'same' } }]);
    expect(review.candidates[0]?.score).toBeGreaterThan(20);
    expect(await items()).toEqual([{ key: review.id, state: 'open' }]);
    expect(await active()).toHaveLength(1);
  });

  it('goes to the patient it is, under both numbers', async () => {
    await send(here, anAdmission({ ...there, at: day(11) }), aDischarge({ ...there, at: day(14) }));
    const review = await theReview();
    expect(await decide(review.id, 'same', review.candidates[0]?.patient)).toMatchObject({ released: 2 });
    await site.work();
    expect(await states()).toEqual(['applied', 'applied', 'applied']);
    const [patient, ...others] = await active();
    expect(others).toEqual([]);
    expect(patient?.identifier?.map(({ value }) => value).sort()).toEqual(['1', '9']);
    expect((await site.resources<Encounter>('Encounter')).map(({ status }) => status).sort()).toEqual([
      'finished',
      'in-progress',
    ]);
    expect((await site.resources<CarePlan>('CarePlan')).map(({ status }) => status)).toEqual(['active']);
    expect(await items()).toEqual([{ key: review.id, state: 'closed' }]);
  });

  it('or to somebody new', async () => {
    await send(here, anAdmission({ ...there, at: day(11) }), aDischarge({ ...there, at: day(14) }));
    await decide((await theReview()).id, 'new');
    await site.work();
    expect(await active()).toHaveLength(2);
    await send(anUpdate({ ...there, at: day(15) }));
    expect(await openReviews()).toEqual([]);
    expect((await states()).at(-1)).toBe('applied');
  });

  it('goes on by itself when the hospital merges the two', async () => {
    await send(here, aDischarge({ ...there, at: day(14) }));
    expect(await states()).toEqual(['applied', 'waiting']);
    await send(aMerge({ survivor: '1', retired: '9^^^OTHER', at: day(15), ...rita }));
    expect(await openReviews()).toEqual([]);
    expect(await states()).toEqual(['applied', 'applied', 'applied']);
    expect((await ownersOf()).size).toBe(1);
    expect(await items()).toMatchObject([{ state: 'closed' }]);
  });

  it('is applied where the same authority gave both numbers, and a person may look at it', async () => {
    await send(here, aDischarge({ mrn: '2', visit: 'V2', at: day(14), ...rita }));
    expect(await states()).toEqual(['applied', 'applied']);
    const review = await theReview();
    expect(review.record).not.toBeNull();
    expect(await active()).toHaveLength(2);
    await decide(review.id, 'same', review.candidates[0]?.patient);
    const [patient] = await active();
    expect(await active()).toHaveLength(1);
    expect(await ownersOf()).toEqual(new Set([`Patient/${patient?.id}`]));
  });
});

describe('another person under a known number', () => {
  const first = anAdmission({ mrn: '1', visit: 'V1', at: day(10), ...rita });
  const second = aDischarge({ mrn: '1', visit: 'V2', at: day(14), ...nora });

  it('waits, and so does what names nobody; what agrees with the one we know goes on', async () => {
    await send(first, second);
    await send(
      anUpdate({ mrn: '1', visit: 'V1', at: day(15), ...rita }),
      anUpdate({ mrn: '1', visit: 'V2', at: day(15), name: '', birthDate: '', sex: '' }),
    );
    expect(await states()).toEqual(['applied', 'waiting', 'applied', 'waiting']);
    expect(await theReview()).toMatchObject({ reason: 'conflicting-demographics', waiting: 2 });
  });

  it('is somebody of their own when a person says so, now and later', async () => {
    await send(first, second);
    await decide((await theReview()).id, 'new');
    await send(
      anUpdate({ mrn: '1', visit: 'V2', at: day(16), ...nora }),
      anUpdate({ mrn: '1', visit: 'V1', at: day(16), ...rita }),
    );
    expect(await states()).toEqual(['applied', 'applied', 'applied', 'applied']);
    const patients = await active();
    expect(patients.map((patient) => patient.name?.[0]?.family).sort()).toEqual(['Lund', 'Okafor']);
    const lund = patients.find((patient) => patient.name?.[0]?.family === 'Lund');
    expect(await ownersOf()).toEqual(new Set([`Patient/${lund?.id}`]));
  });

  it('or the same after all: the names changed', async () => {
    await send(first, second);
    const review = await theReview();
    await decide(review.id, 'same', review.candidates[0]?.patient);
    await site.work();
    expect((await active()).map((patient) => patient.name?.[0]?.family)).toEqual(['Lund']);
  });
});

describe('a review that has ended', () => {
  it('forgets what the message said when raw messages do, and what was decided still holds', async () => {
    await send(
      anAdmission({ mrn: '1', visit: 'V1', at: day(10), ...rita }),
      aDischarge({ mrn: '1', visit: 'V2', at: day(14), ...nora }),
    );
    await decide((await theReview()).id, 'new');
    const told = async () => (await site.owner.query('select subject::text, fingerprint from match_review')).rows;
    await keepRaw([site.site.organisation], 90);
    expect(JSON.stringify(await told())).toMatch(/Lund/i);
    site.setNow('2027-03-01T15:00:00Z');
    await keepRaw([site.site.organisation], 90);
    expect(JSON.stringify(await told())).not.toMatch(/Lund|Nora|1988/i);
    site.setNow('2026-11-22T16:00:00Z');
    await send(anUpdate({ mrn: '1', visit: 'V2', at: day(16), ...nora }));
    expect((await states()).at(-1)).toBe('applied');
    expect(await openReviews()).toEqual([]);
  });
});

describe('another surname and birth date under a known number', () => {
  it('waits', async () => {
    await send(
      anAdmission({ mrn: '1', visit: 'V1', at: day(10), ...rita }),
      aDischarge({ mrn: '1', visit: 'V2', at: day(14), ...rita, name: 'Lund^Rita', birthDate: '19881130' }),
    );
    expect(await states()).toEqual(['applied', 'waiting']);
    expect(await theReview()).toMatchObject({ reason: 'conflicting-demographics' });
  });

  it('goes on where a merge has said that it is the person the number stands for', async () => {
    await send(
      anAdmission({ mrn: '1', visit: 'V1', at: day(10), ...rita }),
      anAdmission({ mrn: '2', visit: 'V2', at: day(11), ...nora }),
      aMerge({ survivor: '1', retired: '2', at: day(12), ...rita }),
    );
    await send(aDischarge({ mrn: '2', visit: 'V2', at: day(14), ...rita }));
    expect(await states()).toEqual(['applied', 'applied', 'applied', 'applied']);
  });
});

describe('identifiers of two people in one message', () => {
  it('is no question where one of them had expired by then', async () => {
    await send(
      anAdmission({ mrn: '1', visit: 'V1', at: day(10), ...rita }),
      anAdmission({ mrn: '2', visit: 'V2', at: day(10), ...nora }),
      aDischarge({ identifiers: '1^^^GH^MR^^20100101^20201231~2^^^GH^MR', visit: 'V2', at: day(14), ...nora }),
    );
    expect(await states()).toEqual(['applied', 'applied', 'applied']);
    expect(await openReviews()).toEqual([]);
    const finished = (await site.resources<Encounter>('Encounter')).filter(({ status }) => status === 'finished');
    expect(finished.map((stay) => stay.identifier?.[0]?.value)).toEqual(['V2']);
  });

  const both = { identifiers: '1^^^GH^MR~2^^^GH^MR', visit: 'V3', name: '', birthDate: '', sex: '' };

  it('waits; a person may say whose it is, or that the two are one', async () => {
    await send(
      anAdmission({ mrn: '1', visit: 'V1', at: day(10), ...rita }),
      anAdmission({ mrn: '2', visit: 'V2', at: day(10), ...nora }),
    );
    await send(aDischarge({ ...both, at: day(14) }));
    expect((await states()).at(-1)).toBe('waiting');
    const review = await theReview();
    expect(review.reason).toBe('several-people');
    const [chosen] = review.candidates;
    await decide(review.id, 'same', chosen?.patient, true);
    await site.work();
    expect((await states()).at(-1)).toBe('applied');
    expect((await active()).map(({ id }) => id)).toEqual([chosen?.patient]);
    expect(await ownersOf()).toEqual(new Set([`Patient/${chosen?.patient}`]));
  });
});

it('a decision is taken once, and about a candidate', async () => {
  await send(
    anAdmission({ mrn: '1', visit: 'V1', at: day(10), ...rita }),
    anAdmission({ mrn: '9', authority: 'OTHER', visit: 'V9', at: day(11), ...rita }),
  );
  const review = await theReview();
  await expect(decide(review.id, 'same', 'nobody')).rejects.toMatchObject({ code: 'ops.request-invalid' });
  await decide(review.id, 'new');
  await expect(decide(review.id, 'new')).rejects.toMatchObject({ code: 'ops.conflict' });
  await expect(decide('none', 'new')).rejects.toMatchObject({ code: 'ops.not-found' });
  const { rows } = await site.owner.query(`select actor, outcome from audit where interaction = 'match-review'`);
  expect(rows).toEqual([{ actor: 'system:test Ida', outcome: 0 }]);
});

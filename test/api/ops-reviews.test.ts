// Match reviews over HTTP, as an operator sees and decides them: whom a message may mean and why, what waits, what the
// decision sets free, who may not, and what is written down of it (docs/reviews.md); each organisation its own only.

import type { Patient } from 'fhir/r4.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageDetail } from '../../src/api/ops/message-types.ts';
import type { ReviewDecided, ReviewSummary, ReviewView } from '../../src/api/ops/review-types.ts';
import { aDatabase } from '../support/database.ts';
import { aDischarge, anAdmission } from '../support/hl7.ts';
import { anOpsServer, type OpsServer } from '../support/ops-server.ts';
import { aSite, type TestSite } from '../support/site.ts';
import { twoOrganisations } from '../support/two-organisations.ts';

const [hill, lake] = ['hill-practice', 'lake-practice'] as const;
const operator = `system:operator-${hill}`;
const house = 'https://authority.example/mrn';
const decisionBy = { outcome: 'new', by: 'Ida' };
let sites: TestSite[];
let here: TestSite;
let server: OpsServer;
let now = Date.parse('2026-11-22T15:00:00Z');

beforeAll(async () => {
  const database = await aDatabase();
  const { profilesDir } = await twoOrganisations({ [hill]: 1, [lake]: 2 });
  sites = [];
  for (const practice of [hill, lake])
    sites.push(await aSite({ now: new Date(now).toISOString(), database, profilesDir, practice }));
  here = sites[0] as TestSite;
  server = await anOpsServer(sites);
}, 60_000);
afterAll(async () => {
  await server.close();
  for (const site of sites) await site.close();
});

interface Refused {
  readonly error: string;
  readonly detail?: string;
}

const list = async (query = ''): Promise<readonly ReviewSummary[]> =>
  (await server.get<{ readonly reviews: readonly ReviewSummary[] }>(`/reviews${query}`)).reviews;
const detail = (id: string): Promise<ReviewView> => server.get(`/reviews/${id}`);
const decide = <Body = ReviewDecided>(id: string, body: unknown, as?: string) =>
  server.ask<Body>('POST', `/reviews/${id}/decide`, body, as);
const statesOf = async (messages: readonly number[]): Promise<string[]> => {
  const states: string[] = [];
  for (const message of messages) states.push((await server.get<MessageDetail>(`/messages/${message}`)).state);
  return states;
};
const auditOf = async (interaction: string) =>
  (
    await here.owner.query<{ actor: string; action: string; outcome: number; patients: string[]; resources: string[] }>(
      'select actor, action, outcome, patients, resources, request from audit where organisation = $1 and interaction = $2 order by id',
      [hill, interaction],
    )
  ).rows;
const called = async (family: string): Promise<Patient[]> =>
  (await here.resources<Patient>('Patient')).filter(
    ({ active, name }) => active && name?.some((one) => one.family === family),
  );

/** Sends messages a minute after the last ones, works them, and gives the review that they opened. */
async function reviewAfter(...messages: string[]): Promise<ReviewView> {
  now += 60_000;
  here.setNow(new Date(now).toISOString());
  for (const message of messages) expect(await here.send(message, 'hill-hospital')).not.toBe('close');
  await here.work();
  const newest = (await list()).at(-1);
  expect(newest?.openedAt).toBe(new Date(now).toISOString());
  return detail(newest?.id ?? '');
}

/** Somebody known here, then an admission and a discharge of another house for somebody of that name and birth date. */
const namesakes = (mrn: string, name: string): Promise<ReviewView> => {
  const somebody = { mrn, name, birthDate: '19510409', sex: 'F' };
  const there = { ...somebody, mrn: `9${mrn}`, visit: `V9${mrn}`, authority: 'OTHER' };
  return reviewAfter(
    anAdmission({ ...somebody, authority: '', visit: `V${mrn}`, at: '20261110100000-0500', phone: '5550100' }),
    anAdmission({ ...there, at: '20261111100000-0500', sex: 'M' }),
    aDischarge({ ...there, at: '20261114100000-0500', sex: 'M' }),
  );
};

/** A discharge that names another person altogether under a number that somebody holds. */
const takenNumber = (mrn: string, holder: string, name: string): Promise<ReviewView> =>
  reviewAfter(
    anAdmission({ mrn, authority: '', visit: `V${mrn}`, name: holder, at: '20261110100000-0500', sex: 'M' }),
    aDischarge({ mrn, authority: '', visit: `W${mrn}`, name, birthDate: '19881130', at: '20261114100000-0500' }),
  );

describe('the list', () => {
  it('gives what is open, oldest first: why, how many people it may be, how many messages wait', async () => {
    const first = await namesakes('101', 'Okafor^Rita');
    const second = await takenNumber('102', 'Brandt^Otto', 'Lund^Nora');
    const open = await list('?state=open');
    expect(open.slice(-2)).toEqual([
      {
        id: first.id,
        state: 'open',
        reason: 'similar-person',
        explanation: 'No identifier of the message is known, but somebody with such a name and birth date is.',
        openedAt: first.openedAt,
        message: first.messages[0],
        waiting: 2,
        candidates: 1,
      },
      {
        id: second.id,
        state: 'open',
        reason: 'conflicting-demographics',
        explanation: 'A known identifier comes with the name and birth date of somebody else.',
        openedAt: second.openedAt,
        message: second.messages[0],
        waiting: 1,
        candidates: 1,
      },
    ]);
    expect(await list()).toEqual(open);
    expect(await list(`?after=${first.id}`)).toEqual(open.slice(-1));
    expect(await list('?limit=1')).toEqual(open.slice(0, 1));
    for (const state of ['decided', 'released'])
      expect((await list(`?state=${state}`)).map(({ id }) => id)).not.toContain(first.id);
  });

  it.each([
    ['?state=lost', 'state is one of open, decided, released'],
    ['?limit=few', 'limit is a whole number'],
    ['?colour=red', 'known parameters, each once: state, after, limit'],
  ])('refuses %s and says what would be right', async (query, words) => {
    const { status, body } = await server.ask<Refused>('GET', `/reviews${query}`);
    expect([status, body.error, body.detail]).toEqual([400, 'ops.request-invalid', words]);
  });
});

describe('a review', () => {
  it('shows the person of the message beside each candidate, how alike they are and why, and what waits', async () => {
    const review = await namesakes('201', 'Santos^Vera');
    const [known] = await called('Santos');
    expect(review).toMatchObject({ state: 'open', reason: 'similar-person', waiting: 2 });
    expect(review.subject).toMatchObject({
      identifiers: [{ value: '9201' }],
      names: ['Santos, Vera'],
      birthDate: '1951-04-09',
      gender: 'male',
    });
    expect(review.people).toEqual([
      {
        patient: known?.id,
        score: expect.any(Number),
        reasons: ['family name is the same', 'given name is the same', 'birth date is the same', 'sex differs'],
        known: {
          identifiers: [{ system: house, value: '201' }],
          names: ['Santos, Vera'],
          birthDate: '1951-04-09',
          gender: 'female',
          addresses: [],
          telecoms: [expect.stringContaining('5550100')],
        },
      },
    ]);
    // The weights of mappings/match/people.yaml, summed: 7.8 + 6.4 + 13.2 - 4.6.
    expect(review.people[0]?.score).toBeCloseTo(22.8, 1);
    expect(review.messages).toHaveLength(2);
    for (const message of review.messages)
      expect(await server.get<MessageDetail>(`/messages/${message}`)).toMatchObject({
        state: 'waiting',
        review: review.id,
        identifier: '9201',
      });
  });

  it('leaves an audit row for the look, with the patients it showed', async () => {
    const review = await namesakes('202', 'Varga^Edit');
    const before = (await auditOf('ops review')).length;
    await detail(review.id);
    expect((await auditOf('ops review')).slice(before)).toEqual([
      {
        actor: operator,
        action: 'R',
        outcome: 0,
        patients: [review.people[0]?.patient],
        resources: [`MatchReview/${review.id}`],
        request: null,
      },
    ]);
  });
});

describe('a decision', () => {
  it('that it is the same person sends what waited to that patient, and is written down', async () => {
    const review = await namesakes('301', 'Moreau^Lise');
    const patient = review.people[0]?.patient;
    const answer = await decide(review.id, { outcome: 'same', patient, by: ' Ida ', note: 'Her daughter called.' });
    expect(answer).toEqual({ status: 200, body: { released: 2, patient } });
    expect(await statesOf(review.messages)).toEqual(['received', 'received']);
    await here.work();
    expect(await statesOf(review.messages)).toEqual(['applied', 'applied']);
    const people = await called('Moreau');
    expect(people.map(({ id }) => id)).toEqual([patient]);
    expect(people[0]?.identifier?.map(({ value }) => value).sort()).toEqual(['301', '9301']);
    expect(await detail(review.id)).toMatchObject({
      state: 'decided',
      waiting: 0,
      messages: [],
      decidedAt: new Date(now).toISOString(),
      decidedBy: `${operator} Ida`,
      decision: { outcome: 'same', patient, note: 'Her daughter called.' },
    });
    expect((await list()).map(({ id }) => id)).not.toContain(review.id);
    expect((await list('?state=decided')).map(({ id }) => id)).toContain(review.id);
    expect((await auditOf('match-review')).at(-1)).toMatchObject({
      actor: `${operator} Ida`,
      action: 'U',
      outcome: 0,
      patients: [patient],
      request: review.id,
    });
    // The row of the decision says more than the one that every answer leaves, and stands in its place.
    expect(await auditOf('ops review decide')).not.toContainEqual(expect.objectContaining({ outcome: 0 }));
  });

  it('that it is somebody new makes a patient of their own', async () => {
    const review = await takenNumber('302', 'Keller^Jan', 'Popova^Mila');
    const { status, body } = await decide(review.id, decisionBy);
    expect([status, body.released]).toEqual([200, 1]);
    expect(review.people.map(({ patient }) => patient)).not.toContain(body.patient);
    await here.work();
    expect(await statesOf(review.messages)).toEqual(['applied']);
    expect((await called('Popova')).map(({ id }) => id)).toEqual([body.patient]);
    expect(await called('Keller')).toHaveLength(1);
  });

  it('about a patient that was made meanwhile sets no message free, and makes the two one', async () => {
    const somebody = { authority: '', name: 'Ferrari^Gaia', birthDate: '19510409' };
    const review = await reviewAfter(
      anAdmission({ ...somebody, mrn: '303', visit: 'V303', at: '20261110100000-0500' }),
      aDischarge({ ...somebody, mrn: '304', visit: 'V304', at: '20261114100000-0500' }),
    );
    expect(review).toMatchObject({ waiting: 0, messages: [], madeMeanwhile: expect.any(String) });
    const patient = review.people[0]?.patient;
    expect((await called('Ferrari')).map(({ id }) => id).sort()).toEqual([patient, review.madeMeanwhile].sort());
    expect(await decide(review.id, { outcome: 'same', patient, by: 'Ida' })).toEqual({
      status: 200,
      body: { released: 0, patient },
    });
    expect((await called('Ferrari')).map(({ id }) => id)).toEqual([patient]);
  });

  it('that two candidates are that person too makes the two one', async () => {
    const born = { authority: '', at: '20261110100000-0500' };
    const review = await reviewAfter(
      anAdmission({ ...born, mrn: '305', visit: 'V305', name: 'Sousa^Rui', birthDate: '19510409' }),
      anAdmission({ ...born, mrn: '306', visit: 'V306', name: 'Weiss^Anna', birthDate: '19881130' }),
      aDischarge({
        identifiers: '305~306',
        visit: 'V307',
        at: '20261114100000-0500',
        name: '',
        birthDate: '',
        sex: '',
      }),
    );
    expect(review).toMatchObject({ reason: 'several-people', candidates: 2, waiting: 1 });
    const [patient] = (await called('Sousa')).map(({ id }) => id);
    const answer = await decide(review.id, { outcome: 'same', patient, 'merge-others': true, by: 'Ida' });
    expect(answer).toEqual({ status: 200, body: { released: 1, patient } });
    await here.work();
    expect(await statesOf(review.messages)).toEqual(['applied']);
    const people = [...(await called('Sousa')), ...(await called('Weiss'))];
    expect(new Set(people.map(({ id }) => id))).toEqual(new Set([patient]));
  });

  it('is refused when it is not of the form asked for, or about somebody who is no candidate; all stays open', async () => {
    const review = await namesakes('401', 'Dahl^Sigrid');
    const [stranger] = await called('Dahl');
    const other = await namesakes('402', 'Novak^Iva');
    const same = { outcome: 'same', by: 'Ida' };
    for (const [body, words] of [
      [{ ...same, patient: stranger?.id }, `"patient" must be one of the candidates: ${other.people[0]?.patient}`],
      [{ ...same, patient: 'nobody' }, 'must be one of the candidates'],
      [same, 'patient is the id of a candidate'],
      [{ ...same, patient: 7 }, 'patient is the id of a candidate'],
      [{ outcome: 'maybe', by: 'Ida' }, 'outcome is "same", with patient, or "new"'],
      [{ outcome: 'new' }, 'by says who decides'],
      [{ outcome: 'new', by: '  ' }, 'by says who decides'],
      [{ outcome: 'new', by: 'I'.repeat(121) }, 'by says who decides'],
      [{ ...decisionBy, note: 'n'.repeat(2_001) }, 'note is a text'],
      [{ ...decisionBy, 'merge-others': 'yes' }, 'merge-others is true or false'],
      [[], 'send a JSON object'],
      [undefined, 'send a JSON object'],
    ] as const) {
      const answer = await decide<Refused>(other.id, body);
      expect([body, answer.status, answer.body]).toEqual([
        body,
        400,
        expect.objectContaining({ error: 'ops.request-invalid', detail: expect.stringContaining(words) }),
      ]);
    }
    expect((await list()).slice(-2).map(({ id, waiting }) => [id, waiting])).toEqual([
      [review.id, 2],
      [other.id, 2],
    ]);
    expect((await decide(other.id, { ...decisionBy, by: 'I'.repeat(120), note: 'n'.repeat(2_000) })).status).toBe(200);
  });

  it('is taken once', async () => {
    const review = await namesakes('403', 'Berg^Liv');
    const patient = review.people[0]?.patient;
    const atOnce = await Promise.all([decide(review.id, decisionBy), decide(review.id, decisionBy)]);
    expect(atOnce.map(({ status }) => status).sort()).toEqual([200, 409]);
    for (const body of [decisionBy, { outcome: 'same', patient, by: 'Ben' }])
      expect(await decide<Refused>(review.id, body)).toMatchObject({
        status: 409,
        body: { error: 'ops.conflict', detail: 'the review is decided already' },
      });
    expect(await detail(review.id)).toMatchObject({ decidedBy: `${operator} Ida`, decision: { outcome: 'new' } });
  });
});

it('an unknown review answers 404', async () => {
  const lookedUp = await server.ask<Refused>('GET', '/reviews/none');
  expect([lookedUp.status, lookedUp.body.error]).toEqual([404, 'ops.not-found']);
  const decided = await decide<Refused>('none', decisionBy);
  expect([decided.status, decided.body.error]).toEqual([404, 'ops.not-found']);
});

it('a review of another organisation answers 404, is not listed, and stands as it stood', async () => {
  const review = await namesakes('501', 'Haugen^Tuva');
  const there = `operator-${lake}`;
  expect((await server.ask('GET', '/reviews', undefined, there)).body).toEqual({ reviews: [] });
  expect((await server.ask('GET', `/reviews/${review.id}`, undefined, there)).status).toBe(404);
  for (const body of [decisionBy, { outcome: 'same', patient: review.people[0]?.patient, by: 'Ida' }])
    expect((await decide(review.id, body, there)).status).toBe(404);
  expect(await detail(review.id)).toEqual(review);
});

it('is for operators only, and a refusal is written down', async () => {
  const review = await namesakes('502', 'Lindqvist^Maj');
  for (const [method, path, name] of [
    ['GET', '/reviews', 'ops reviews'],
    ['GET', `/reviews/${review.id}`, 'ops review'],
    ['POST', `/reviews/${review.id}/decide`, 'ops review decide'],
  ] as const) {
    const { status, body } = await server.ask<Refused>(
      method,
      path,
      method === 'POST' ? decisionBy : undefined,
      'reader',
    );
    expect([path, status, body.error]).toEqual([path, 403, 'auth.operator-only']);
    expect((await auditOf(name)).at(-1)).toMatchObject({ actor: 'system:reader', outcome: 8, patients: [] });
  }
  expect(await detail(review.id)).toEqual(review);
});

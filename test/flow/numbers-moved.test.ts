// What a number takes along when it is moved to another patient (A43, HL7 v2.9 ch. 3.3.43): everything told under it, of
// whatever kind and however late; and what a message of the time before meant by it.

import type { DocumentReference, Encounter, Patient } from 'fhir/r4.js';
import { afterEach, describe, expect, it } from 'vitest';
import { instant } from '../../src/base/instant.ts';
import { createIntake } from '../../src/flow/intake.ts';
import { receiveResource } from '../../src/flow/receive-resource.ts';
import { replayMessages } from '../../src/flow/replay-messages.ts';
import { anEncounterAlone } from '../support/fhir-messages.ts';
import { aDischarge, aMerge, anAdmission, anAdt, segment } from '../support/hl7.ts';
import { aDocument, anAppointment } from '../support/other-messages.ts';
import { aSite, defaultPartner, type TestSite } from '../support/site.ts';

const sites: TestSite[] = [];
afterEach(async () => {
  for (const site of sites.splice(0)) await site.close();
});

const now = '2026-11-22T15:00:00Z';
const day = (number: number): string => `202611${String(number).padStart(2, '0')}100000-0500`;
const bothNumbers = '2^^^GH^MR~S2^^^GH^MR';
const both = (message: string): string => message.replace('2^^^GH^MR', bothNumbers);
const rita = { mrn: '1', name: 'Okafor^Rita', birthDate: '19510409' };
/** Called Ada Winter, as the builders call whoever is not given a name. */
const ada = { mrn: '2', identifiers: bothNumbers };
const moveTo = (target: Parameters<typeof anAdt>[0], at: number): string =>
  anAdt({ ...target, event: 'A43', at: day(at), without: ['PV1'], segments: [segment('MRG', { 1: '2^^^GH^MR' })] });

/** An HL7 v2 message, or an Encounter of FHIR. */
type Sent = string | Encounter;

async function post(site: TestSite, encounter: Encounter): Promise<void> {
  const intake = createIntake(
    site.site.intake,
    () => instant(Date.parse(now)),
    () => undefined,
  );
  const receiving = {
    feedOf: () => ({ intake }),
    languageOf: site.site.organisation.languageOf,
    count: () => undefined,
  };
  const bytes = Buffer.from(JSON.stringify(encounter));
  await receiveResource(receiving, { bytes, partner: defaultPartner, form: 'encounter' });
}

async function after(messages: readonly Sent[]): Promise<TestSite> {
  const site = await aSite({ now });
  sites.push(site);
  for (const message of messages) {
    if (typeof message === 'string') expect(await site.send(message)).not.toBe('close');
    else await post(site, message);
    await site.work();
  }
  await allApplied(site);
  return site;
}

async function allApplied(site: TestSite): Promise<void> {
  const { rows } = await site.owner.query(`select trigger, state, reason from inbox where state <> 'applied'`);
  expect(rows).toEqual([]);
}

/** By the numbers of each standing person: their stays with status, and what else is theirs. */
async function chartsOf(site: TestSite): Promise<Readonly<Record<string, readonly string[]>>> {
  const patients = await site.resources<Patient>('Patient');
  const encounters = (await site.resources<Encounter>('Encounter')).flatMap(({ status, subject, identifier }) =>
    status === 'entered-in-error' ? [] : { about: `${identifier?.[0]?.value} ${status}`, of: subject?.reference },
  );
  const documents = (await site.resources<DocumentReference>('DocumentReference')).flatMap(({ status, subject }) =>
    status === 'current' ? { about: 'document', of: subject?.reference } : [],
  );
  const { rows } = await site.owner.query(
    `select patient from encounter_event where body ->> 'kind' = 'appointment' order by 1`,
  );
  const appointments = rows.map(({ patient }: { patient: string }) => ({
    about: 'appointment',
    of: `Patient/${patient}`,
  }));
  const all = [...encounters, ...documents, ...appointments];
  return Object.fromEntries(
    patients
      .filter(({ active }) => active !== false)
      .map(({ id, identifier = [] }) => [
        identifier.map(({ value }) => value).join(),
        all
          .filter(({ of }) => of === `Patient/${id}`)
          .map(({ about }) => about)
          .sort(),
      ]),
  );
}

const aFinishedEncounter: Encounter = {
  ...anEncounterAlone({ visit: 'V7', status: 'finished' }),
  subject: { identifier: { system: 'https://general-hospital.example/identifiers/mrn', value: '2' } },
};

describe('a number moved to another patient (A43) takes along', () => {
  const stay = [
    anAdmission({ ...ada, visit: 'V1', at: day(9) }),
    both(
      anAdt({ mrn: '2', event: 'A50', visit: 'V2', at: day(10), segments: [segment('MRG', { 1: '2^^^GH', 5: 'V1' })] }),
    ),
    aDischarge({ ...ada, visit: 'V2', at: day(11) }),
    both(aDocument({ mrn: '2', visit: 'V2', at: day(12), writtenAt: day(11) })),
  ];
  const move = moveTo(rita, 15);

  it.each([
    ['as it happened', [...stay, move]],
    ['the move first', [move, ...stay]],
    ['the move amid', [...stay.slice(0, 2), move, ...stay.slice(2)]],
  ])('a stay with its other name, its end and its document, told %s', async (_order, messages) => {
    expect(await chartsOf(await after([...messages]))).toMatchObject({ '1,2': ['V2 finished', 'document'], S2: [] });
  });

  it.each([
    ['as it happened', false],
    ['the move first', true],
  ])('an appointment, told %s', async (_order, isFirst) => {
    const booked = both(anAppointment({ mrn: '2', at: day(12) }));
    const known = anAdmission({ ...ada, identifiers: 'S2^^^GH^MR', visit: 'V3', at: day(9) });
    const site = await after([known, ...(isFirst ? [move, booked] : [booked, move])]);
    expect(await chartsOf(site)).toEqual({ '1,2': ['appointment'], S2: ['V3 in-progress'] });
  });

  it.each([
    ['as it happened', false],
    ['the move first', true],
  ])('a stay that FHIR told of, %s', async (_order, isFirst) => {
    const known = anAdmission({ ...ada, identifiers: isFirst ? 'S2^^^GH^MR' : bothNumbers, visit: 'V3', at: day(9) });
    const late = moveTo(rita, 22);
    const site = await after([known, ...(isFirst ? [late, aFinishedEncounter] : [aFinishedEncounter, late])]);
    expect((await chartsOf(site))['1,2']).toContain('V7 finished');
    expect(Object.values(await chartsOf(site)).flat()).toHaveLength(2);
  });

  it('the new name of a stay that came with a move of the stay (A45)', async () => {
    const moved = anAdt({
      ...ada,
      event: 'A45',
      visit: 'V2',
      at: day(12),
      segments: [segment('MRG', { 1: '8^^^GH', 5: 'V1' })],
    });
    const site = await after([anAdmission({ ...ada, visit: 'V9', at: day(9) }), moved]);
    const { rows } = await site.owner.query(
      `select body ->> 'told' as told from encounter_event where body ->> 'kind' = 'renamed'`,
    );
    expect(rows).toEqual([{ told: 'https://general-hospital.example/identifiers/mrn|2' }]);
  });
});

describe('what was said of a number before it was moved, and comes late', () => {
  const vera = { mrn: '1', name: 'Lund^Vera', birthDate: '19881130' };
  const nora = { mrn: '2', name: 'Lund^Nora', birthDate: '19881130' };
  const first = anAdmission({ ...nora, identifiers: bothNumbers, visit: 'V1', at: day(9) });
  const move = moveTo(vera, 11);
  const later = anAdmission({ ...nora, identifiers: 'S2^^^GH^MR', visit: 'V2', at: day(12) });

  it.each([
    ['as it happened', [first, move, later]],
    ['the move first', [move, first, later]],
    ['the move first, backwards', [move, later, first]],
    ['backwards', [later, move, first]],
    ['the move last', [first, later, move]],
  ])('leaves the twin her other number and her care, told %s', async (_order, messages) => {
    expect(await chartsOf(await after(messages))).toEqual({ '1,2': ['V1 in-progress'], S2: ['V2 in-progress'] });
  });

  it('read again changes nothing', async () => {
    const site = await after([first, move, later]);
    const before = await site.owner.query('select type, id, version from resource order by 1, 2');
    await replayMessages(site.site.work, { from: 0 }, { actor: 'system:test', now: Date.parse(now), isDryRun: false });
    await site.work();
    await allApplied(site);
    const again = await site.owner.query('select type, id, version from resource order by 1, 2');
    expect(again.rows).toEqual(before.rows);
  });

  it('finds whoever has the number now where nothing else is named', async () => {
    const site = await after([move, anAdmission({ ...vera, mrn: '2', visit: 'V1', at: day(9) })]);
    expect(await chartsOf(site)).toEqual({ '1,2': ['V1 in-progress'] });
  });

  it.each([
    ['as it happened', (merge: string) => [merge, move]],
    ['the move first', (merge: string) => [move, merge]],
  ])('retires nobody who got the number since, told %s', async (_order, told) => {
    const merge = aMerge({ survivor: '5', retired: '2', at: day(10), name: nora.name, birthDate: nora.birthDate });
    const site = await after(told(merge));
    const standing = Object.keys(await chartsOf(site)).map((numbers) => numbers.split(',')[0]);
    expect(standing.sort()).toEqual(['1', '5']);
  });
});

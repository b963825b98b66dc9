// Wrong-patient repair and renames, end to end (A37, A42 to A51; HL7 v2.9 ch. 3.3.37 to 3.3.51): work goes where the stay
// goes, under its ids, its owners are told, and no order of arrival changes the end.

import type { CarePlan, Communication, Encounter, Patient, Provenance, Task } from 'fhir/r4.js';
import { afterEach, describe, expect, it } from 'vitest';
import { essenceOf } from '../support/essence.ts';
import { aDischarge, aMerge, anAdmission, anAdt, anUpdate, segment } from '../support/hl7.ts';
import { seeded } from '../support/seeded.ts';
import { aSite, type TestSite } from '../support/site.ts';

let sites: TestSite[] = [];
afterEach(async () => {
  for (const site of sites) await site.close();
  sites = [];
});

const day = (number: number, hour = 10): string => `202611${String(number).padStart(2, '0')}${hour}0000-0500`;
const rita = { mrn: '1', name: 'Okafor^Rita', birthDate: '19510409' };
const nora = { mrn: '2', name: 'Lund^Nora', birthDate: '19881130' };
const mrg = (fields: Readonly<Record<number, string>>): string => segment('MRG', fields);

async function worked(messages: readonly string[], one = false): Promise<TestSite> {
  const site = await aSite({ now: '2026-11-22T15:00:00Z' });
  sites.push(site);
  for (const message of messages) {
    expect(await site.send(message)).not.toBe('close');
    if (one) await site.work();
  }
  await site.work();
  const { rows } = await site.owner.query(`select state, reason from inbox where state <> 'applied'`);
  expect(rows).toEqual([]);
  return site;
}

async function patientsOf(site: TestSite): Promise<ReadonlyMap<string, Patient>> {
  const patients = await site.resources<Patient>('Patient');
  return new Map(
    patients.flatMap((patient) => (patient.identifier ?? []).map(({ value = '' }) => [value, patient] as const)),
  );
}
const tasksOf = async (site: TestSite, patient: Patient | undefined) =>
  (await site.resources<Task>('Task')).filter((task) => task.for?.reference === `Patient/${patient?.id}`);
const ids = (resources: readonly (Task | CarePlan)[]) => resources.map(({ id }) => id).sort();

const wrong = [anAdmission({ ...nora, visit: 'V1', at: day(10) }), aDischarge({ ...nora, visit: 'V1', at: day(14) })];
const moved = anAdt({ ...rita, event: 'A45', visit: 'V1', at: day(15), segments: [mrg({ 1: '2^^^GH^MR', 5: 'V1' })] });

describe('a visit moved to the right patient (A45)', () => {
  it('takes its case and tasks along under their ids, and tells their owners', async () => {
    const site = await worked(wrong, true);
    const before = {
      tasks: ids(await site.resources<Task>('Task')),
      plans: ids(await site.resources<CarePlan>('CarePlan')),
    };
    await site.send(moved);
    await site.work();
    const patients = await patientsOf(site);
    expect(ids(await tasksOf(site, patients.get('1')))).toEqual(before.tasks);
    expect(await tasksOf(site, patients.get('2'))).toEqual([]);
    expect(ids(await site.resources<CarePlan>('CarePlan'))).toEqual(before.plans);
    const [told, ...others] = await site.resources<Communication>('Communication');
    expect(others).toEqual([]);
    expect(told).toMatchObject({
      status: 'completed',
      priority: 'urgent',
      subject: { reference: `Patient/${patients.get('1')?.id}` },
      about: [{ reference: `CarePlan/${before.plans[0]}` }],
    });
    expect(told?.recipient?.length).toBeGreaterThan(0);
    const provenance = await site.resources<Provenance>('Provenance');
    expect(
      provenance.some(({ target }) => target.some(({ reference }) => reference === `Task/${before.tasks[0]}`)),
    ).toBe(true);
  });

  it('keeps what comes late under the wrong patient with the right one', async () => {
    const site = await worked([wrong[0] ?? '', moved], true);
    await site.send(wrong[1] ?? '');
    await site.work();
    const patients = await patientsOf(site);
    expect(await tasksOf(site, patients.get('1'))).toHaveLength(4);
    expect(await tasksOf(site, patients.get('2'))).toEqual([]);
  });

  it('back again by a later word is where it was', async () => {
    const back = anAdt({
      ...nora,
      event: 'A45',
      visit: 'V1',
      at: day(16),
      segments: [mrg({ 1: '1^^^GH^MR', 5: 'V1' })],
    });
    const site = await worked([...wrong, moved, back], true);
    expect(await tasksOf(site, (await patientsOf(site)).get('2'))).toHaveLength(4);
    const other = await worked([...wrong, back, moved], true);
    expect(await tasksOf(other, (await patientsOf(other)).get('2'))).toHaveLength(4);
  });
});

it('one number of a patient who has several goes to another with its stays alone (A43)', async () => {
  const two = { ...nora, identifiers: '2^^^GH^MR~77^^^CARD^MR' };
  const site = await worked(
    [
      aDischarge({ ...two, visit: 'V1', at: day(12) }),
      aDischarge({ ...nora, identifiers: '77^^^CARD^MR', visit: 'V2', at: day(14) }),
      anAdt({ ...rita, event: 'A43', at: day(15), without: ['PV1'], segments: [mrg({ 1: '77^^^CARD^MR' })] }),
    ],
    true,
  );
  const patients = await patientsOf(site);
  expect(patients.get('77')?.id).toBe(patients.get('1')?.id);
  expect(patients.get('2')?.active).toBe(true);
  const encounters = await site.resources<Encounter>('Encounter');
  const of = (mrn: string) =>
    encounters
      .filter(({ subject }) => subject?.reference === `Patient/${patients.get(mrn)?.id}`)
      .map(({ identifier }) => identifier?.[0]?.value);
  expect([of('2'), of('1')]).toEqual([['V1'], ['V2']]);
  const { rows } = await site.owner.query(
    `select count(*)::int as found from resource_identifier where type = 'Patient' and value = '77'`,
  );
  expect(rows).toEqual([{ found: 1 }]);
});

it('a merge that was wrong is undone (A37): each has their own work again, and history is kept', async () => {
  const site = await worked(
    [
      ...wrong,
      aDischarge({ ...rita, visit: 'V9', at: day(13) }),
      aMerge({ survivor: '1', retired: '2', at: day(15), name: rita.name, birthDate: rita.birthDate }),
    ],
    true,
  );
  const merged = await patientsOf(site);
  expect(await tasksOf(site, merged.get('1'))).toHaveLength(8);
  expect(merged.get('2')).toMatchObject({ active: false, link: [{ type: 'replaced-by' }] });
  await site.send(
    anAdt({
      ...rita,
      event: 'A37',
      at: day(16),
      without: ['PV1'],
      segments: [segment('PID', { 3: '2^^^GH^MR', 5: nora.name, 7: nora.birthDate })],
    }),
  );
  await site.work();
  const parted = await patientsOf(site);
  expect(parted.get('2')).toMatchObject({ id: merged.get('2')?.id, active: true });
  expect(
    [await tasksOf(site, parted.get('1')), await tasksOf(site, parted.get('2'))].map((tasks) => tasks.length),
  ).toEqual([4, 4]);
});

it('a new number for a patient (A47) finds the same patient as the old one, which is marked old', async () => {
  const site = await worked(
    [
      ...wrong,
      anAdt({ ...nora, mrn: '22', event: 'A47', at: day(15), without: ['PV1'], segments: [mrg({ 1: '2^^^GH^MR' })] }),
    ],
    true,
  );
  const patients = await patientsOf(site);
  expect(patients.get('22')?.id).toBe(patients.get('2')?.id);
  expect(patients.get('2')?.identifier?.map(({ value, use }) => [value, use])).toEqual([
    ['2', 'old'],
    ['22', undefined],
  ]);
  expect(await tasksOf(site, patients.get('22'))).toHaveLength(4);
});

it('links (A24) join nobody: each names the other, and the link goes with A37', async () => {
  const couple = (event: string, at: string) =>
    anAdt({
      ...rita,
      event,
      at,
      without: ['PV1'],
      segments: [segment('PID', { 3: '2^^^GH^MR', 5: nora.name, 7: nora.birthDate })],
    });
  const site = await worked([couple('A24', day(10))]);
  const linked = await patientsOf(site);
  expect(linked.get('1')?.link).toEqual([{ other: { reference: `Patient/${linked.get('2')?.id}` }, type: 'seealso' }]);
  expect(linked.get('2')).toMatchObject({ active: true, link: [{ type: 'seealso' }] });
  await site.send(couple('A37', day(11)));
  await site.work();
  expect((await patientsOf(site)).get('1')).not.toHaveProperty('link');
});

const story = [
  anAdmission({ ...nora, visit: 'V1', at: day(9) }),
  aDischarge({ ...nora, visit: 'V1', at: day(10) }),
  anUpdate({ ...nora, visit: 'V1', at: day(11), disposition: '06' }),
  anAdmission({ ...rita, visit: 'V5', at: day(9, 11) }),
  anAdt({ ...rita, event: 'A45', visit: 'V2', at: day(12), segments: [mrg({ 1: '2^^^GH^MR', 5: 'V1' })] }),
  anUpdate({ ...rita, visit: 'V2', at: day(13), disposition: '01' }),
  anAdt({ ...rita, mrn: '11', event: 'A47', at: day(14), without: ['PV1'], segments: [mrg({ 1: '1^^^GH^MR' })] }),
  anAdt({ ...rita, mrn: '11', event: 'A50', visit: 'V6', at: day(15), segments: [mrg({ 1: '11^^^GH^MR', 5: 'V5' })] }),
  aDischarge({ ...rita, mrn: '11', visit: 'V6', at: day(16) }),
];

it.each([3, 14, 159, 2_653])(
  'any order of moves, renames and what they concern (seed %i) ends in the same patients and work',
  async (seed) => {
    const { next } = seeded(seed);
    const places = new Map(story.map((message) => [message, next()]));
    const shuffled = [...story].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
    const inOrder = await worked(story, true);
    const inOther = await worked([...shuffled, ...shuffled], true);
    const seen = async (site: TestSite) => {
      const patients = await patientsOf(site);
      const told = (mrn: string) => patients.get(mrn)?.active;
      const tasks = (await tasksOf(site, patients.get('11'))).map(({ status, code, restriction }) => [
        code?.coding?.[0]?.code,
        status,
        restriction?.period?.end,
      ]);
      return { active: ['11', '2'].map(told), tasks: tasks.map(String).sort() };
    };
    expect(await seen(inOther)).toEqual(await seen(inOrder));
    const standing = async (site: TestSite) =>
      (await essenceOf(site.owner, 'riverside-practice')).filter(
        (line) => /^(CarePlan|Task|EpisodeOfCare) /.test(line) && !line.includes('entered-in-error'),
      ).length;
    expect(await standing(inOther)).toBe(await standing(inOrder));
  },
);

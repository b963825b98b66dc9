// Merges (A40) while care is under way: the work follows the patient, is neither lost nor doubled, and every order of
// arrival ends in the same state, corrections included.

import type { Encounter, Patient, Task } from 'fhir/r4.js';
import { afterEach, describe, expect, it } from 'vitest';
import { essenceOf } from '../support/essence.ts';
import { aDischarge, aMerge, anAdmission, anUpdate } from '../support/hl7.ts';
import { seeded } from '../support/seeded.ts';
import { aSite, type TestSite } from '../support/site.ts';

let sites: TestSite[] = [];
afterEach(async () => {
  for (const site of sites.splice(0)) await site.close();
  sites = [];
});

/** A site that has worked the messages one after the other, each before the next arrived. */
async function after(messages: readonly string[]): Promise<TestSite> {
  const site = await aSite();
  sites.push(site);
  for (const message of messages) {
    expect(await site.send(message)).not.toBe('close');
    await site.work();
  }
  return site;
}

const essence = (site: TestSite) => essenceOf(site.owner, 'riverside-practice');
const day = (number: number, hours = '1200') => `202611${String(number).padStart(2, '0')}${hours}00-0500`;

/** A stay from one day to the next but one, with a case of four tasks. */
const stay = (mrn: string, from: number): string[] => [
  anAdmission({ mrn, visit: `V${mrn}-${from}`, at: day(from), name: `Quill^${mrn}` }),
  aDischarge({ mrn, visit: `V${mrn}-${from}`, at: day(from + 2), name: `Quill^${mrn}` }),
];
const merged = (retired: string, survivor: string, at: number): string =>
  aMerge({ retired, survivor, at: day(at), name: `Quill^${survivor}` });

const patientOf = async (site: TestSite, mrn: string): Promise<Patient> =>
  (await site.resources<Patient>('Patient')).find(
    (patient) => patient.name?.[0]?.given?.[0] === mrn || patient.identifier?.[0]?.value === mrn,
  ) as Patient;
const tasksOf = async (site: TestSite) =>
  (await site.resources<Task>('Task')).map(({ id, status, for: whom }) => ({ id, status, whom: whom?.reference }));

describe('a merge', () => {
  it('of a patient with an open case: the tasks follow, under their ids, and none twice', async () => {
    const site = await after(stay('OLD', 10));
    const before = await tasksOf(site);
    await site.send(merged('OLD', 'NEW', 15));
    await site.work();
    const [old, survivor] = [await patientOf(site, 'OLD'), await patientOf(site, 'NEW')];
    expect(old).toMatchObject({
      active: false,
      link: [{ type: 'replaced-by', other: { reference: `Patient/${survivor.id}` } }],
    });
    expect(survivor).toMatchObject({ active: true });
    expect(before).toHaveLength(4);
    expect(await tasksOf(site)).toEqual(before.map((task) => ({ ...task, whom: `Patient/${survivor.id}` })));
  });

  it('repeated changes nothing', async () => {
    const site = await after([...stay('OLD', 10), ...stay('NEW', 1), merged('OLD', 'NEW', 15)]);
    const figures = async () => (await site.owner.query('select count(*), sum(version) from resource')).rows;
    const before = await figures();
    await site.send(aMerge({ retired: 'OLD', survivor: 'NEW', at: day(15), name: 'Quill^NEW', controlId: 'again' }));
    await site.work();
    expect(await figures()).toEqual(before);
  });

  it('takes what comes later under the old identifier to the survivor', async () => {
    const site = await after([...stay('OLD', 1), merged('OLD', 'NEW', 5), ...stay('OLD', 10)]);
    const survivor = await patientOf(site, 'NEW');
    const encounters = await site.resources<Encounter>('Encounter');
    expect(encounters.map((encounter) => encounter.subject?.reference)).toEqual(
      encounters.map(() => `Patient/${survivor.id}`),
    );
    expect(encounters).toHaveLength(2);
    expect(new Set((await tasksOf(site)).map(({ whom }) => whom))).toEqual(new Set([`Patient/${survivor.id}`]));
  });

  it('of a patient with themselves changes nothing and says why', async () => {
    const site = await after(stay('SAME', 10));
    const before = await essence(site);
    await site.send(merged('SAME', 'SAME', 15));
    await site.work();
    expect(await essence(site)).toEqual(before);
    const { rows } = await site.owner.query(`select state, reason from inbox where trigger = 'ADT^A40'`);
    expect(rows).toEqual([{ state: 'parked', reason: 'hl7.merge-incomplete' }]);
  });

  it('taken back by a newer one the other way round: the former survivor is retired, the work stands once', async () => {
    const site = await after([...stay('A', 10), merged('A', 'B', 14), merged('B', 'A', 16)]);
    expect(await patientOf(site, 'A')).toMatchObject({ active: true });
    expect(await patientOf(site, 'B')).toMatchObject({ active: false });
    const survivor = await patientOf(site, 'A');
    expect((await tasksOf(site)).map(({ status, whom }) => ({ status, whom }))).toEqual(
      Array(4).fill({ status: 'ready', whom: `Patient/${survivor.id}` }),
    );
  });

  it('corrected by a newer one: the work moves on to the right survivor, under its ids', async () => {
    const site = await after([...stay('A', 10), ...stay('B', 1), merged('A', 'B', 14)]);
    const before = (await tasksOf(site)).map(({ id }) => id);
    await site.send(merged('A', 'C', 16));
    await site.work();
    const { rows } = await site.owner.query(`select state from inbox where state <> 'applied'`);
    expect(rows).toEqual([]);
    const [b, c] = [await patientOf(site, 'B'), await patientOf(site, 'C')];
    const tasks = await tasksOf(site);
    expect(tasks.map(({ id }) => id)).toEqual(before);
    expect(tasks.filter(({ whom }) => whom === `Patient/${c.id}`)).toHaveLength(4);
    expect(tasks.filter(({ whom }) => whom === `Patient/${b.id}`)).toHaveLength(4);
  });
});

const stories: Readonly<Record<string, readonly string[]>> = {
  'before either is known': [merged('A', 'B', 20), ...stay('A', 2), ...stay('B', 10)],
  'a chain A → B → C': [...stay('A', 1), ...stay('B', 5), ...stay('C', 10), merged('A', 'B', 16), merged('B', 'C', 18)],
  'two into one, and an update under an old name': [
    ...stay('A', 1),
    ...stay('B', 10),
    merged('A', 'C', 16),
    merged('B', 'C', 18),
    anUpdate({ mrn: 'A', visit: 'VA-1', at: day(19), phone: '555-0177', name: 'Quill^A' }),
  ],
  'A → B, corrected to A → C': [
    ...stay('A', 1),
    ...stay('B', 5),
    ...stay('C', 10),
    merged('A', 'B', 16),
    merged('A', 'C', 18),
  ],
  'there and back again': [...stay('A', 1), ...stay('B', 10), merged('A', 'B', 16), merged('B', 'A', 18)],
  'a circle of three': [
    ...stay('A', 1),
    ...stay('B', 10),
    merged('A', 'B', 15),
    merged('B', 'C', 16),
    merged('C', 'A', 18),
  ],
};

describe('merges in any order of arrival end in the same state', () => {
  it.each(Object.entries(stories))('%s', async (_name, messages) => {
    const inOrder = await essence(await after(messages));
    const random = seeded(messages.length * 7_919);
    for (let run = 0; run < 4; run += 1) {
      const order = messages.map((message) => ({ message, place: random.next() })).sort((a, b) => a.place - b.place);
      const site = await after(order.map(({ message }) => message));
      const { rows } = await site.owner.query(`select state, reason from inbox where state <> 'applied'`);
      expect(rows).toEqual([]);
      const events = order.map(({ message }) => message.split('|')[9]);
      expect({ events, essence: await essence(site) }).toEqual({ events, essence: inOrder });
    }
  });
});

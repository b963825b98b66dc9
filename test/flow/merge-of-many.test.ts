// Merges and renames that name several numbers of one person in MRG-1 (A40, A47; HL7 v2.9 ch. 3.3.36, 3.3.41): each of
// them is that person's, whichever was known before and in whatever order it is told.

import type { Patient } from 'fhir/r4.js';
import { afterEach, describe, expect, it } from 'vitest';
import { aMerge, anAdmission, anAdt, segment } from '../support/hl7.ts';
import { aSite, type TestSite } from '../support/site.ts';

const sites: TestSite[] = [];
afterEach(async () => {
  for (const site of sites.splice(0)) await site.close();
});

const day = (number: number): string => `202611${String(number).padStart(2, '0')}100000-0500`;
const cx = (number: string): string => `${number}^^^${number.startsWith('E') ? 'ENT' : 'GH'}^MR`;
const list = (numbers: string): string => numbers.split('~').map(cx).join('~');
/** Under a number of the enterprise alone nothing is said of the person: being like somebody is not on trial here. */
const stay = (number: string, at: number): string =>
  anAdmission({
    identifiers: list(number),
    mrn: number,
    visit: `V${number}`,
    at: day(at),
    ...(number.startsWith('E') && { name: '', birthDate: '', sex: '' }),
  });
const merged = (survivor: string, retired: string, at: number): string =>
  aMerge({ survivor: list(survivor), retired: list(retired), at: day(at) });
const renamed = (current: string, former: string, at: number): string =>
  anAdt({
    identifiers: list(current),
    mrn: current,
    event: 'A47',
    at: day(at),
    without: ['PV1'],
    segments: [segment('MRG', { 1: list(former) })],
  });

async function after(messages: readonly string[]): Promise<TestSite> {
  const site = await aSite();
  sites.push(site);
  for (const message of messages) {
    expect(await site.send(message)).not.toBe('close');
    await site.work();
  }
  const { rows } = await site.owner.query(`select trigger, state, reason from inbox where state <> 'applied'`);
  expect(rows).toEqual([]);
  return site;
}

/** Number → the standing patient it leads to, as the first of that patient's numbers. */
async function standing(site: TestSite): Promise<Readonly<Record<string, string>>> {
  const patients = new Map((await site.resources<Patient>('Patient')).map((one) => [`Patient/${one.id}`, one]));
  const end = (patient: Patient): Patient => {
    const to = patient.link?.find(({ type }) => type === 'replaced-by')?.other.reference;
    const next = to === undefined ? undefined : patients.get(to);
    return next ? end(next) : patient;
  };
  return Object.fromEntries(
    [...patients.values()].flatMap((patient) =>
      (patient.identifier ?? []).map(({ value }) => [value, end(patient).id ?? '']),
    ),
  );
}

const people = async (site: TestSite): Promise<number> => new Set(Object.values(await standing(site))).size;

function permuted<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) => permuted(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]));
}
const orders = (messages: readonly string[]) =>
  permuted(messages).map((order) => [order.map((message) => message.split('|')[9]).join(' '), order] as const);

describe('a merge of a person with several numbers (A40)', () => {
  it.each(orders([stay('2', 9), merged('1~E1', '2~E2', 10), stay('E2', 11)]))(
    'is one person: %s',
    async (_name, told) => {
      const site = await after(told);
      const found = await standing(site);
      expect(Object.keys(found).sort()).toEqual(['1', '2', 'E1', 'E2']);
      expect(await people(site)).toBe(1);
      expect(found['1']).toBe(found.E2);
      const survivor = (await site.resources<Patient>('Patient')).find(({ id }) => id === found['1']);
      expect(survivor).toMatchObject({ active: true });
      expect(survivor?.identifier?.map(({ value }) => value)).toContain('1');
    },
  );

  it.each(orders([stay('1~E1', 8), stay('2', 9), merged('1~E1', 'E1~2', 10)]))(
    'retires the other number where the first one named is the survivor’s: %s',
    async (_name, told) => {
      const site = await after(told);
      expect(await people(site)).toBe(1);
      const found = await standing(site);
      expect(found['2']).toBe(found['1']);
    },
  );

  it('retires every record that holds one of them', async () => {
    const site = await after([stay('1', 7), stay('2', 8), stay('E2', 9), merged('1', '2~E2', 10)]);
    expect((await site.resources<Patient>('Patient')).map(({ active }) => active).sort()).toEqual([false, false, true]);
    expect(await people(site)).toBe(1);
  });

  it('repeated, or of numbers that all are the survivor’s, changes nothing', async () => {
    const site = await after([stay('2', 8), stay('E2', 9), merged('1~E1', '2~E2', 10), stay('7~E7', 10)]);
    const figures = async () => (await site.owner.query('select count(*), sum(version) from resource')).rows;
    const before = await figures();
    await site.send(merged('1~E1', '2~E2', 10).replace('ADT^A40|A40', 'ADT^A40|again'));
    await site.work();
    await site.send(merged('7', 'E7', 12));
    await site.work();
    expect(await figures()).toEqual(before);
  });

  it('goes with the standing one of a circle', async () => {
    const told = [stay('2', 8), stay('E2', 9), merged('1', '2~E2', 10), merged('2', '1', 12)];
    const [inOrder, backwards] = [await after(told), await after([...told].reverse())];
    for (const site of [inOrder, backwards]) {
      expect(await people(site)).toBe(1);
      const found = await standing(site);
      const survivor = (await site.resources<Patient>('Patient')).find(({ id }) => id === found['1']);
      expect(survivor?.identifier?.map(({ value }) => value)).toContain('2');
    }
  });
});

describe('another number in place of several (A47)', () => {
  it.each(orders([stay('2', 8), stay('E2', 9), renamed('22', '2~E2', 10)]))(
    'is one person: %s',
    async (_name, told) => {
      const site = await after(told);
      expect(Object.keys(await standing(site)).sort()).toEqual(['2', '22', 'E2']);
      expect(await people(site)).toBe(1);
    },
  );

  const [two, enterprise, current] = [stay('2', 8), stay('E2', 9), stay('22', 9)];
  const rename = renamed('22', '2~E2', 10);
  it.each([
    ['as it happened', [two, enterprise, current, rename]],
    ['before the second old number', [current, two, rename, enterprise]],
    ['before the new number', [enterprise, two, rename, current]],
    ['first', [rename, two, current, enterprise]],
  ])('is one person where the new one is known too, told %s', async (_order, told) => {
    expect(await people(await after(told))).toBe(1);
  });

  it('repeated changes nothing', async () => {
    const site = await after([stay('2', 8), stay('E2', 9), stay('22', 9), renamed('22', '2~E2', 10)]);
    const figures = async () => (await site.owner.query('select count(*), sum(version) from resource')).rows;
    const before = await figures();
    await site.send(renamed('22', '2~E2', 10).replace('ADT^A47|A47', 'ADT^A47|again'));
    await site.work();
    expect(await figures()).toEqual(before);
  });
});

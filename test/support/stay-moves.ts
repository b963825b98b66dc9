// Stories of moved stays, each told in every order to people of its own: all orders in one database, side by side, so that
// batches mix them. People are named by role; what they are called differs from order to order, so that nobody is alike.

import type { CarePlan, Encounter, Patient } from 'fhir/r4.js';
import { expect } from 'vitest';
import { type AdtOptions, anAdt, segment } from './hl7.ts';
import type { TestSite } from './site.ts';

export interface Person extends AdtOptions {
  readonly mrn: string;
  readonly name: string;
  readonly birthDate: string;
}

/** Who is in a story, and its numbers, in one of its orders. */
export interface Cast {
  readonly rita: Person;
  readonly nora: Person;
  readonly olga: Person;
  readonly pia: Person;
  /** A number of a visit or an account. */
  readonly number: (value: string) => string;
}

export function castOf(order: number): Cast {
  const letters = [...order.toString(26)].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26))).join('');
  const person = (mrn: string, family: string, given: string, year: number): Person => ({
    mrn: `${mrn}-${order}`,
    name: `${family}${letters}^${given}${letters}`,
    birthDate: new Date(Date.UTC(year, 0, 1 + order * 3)).toISOString().slice(0, 10).replaceAll('-', ''),
  });
  return {
    rita: person('R', 'Okafor', 'Rita', 1951),
    nora: person('N', 'Lund', 'Nora', 1988),
    olga: person('O', 'Brandt', 'Olga', 1972),
    pia: person('P', 'Serra', 'Pia', 1964),
    number: (value) => `${value}-${order}`,
  };
}

/** A45: the visit is `to`'s; without `from` the move names nobody. */
export const aMovedVisit = (visit: string, to: Person, from: Person | undefined, at: string): string =>
  anAdt({ ...to, event: 'A45', visit, at, segments: [segment('MRG', { 1: from && `${from.mrn}^^^GH^MR`, 5: visit })] });

/** A44: so are all stays of the account. */
export const aMovedAccount = (account: string, to: Person, from: Person, at: string): string =>
  anAdt({
    ...to,
    event: 'A44',
    at,
    account,
    without: ['PV1'],
    segments: [segment('MRG', { 1: `${from.mrn}^^^GH^MR`, 3: account })],
  });

export function ordersOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, at) => ordersOf(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

/** By the numbers of each person who stands, without that of the order: their stays, and a plan for each that stands. */
export async function chartsOf(site: TestSite): Promise<ReadonlyMap<number, Readonly<Record<string, string>>>> {
  const { rows } = await site.owner.query(`select trigger, state, reason from inbox where state <> 'applied'`);
  expect(rows).toEqual([]);
  const encounters = await site.resources<Encounter>('Encounter');
  const plans = (await site.resources<CarePlan>('CarePlan')).filter(({ status }) => status === 'active');
  const told = new Map<string, string[]>();
  const tell = ({ subject }: Encounter | CarePlan, what: string) =>
    told.set(subject?.reference ?? '', [...(told.get(subject?.reference ?? '') ?? []), what]);
  for (const one of encounters)
    if (one.status !== 'entered-in-error') tell(one, `${plain(one.identifier?.[0]?.value)} ${one.status}`);
  for (const plan of plans) tell(plan, 'plan');
  const charts = new Map<number, Record<string, string>>();
  for (const { id, active, identifier = [] } of await site.resources<Patient>('Patient')) {
    if (active === false) continue;
    const order = Number(identifier[0]?.value?.split('-')[1]);
    const names = identifier.map(({ value }) => plain(value)).join();
    const own = (told.get(`Patient/${id}`) ?? []).sort().join(', ');
    charts.set(order, { ...charts.get(order), [names]: own });
  }
  return charts;
}

const plain = (value = ''): string => value.split('-')[0] ?? '';

/** A story told in every order of its messages, step by step. */
export async function tellInAnyOrder(site: TestSite, story: (cast: Cast) => readonly string[]): Promise<number> {
  const orders = ordersOf([...story(castOf(0)).keys()]);
  const tellings = orders.map((order, number) => {
    const messages = story(castOf(number));
    return order.map((place) => messages[place] ?? '');
  });
  for (const step of orders[0]?.keys() ?? []) {
    for (const telling of tellings) expect(await site.send(telling[step] ?? '')).not.toBe('close');
    await site.work();
  }
  return orders.length;
}

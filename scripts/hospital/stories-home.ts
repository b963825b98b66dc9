// Stories of ordinary stays and of how they end: the discharges of an ordinary week.

import { admit, type Class, code, die, discharge, transfer, update, updatePerson } from './acts.ts';
import { beginLife, type Teller } from './teller.ts';
import type { Disorder, Life } from './truth.ts';
import type { World } from './world.ts';
import { dayMs, hourMs } from './zone-time.ts';

export type Story = (world: World) => Life;

/** In hospital from some days before `leaving`. `isTold`: admitted since the feed was switched on. */
export function inHouse(teller: Teller, leaving: number, isTold = false, patientClass: Class = 'I'): void {
  const { world } = teller;
  const { random } = world;
  const earliest = isTold ? world.from + hourMs : 0;
  const lengthMs = patientClass === 'I' ? random.between(30, 150) * hourMs : random.between(9, 40) * hourMs;
  const from = Math.min(Math.max(leaving - lengthMs, earliest), leaving - hourMs);
  admit(teller, from, patientClass);
  const movedAt = random.chance(0.45) ? transfer(teller, world.within(from, leaving)) : from;
  // The wards touch a chart every day; most of it says nothing new.
  for (let at = movedAt, left = random.between(1, 4); left > 0 && leaving - at > 2 * hourMs; left -= 1) {
    at = update(teller, world.within(at, leaving));
  }
}

/** A stay that ends with this disposition. */
const endingWith =
  (story: string, disposition: string | undefined, patientClass: Class = 'I', ...disorders: Disorder[]): Story =>
  (world) => {
    const teller = beginLife(world, story);
    const leaving = world.leaving(teller.site);
    inHouse(teller, leaving, disorders.length > 0, patientClass);
    const left = discharge(teller, leaving, disposition);
    if (world.random.chance(0.4)) code(teller, world.within(left, Math.min(world.now, left + dayMs)));
    return teller.life(...disorders);
  };

export const home = endingWith('home', '01');
export const homeHealth = endingWith('home health', '06');
export const nursing = endingWith('skilled nursing', '03');
export const againstAdvice = endingWith('against advice', '07');
export const unsaid = endingWith('disposition unknown', undefined);
export const custody = endingWith('custody', '21');
export const hospice = endingWith('hospice', '50');
export const elsewhere = endingWith('other hospital', '02');
export const residence = endingWith('custodial care', '04');
export const observation = endingWith('observation, class V', '01', 'V');
export const outpatient = endingWith('observation, class O', '01', 'O');
export const lateAdmission = endingWith('admission told late', '01', 'I', 'late-admission');
export const swapped = endingWith('told in another order', '06', 'I', 'swapped');
export const duplicated = endingWith('told twice', '01', 'I', 'duplicate');
export const resent = endingWith('told again under a new number', '06', 'I', 'resent');
export const reused = endingWith('control number used twice', '01', 'I', 'reused-control-id');

/** An update of the stay, held up on its way: it must not bring the patient back. */
export const lateUpdate: Story = (world) => {
  const teller = beginLife(world, 'update told late');
  const leaving = world.leaving(teller.site);
  inHouse(teller, leaving, true);
  update(teller, teller.moment(leaving - 20 * 60_000));
  discharge(teller, leaving, '01');
  return teller.life('late-update');
};

export const died: Story = (world) => {
  const teller = beginLife(world, 'died in hospital');
  const leaving = world.leaving(teller.site);
  inHouse(teller, leaving);
  die(teller, leaving);
  return teller.life();
};

/** Home, and the death is told later: by A31 or A08, with the time or without. */
export const diedAtHome: Story = (world) => {
  const { random } = world;
  const teller = beginLife(world, 'died at home');
  const leaving = world.leaving(teller.site, 2);
  inHouse(teller, leaving);
  const left = discharge(teller, leaving, random.pick(['01', '06']));
  const diedAt = teller.moment(world.within(left, world.now - 2 * hourMs));
  const died = random.chance(0.6) ? { at: diedAt } : {};
  if (random.chance(0.5)) updatePerson(teller, diedAt + hourMs, { died });
  else {
    teller.goOn({ person: { ...teller.person(), died } });
    update(teller, diedAt + hourMs);
  }
  return teller.life();
};

/** Shortly before or after midnight, where the day of the house is not that of the practice. */
export const nearMidnight: Story = (world) => {
  const teller = beginLife(world, 'left around midnight');
  const near = world.leaving(teller.site, 1);
  const digits = new Date(near);
  // 04:50 to 07:10 UTC: late evening or early morning in all four houses, before or after midnight in New York.
  digits.setUTCHours(world.random.between(4, 7), world.random.pick([10, 40, 50]), 0, 0);
  const leaving = Math.min(Math.max(digits.getTime(), world.from + 3 * hourMs), world.now - hourMs);
  inHouse(teller, leaving);
  discharge(teller, leaving, '01');
  return teller.life();
};

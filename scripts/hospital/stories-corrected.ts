// Stories of what was said first and corrected later: dispositions, names, times, and discharges that never were.

import { admit, cancelAdmission, cancelDischarge, code, discharge, update, updatePerson } from './acts.ts';
import { misspelt } from './person.ts';
import { inHouse, type Story } from './stories-home.ts';
import { beginLife } from './teller.ts';
import type { Disorder } from './truth.ts';
import { hourMs } from './zone-time.ts';

/** One disposition, or none, at the discharge, and another a while later. */
const corrected =
  (story: string, first: string | undefined, second: string): Story =>
  (world) => {
    const teller = beginLife(world, story);
    const leaving = world.leaving(teller.site, 1);
    inHouse(teller, leaving);
    const left = discharge(teller, leaving, first);
    update(teller, world.within(left, world.now), { disposition: second });
    return teller.life();
  };

export const saidLater = corrected('disposition told later: home', undefined, '01');
export const nursingLater = corrected('disposition told later: skilled nursing', undefined, '03');
export const homeAfterAll = corrected('skilled nursing corrected to home', '03', '06');
export const diedAfterAll = corrected('home corrected to died', '01', '20');

/** A disposition taken back by `""` and not yet replaced. */
export const takenBack: Story = (world) => {
  const teller = beginLife(world, 'disposition taken back');
  const leaving = world.leaving(teller.site, 1);
  inHouse(teller, leaving);
  const left = discharge(teller, leaving, '01');
  const { disposition: _gone, ...stay } = teller.stay();
  teller.tell(world.within(left, world.now), 'updated', 'A08', { stay, more: { deletes: ['disposition'] } });
  return teller.life();
};

/** The clock time of the discharge was wrong by so much that the day changes. */
export const otherDay: Story = (world) => {
  const teller = beginLife(world, 'discharge time corrected');
  const leaving = world.leaving(teller.site, 2);
  inHouse(teller, leaving - 26 * hourMs);
  const left = discharge(teller, leaving, '01');
  update(teller, left + 2 * hourMs, { dischargedAt: left - 25 * hourMs });
  return teller.life();
};

/** A13: still in hospital. */
const cancelled =
  (story: string, disposition: string, ...disorders: Disorder[]): Story =>
  (world) => {
    const teller = beginLife(world, story);
    const leaving = world.leaving(teller.site, 1);
    inHouse(teller, leaving, disorders.length > 0);
    const left = discharge(teller, leaving, disposition);
    cancelDischarge(teller, world.within(left, left + 6 * hourMs));
    return teller.life(...disorders);
  };

export const staysOn = cancelled('discharge cancelled', '01');
export const nursingCancelled = cancelled('discharge to skilled nursing cancelled', '03');
export const earlyCancel = cancelled('cancellation told before the discharge', '06', 'early-cancel');

/** A03, A13, A03: the second one counts. */
export const leavesAgain: Story = (world) => {
  const teller = beginLife(world, 'discharged again after a cancellation');
  const leaving = world.leaving(teller.site, 3);
  inHouse(teller, leaving);
  const left = discharge(teller, leaving, '01');
  cancelDischarge(teller, world.within(left, left + 5 * hourMs));
  const again = world.within(left + 12 * hourMs, left + 50 * hourMs);
  discharge(teller, again, world.random.pick(['01', '06']));
  if (world.random.chance(0.5)) code(teller, world.within(again, again + 10 * hourMs));
  return teller.life();
};

/** A11. */
export const neverCame: Story = (world) => {
  const teller = beginLife(world, 'admission cancelled');
  const at = world.leaving(teller.site, 1);
  admit(teller, at);
  cancelAdmission(teller, at + world.random.between(1, 5) * hourMs);
  return teller.life();
};

/** The name is mended, the telephone number withdrawn by `""`. */
export const renamed: Story = (world) => {
  const teller = beginLife(world, 'name corrected');
  const right = teller.person();
  teller.goOn({ person: { ...right, family: misspelt(right) } });
  const leaving = world.leaving(teller.site, 1);
  inHouse(teller, leaving, true);
  teller.goOn({ person: { ...teller.person(), family: right.family } });
  const left = discharge(teller, leaving, '01');
  const { phone: _gone, ...reachable } = teller.person();
  const person = { ...reachable, phone: '' };
  const change = { person, more: { deletes: ['phone'] as const } };
  teller.tell(world.within(left, world.now), 'updated', 'A08', change);
  return teller.life();
};

/** All diagnoses are withdrawn by `DG1|""`. */
export const uncoded: Story = (world) => {
  const teller = beginLife(world, 'diagnoses withdrawn');
  const leaving = world.leaving(teller.site, 1);
  inHouse(teller, leaving);
  const left = discharge(teller, leaving, '01');
  const stay = { ...teller.stay(), diagnoses: [] };
  teller.tell(world.within(left, world.now), 'updated', 'A08', { stay, more: { deletes: ['diagnoses'] } });
  return teller.life();
};

/** A28, then A31: nobody has come to the hospital yet. */
export const enrolled: Story = (world) => {
  const teller = beginLife(world, 'person enrolled');
  const at = world.leaving(teller.site, 1);
  teller.tell(at, 'person-added', 'A28', { isPersonal: true });
  updatePerson(teller, world.within(at, world.now), { phone: '555-0199', marital: 'W' });
  return teller.life();
};

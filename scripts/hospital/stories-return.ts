// Stories of the emergency department, of planned stays and of coming back.

import {
  admit,
  admitAnnounced,
  announce,
  cancelAdmission,
  cancelTransfer,
  changeClass,
  code,
  discharge,
  register,
  transfer,
  update,
} from './acts.ts';
import { sites } from './site.ts';
import { inHouse, type Story } from './stories-home.ts';
import { beginLife, type Teller } from './teller.ts';
import { dayMs, hourMs } from './zone-time.ts';

/** A04, A03: never a case. */
export const seenAndSent: Story = (world) => {
  const teller = beginLife(world, 'emergency visit');
  const leaving = world.leaving(teller.site);
  register(teller, leaving - world.random.between(1, 7) * hourMs);
  discharge(teller, leaving, '01');
  return teller.life();
};

/** A04, A06, A03. */
const keptFromEmergency =
  (story: string, renumbered: boolean): Story =>
  (world) => {
    const teller = beginLife(world, story);
    const leaving = world.leaving(teller.site);
    const came = Math.max(leaving - world.random.between(20, 90) * hourMs, world.from + hourMs / 2);
    register(teller, came);
    changeClass(teller, Math.min(came + world.random.between(2, 8) * hourMs, leaving - hourMs / 2), 'I', renumbered);
    discharge(teller, leaving, world.random.pick(['01', '06']));
    return teller.life();
  };

export const kept = keptFromEmergency('admitted from the emergency department', false);
export const keptRenumbered = keptFromEmergency('admitted from the emergency department under a new number', true);

/** A07: inpatient care was not needed after all. */
const madeOutpatient =
  (story: string, to: 'O' | 'V'): Story =>
  (world) => {
    const teller = beginLife(world, story);
    const leaving = world.leaving(teller.site, 1);
    const came = leaving - world.random.between(20, 40) * hourMs;
    admit(teller, came);
    changeClass(teller, world.within(came, leaving), to, false);
    discharge(teller, leaving, '01');
    return teller.life();
  };

export const toOutpatient = madeOutpatient('inpatient made outpatient', 'O');
export const toObservation = madeOutpatient('inpatient made observation', 'V');

/** A05, A01, A03; `stays`: not discharged yet, `waits`: not even admitted. */
const planned =
  (story: string, until: 'left' | 'stays' | 'waits'): Story =>
  (world) => {
    const teller = beginLife(world, story);
    const leaving = world.leaving(teller.site);
    const came = Math.max(leaving - world.random.between(20, 80) * hourMs, world.from + 6 * hourMs);
    const told = Math.max(came - world.random.between(1, 4) * dayMs, world.from + hourMs);
    const expected = until === 'waits' ? world.now + world.random.between(2, 9) * dayMs : came;
    announce(teller, Math.min(told, world.now - 2 * hourMs), expected);
    if (until === 'waits') return teller.life();
    const arrival = Math.min(came, world.now - hourMs);
    admitAnnounced(teller, arrival);
    if (until === 'left') discharge(teller, Math.max(leaving, arrival + hourMs / 2), '01');
    return teller.life();
  };

export const plannedStay = planned('planned stay', 'left');
export const plannedIn = planned('planned stay, still in hospital', 'stays');
export const plannedYet = planned('planned stay, still to come', 'waits');

/** Still in hospital, moved about: A02, and A12 back again. */
export const inBed: Story = (world) => {
  const teller = beginLife(world, 'still in hospital');
  const came = world.leaving(teller.site, 1);
  admit(teller, came);
  const movedAt = transfer(teller, world.within(came, world.now));
  if (world.random.chance(0.6)) cancelTransfer(teller, movedAt + 30 * 60_000 + world.random.between(1, 20), movedAt);
  return teller.life();
};

/** Home early in the week: the beginning of all who come back. */
function leftEarly(teller: Teller): number {
  const leaving = teller.world.leaving(teller.site, 4);
  inHouse(teller, leaving);
  return discharge(teller, leaving, teller.world.random.pick(['01', '06']));
}

export const readmitted: Story = (world) => {
  const teller = beginLife(world, 'readmitted');
  const left = leftEarly(teller);
  admit(teller, left + world.random.between(20, 60) * hourMs);
  return teller.life();
};

export const readmittedAndHome: Story = (world) => {
  const teller = beginLife(world, 'readmitted and home again');
  const left = leftEarly(teller);
  const back = left + world.random.between(15, 30) * hourMs;
  admit(teller, back);
  const leaving = back + world.random.between(20, 60) * hourMs;
  discharge(teller, leaving, '01');
  if (world.random.chance(0.5)) code(teller, leaving + 2 * hourMs);
  return teller.life();
};

/** Into another house of the group, whose messages name no authority. */
export const readmittedElsewhere: Story = (world) => {
  const teller = beginLife(world, 'readmitted in another house', { site: sites.main });
  const left = leftEarly(teller);
  teller.goOn({ site: sites.chicago });
  const back = left + world.random.between(15, 30) * hourMs;
  register(teller, back);
  changeClass(teller, back + 3 * hourMs, 'I', false);
  return teller.life();
};

export const readmissionCancelled: Story = (world) => {
  const teller = beginLife(world, 'readmission cancelled');
  const left = leftEarly(teller);
  const back = left + world.random.between(15, 50) * hourMs;
  admit(teller, back);
  cancelAdmission(teller, back + 2 * hourMs);
  return teller.life();
};

/** An emergency visit does not suspend the case. */
export const seenAgain: Story = (world) => {
  const teller = beginLife(world, 'emergency visit after a discharge');
  const left = leftEarly(teller);
  const back = left + world.random.between(15, 50) * hourMs;
  register(teller, back);
  update(teller, back + hourMs);
  discharge(teller, back + 4 * hourMs, '01');
  return teller.life();
};

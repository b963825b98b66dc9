// Stories of one person under several numbers, found out later (A40, HL7 v2.9 ch. 3.3.40).

import { admit, code, discharge, update } from './acts.ts';
import { misspelt, type Person } from './person.ts';
import { inHouse, type Story } from './stories-home.ts';
import { beginLife, type Teller } from './teller.ts';
import type { Disorder } from './truth.ts';
import { hourMs } from './zone-time.ts';

/** The same person as somebody registered them anew: another number, a name misheard. */
function anew(teller: Teller): Person {
  const { groupNumber: _none, ...person } = teller.person();
  return { ...person, mrn: teller.world.person(teller.site).mrn, family: misspelt(person) };
}

/** A40: `retired` gives way to the person who is told of now. */
function mergeInto(teller: Teller, survivor: Person, retired: string, at: number): number {
  teller.goOn({ person: survivor });
  return teller.tell(at, 'merged', 'A40', { isPersonal: true, more: { retired } });
}

/** Discharged home under the number that is retired; the survivor was known from an enrolment. */
const merged =
  (story: string, later: 'nothing' | 'coded under the old number' | 'admitted', ...disorders: Disorder[]): Story =>
  (world) => {
    const teller = beginLife(world, story);
    const { groupNumber: _none, ...survivor } = teller.person();
    teller.tell(world.from + world.random.between(30, 200) * 60_000, 'person-added', 'A28', {
      person: survivor,
      isPersonal: true,
    });
    const retired = anew(teller);
    teller.goOn({ person: retired });
    const leaving = Math.max(world.leaving(teller.site, 2), world.from + 12 * hourMs);
    inHouse(teller, leaving, true);
    const left = discharge(teller, leaving, world.random.pick(['01', '06']));
    const at = mergeInto(teller, survivor, retired.mrn, world.within(left, world.now - 8 * hourMs));
    if (later === 'coded under the old number') {
      teller.goOn({ person: { ...survivor, mrn: retired.mrn } });
      code(teller, at + 2 * hourMs);
    }
    if (later === 'admitted') {
      admit(teller, at + 3 * hourMs);
      update(teller, at + 5 * hourMs);
    }
    return teller.life(...disorders);
  };

export const mergedCase = merged('merged with an open case', 'nothing');
export const mergedEarly = merged('merge told before all else', 'nothing', 'early-merge');
export const mergedYetUsed = merged('merged, and the old number used once more', 'coded under the old number');
export const mergedAndBack = merged('merged, then readmitted', 'admitted');

/** A into B, then B into C; both of the retired ones had a stay. */
export const mergedTwice: Story = (world) => {
  const teller = beginLife(world, 'merged twice');
  const { groupNumber: _none, ...last } = teller.person();
  const first = anew(teller);
  const second = anew(teller);
  teller.goOn({ person: first });
  const leaving = world.leaving(teller.site, 5);
  inHouse(teller, leaving);
  const left = discharge(teller, leaving, '01');
  teller.goOn({ person: second });
  const back = left + world.random.between(8, 14) * hourMs;
  admit(teller, back);
  const again = discharge(teller, back + world.random.between(10, 20) * hourMs, '06');
  const joined = mergeInto(teller, second, first.mrn, again + 5 * hourMs);
  mergeInto(teller, last, second.mrn, joined + 20 * hourMs);
  return teller.life();
};

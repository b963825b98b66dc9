// A stay as it is lived: announced or not, by the emergency door or not, moved, changed, ended and mended (HL7 v2.9
// ch. 3.3).

import { pickEmergency, pickMedical, withComorbid } from '../hospital/clinic.ts';
import type { Stay } from '../hospital/truth.ts';
import { hourMs, minuteMs } from '../hospital/zone-time.ts';
import type { Teller } from './teller.ts';

/** Returns whether the patient has left and may come again. */
export function liveStay(teller: Teller, given: { readonly visit?: string } = {}): boolean {
  const visit = given.visit ?? teller.newVisit();
  if (teller.strikes('planned')) {
    teller.stay = begin(teller, visit, 'P', teller.now() + 3 * hourMs);
    const isPending = teller.random.chance(0.3);
    teller.tell('announced', isPending ? 'A14' : 'A05');
    if (teller.strikes('planned-only')) return false;
    if (!teller.pass(20, 240)) return false;
    if (teller.strikes('planned-cancelled')) {
      teller.tell('announcement-cancelled', isPending ? 'A27' : 'A38', { cancels: teller.now() - 20 * minuteMs });
      return true;
    }
    // The number stays, and all else is new.
    arrive(teller, begin(teller, visit, 'I'), 'A01');
  } else if (teller.strikes('outpatient')) {
    arrive(teller, begin(teller, visit, 'O'), 'A04');
    if (!teller.pass(30, 200)) return false;
    leave(teller, '01');
    return true;
  } else if (teller.strikes('emergency')) {
    arrive(teller, begin(teller, visit, 'E'), 'A04');
    if (!teller.pass(20, 200)) return false;
    if (teller.strikes('sent-home')) {
      leave(teller, '01');
      return true;
    }
    changeClass(teller, teller.strikes('observation') ? 'V' : 'I', given.visit === undefined);
  } else {
    arrive(teller, begin(teller, visit, teller.strikes('observation') ? 'V' : 'I'), 'A01');
  }
  return inBed(teller, given.visit === undefined);
}

function inBed(teller: Teller, mayRenumber: boolean): boolean {
  if (teller.strikes('transferred')) {
    if (!teller.pass(10, 300)) return false;
    const before = currentStay(teller).bed;
    teller.stay = { ...currentStay(teller), bed: teller.newBed(), formerBed: before };
    const movedAt = teller.tell('transferred', 'A02');
    if (teller.strikes('transfer-cancelled') && teller.pass(3, 60)) {
      const { formerBed: _gone, ...stay } = currentStay(teller);
      teller.stay = { ...stay, bed: before };
      teller.tell('transfer-cancelled', 'A12', { cancels: movedAt });
    }
  }
  if (teller.strikes('class-changed')) {
    if (!teller.pass(10, 300)) return false;
    const { class: now } = currentStay(teller);
    changeClass(teller, now === 'V' ? 'I' : teller.random.pick(['O', 'V'] as const), mayRenumber);
  }
  if (mayRenumber && !renumber(teller)) return false;
  if (teller.strikes('leave') && !goOnLeave(teller)) return false;
  if (teller.strikes('doctor-changed')) {
    if (!teller.pass(5, 200)) return false;
    const before = currentStay(teller);
    teller.stay = { ...before, attending: teller.newDoctor() };
    const changedAt = teller.tell('doctor-changed', 'A54');
    if (teller.random.chance(0.3) && teller.pass(3, 60)) {
      teller.stay = before;
      teller.tell('doctor-changed', 'A55', { cancels: changedAt });
    }
  }
  if (teller.random.chance(0.5)) {
    if (!teller.pass(10, 200)) return false;
    if (teller.random.chance(0.5)) teller.stay = { ...currentStay(teller), attending: teller.newDoctor() };
    teller.tell('updated', 'A08');
  }
  if (teller.strikes('admission-cancelled')) {
    if (!teller.pass(5, 90)) return false;
    teller.tell('admission-cancelled', 'A11', { cancels: currentStay(teller).admittedAt });
    return true;
  }
  if (teller.strikes('stay-deleted')) return discard(teller);
  if (teller.strikes('still-here')) return false;
  if (!teller.pass(30, 600)) return false;
  leave(teller, dispositionOf(teller));
  const mayComeAgain = afterwards(teller);
  return mayComeAgain && teller.strikes('stay-deleted') ? discard(teller) : mayComeAgain;
}

/** Other numbers for the stay and its account: A41, A42, A49, A50, A51. Returns whether time is left. */
function renumber(teller: Teller): boolean {
  if (teller.strikes('visit-merged')) {
    if (!teller.pass(5, 200)) return false;
    const stay = currentStay(teller);
    const second = teller.newVisit();
    teller.tell('registered-twice', 'A01', { stay: { ...stay, visit: second } });
    teller.pass(3, 100);
    teller.tell('visits-merged', 'A42', { formerVisit: second });
  }
  if (teller.strikes('visit-renumbered')) {
    if (!teller.pass(5, 200)) return false;
    const { visit: formerVisit, ...stay } = currentStay(teller);
    teller.stay = { ...stay, visit: teller.newVisit() };
    teller.tell('renumbered', 'A50', { formerVisit });
  }
  if (teller.strikes('account-renamed')) {
    if (!teller.pass(5, 100)) return false;
    const trigger = teller.random.pick(['A41', 'A49', 'A51']);
    const { visit } = currentStay(teller);
    teller.tell(
      'account-renamed',
      trigger,
      trigger === 'A51' ? { formerAlternate: `${visit}B` } : { formerAccount: `${visit}B` },
    );
  }
  return true;
}

/** Returns whether the patient is back. */
function goOnLeave(teller: Teller): boolean {
  const { random } = teller;
  if (!teller.pass(10, 300)) return false;
  const leftAt = teller.tell('left-for-a-while', 'A21');
  if (!random.chance(0.85) || !teller.pass(10, 300)) return false;
  if (random.chance(0.2)) {
    teller.tell('came-back', 'A52', { cancels: leftAt });
    return true;
  }
  const backAt = teller.tell('came-back', 'A22');
  if (!random.chance(0.15) || !teller.pass(3, 60)) return true;
  teller.tell('left-for-a-while', 'A53', { cancels: backAt });
  return random.chance(0.5);
}

/** A23; what straggles in afterwards changes nothing. */
function discard(teller: Teller): boolean {
  if (!teller.pass(3, 120)) return false;
  teller.tell('deleted', 'A23');
  if (teller.random.chance(0.3) && teller.pass(3, 60)) teller.tell('updated', 'A08', { leavesOutEnd: true });
  return true;
}

/** What is said of a discharge once it is told. */
function afterwards(teller: Teller): boolean {
  if (currentStay(teller).disposition === '20') return false;
  if (teller.strikes('discharge-cancelled')) {
    if (!teller.pass(3, 200)) return false;
    const { dischargedAt, disposition: _none, ...stay } = currentStay(teller);
    teller.stay = stay;
    teller.tell('discharge-cancelled', 'A13', { cancels: dischargedAt ?? teller.now() });
    if (!teller.strikes('discharged-again')) return false;
    if (!teller.pass(30, 500)) return false;
    leave(teller, dispositionOf(teller));
    if (currentStay(teller).disposition === '20') return false;
  }
  if (teller.strikes('coded-later')) {
    if (!teller.pass(3, 200)) return false;
    const stay = currentStay(teller);
    teller.stay = { ...stay, diagnoses: withComorbid(teller.random, stay.diagnoses), coded: true };
    teller.tell('updated', 'A08', { leavesOutEnd: true });
  }
  if (teller.strikes('disposition-later')) {
    if (!teller.pass(3, 200)) return false;
    teller.stay = { ...currentStay(teller), disposition: teller.random.pick(['01', '03', '06', '06', '07']) };
    teller.tell('updated', 'A08', { leavesOutEnd: teller.random.chance(0.5) });
  }
  if (teller.strikes('disposition-deleted')) {
    if (!teller.pass(3, 100)) return false;
    const { disposition: _gone, ...stay } = currentStay(teller);
    teller.stay = stay;
    teller.tell('updated', 'A08', { deletes: 'disposition' });
  }
  if (!teller.leavesOutTimes && teller.strikes('time-corrected')) {
    if (!teller.pass(3, 100)) return false;
    const stay = currentStay(teller);
    const earlier = (stay.dischargedAt ?? teller.now()) - teller.random.between(1, 25) * minuteMs;
    teller.stay = { ...stay, dischargedAt: Math.max(earlier, stay.admittedAt + minuteMs) };
    teller.tell('updated', 'A08');
  }
  return true;
}

function arrive(teller: Teller, stay: Stay, trigger: string): void {
  teller.stay = stay;
  teller.tell('admitted', trigger);
}

function leave(teller: Teller, disposition: string | undefined): void {
  const { disposition: _before, ...rest } = currentStay(teller);
  teller.stay = { ...rest, ...(disposition !== undefined && { disposition }), dischargedAt: teller.now() };
  if (disposition === '20') teller.person = { ...teller.person, died: { at: teller.now() - 10 * minuteMs } };
  teller.tell('discharged', 'A03');
}

function changeClass(teller: Teller, to: Stay['class'], mayRenumber: boolean): void {
  const before = currentStay(teller);
  const renumbers = mayRenumber && teller.strikes('renumbered');
  teller.stay = { ...before, class: to, bed: teller.newBed(), ...(renumbers && { visit: teller.newVisit() }) };
  teller.tell('class-changed', to === 'O' ? 'A07' : 'A06', renumbers ? { formerVisit: before.visit } : {});
}

function dispositionOf(teller: Teller): string | undefined {
  const { random } = teller;
  if (teller.strikes('died')) return '20';
  if (teller.strikes('no-disposition')) return undefined;
  if (teller.strikes('unknown-code')) return random.pick(['77', 'HOMEWARD', 'Z9']);
  return random.pick(['01', '01', '01', '06', '06', '03', '62', '07', '04', '21', '50']);
}

export function currentStay({ stay }: Teller): Stay {
  if (!stay) throw new Error('nobody is in hospital yet');
  return stay;
}

export function begin(teller: Teller, visit: string, stayClass: Stay['class'], admittedAt = teller.now()): Stay {
  const isEmergency = stayClass === 'E';
  return {
    visit,
    site: teller.house,
    class: stayClass,
    bed: isEmergency ? { ward: 'ED', room: String(teller.random.between(1, 24)), bed: '1' } : teller.newBed(),
    admittedAt,
    attending: teller.newDoctor(),
    diagnoses: [isEmergency ? pickEmergency(teller.random) : pickMedical(teller.random)],
    coded: false,
  };
}

// What can happen to a person in hospital, as acts of a story (HL7 v2.9 ch. 3.3).

import { pickEmergency, pickMedical, withComorbid } from './clinic.ts';
import type { Random } from './random.ts';
import type { Site } from './site.ts';
import type { Teller } from './teller.ts';
import type { Bed, Stay } from './truth.ts';

export type Class = Stay['class'];

/** A01; the stay is a new one unless it was announced by A05. */
export function admit(teller: Teller, at: number, patientClass: Class = 'I'): void {
  teller.tell(at, 'admitted', 'A01', { stay: newStay(teller, at, patientClass) });
}

/** A04: arrival in the emergency department. */
export function register(teller: Teller, at: number): void {
  teller.tell(at, 'registered', 'A04', { stay: newStay(teller, at, 'E') });
}

/** A05. */
export function announce(teller: Teller, at: number, expectedAt: number): void {
  teller.tell(at, 'pre-admitted', 'A05', { stay: newStay(teller, expectedAt, 'P') });
}

/** A01 after A05: the same visit number. */
export function admitAnnounced(teller: Teller, at: number): void {
  const stay = { ...teller.stay(), class: 'I', admittedAt: teller.moment(at) } as const;
  teller.tell(at, 'admitted', 'A01', { stay });
}

/** A06 or A07; with a new visit number where the house gives one per account. */
export function changeClass(teller: Teller, at: number, to: Class, renumbered: boolean): void {
  const before = teller.stay();
  const visit = renumbered ? teller.world.visit() : before.visit;
  const stay = { ...moved(teller), class: to, visit };
  const more = renumbered ? { formerVisit: before.visit } : {};
  teller.tell(at, 'class-changed', to === 'I' ? 'A06' : 'A07', { stay, more });
}

export function transfer(teller: Teller, at: number): number {
  return teller.tell(at, 'transferred', 'A02', { stay: moved(teller) });
}

/** A12: back to the bed before. */
export function cancelTransfer(teller: Teller, at: number, transferredAt: number): void {
  const { formerBed, ...stay } = teller.stay();
  const back = { ...stay, bed: formerBed ?? stay.bed };
  teller.tell(at, 'transfer-cancelled', 'A12', { stay: back, more: { cancels: transferredAt } });
}

export function discharge(teller: Teller, at: number, disposition?: string): number {
  const { disposition: _before, ...rest } = teller.stay();
  const told = disposition === undefined ? {} : { disposition };
  const stay: Stay = { ...rest, ...told, dischargedAt: teller.moment(at) };
  return teller.tell(at, 'discharged', 'A03', { stay });
}

/** A03 of someone who died: PID-29 and PID-30 come with it. */
export function die(teller: Teller, at: number): void {
  const { random } = teller.world;
  const diedAt = teller.moment(at) - random.between(5, 50) * 60_000;
  teller.goOn({ person: { ...teller.person(), died: { at: diedAt } } });
  discharge(teller, at, '20');
}

/** A13: the discharge never happened. */
export function cancelDischarge(teller: Teller, at: number): void {
  const { dischargedAt, disposition: _none, ...stay } = teller.stay();
  teller.tell(at, 'discharge-cancelled', 'A13', { stay, more: { cancels: dischargedAt ?? at } });
}

/** A11. */
export function cancelAdmission(teller: Teller, at: number): void {
  const stay = teller.stay();
  teller.tell(at, 'admission-cancelled', 'A11', { stay, more: { cancels: stay.admittedAt } });
}

/** A08. */
export function update(teller: Teller, at: number, stay: Partial<Stay> = {}): number {
  return teller.tell(at, 'updated', 'A08', { stay: { ...teller.stay(), ...stay } });
}

/** A08 with the diagnoses that were coded in the end. */
export function code(teller: Teller, at: number): void {
  const { diagnoses } = teller.stay();
  update(teller, at, { diagnoses: withComorbid(teller.world.random, diagnoses), coded: true });
}

/** A31: the person alone. */
export function updatePerson(teller: Teller, at: number, person: Partial<ReturnType<Teller['person']>>): void {
  teller.tell(at, 'person-updated', 'A31', { person: { ...teller.person(), ...person }, isPersonal: true });
}

function newStay(teller: Teller, admittedAt: number, patientClass: Class): Stay {
  const { world, site } = teller;
  const { random } = world;
  const isEmergency = patientClass === 'E';
  return {
    visit: world.visit(),
    site,
    class: patientClass,
    bed: isEmergency ? { ward: 'ED', room: String(random.between(1, 24)), bed: '1' } : pickBed(random, site),
    admittedAt: patientClass === 'P' ? admittedAt : teller.moment(admittedAt),
    attending: world.doctor(),
    diagnoses: [isEmergency ? pickEmergency(random) : pickMedical(random)],
    coded: false,
  };
}

/** In another bed. */
function moved(teller: Teller): Stay {
  const stay = teller.stay();
  let bed = pickBed(teller.world.random, teller.site);
  while (bed.ward === stay.bed.ward) bed = pickBed(teller.world.random, teller.site);
  return { ...stay, bed, formerBed: stay.bed };
}

const pickBed = (random: Random, site: Site): Bed => ({
  ward: random.pick(site.wards),
  room: String(random.between(101, 128)),
  bed: random.pick(['1', '2']),
});

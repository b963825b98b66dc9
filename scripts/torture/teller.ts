// Tells a life, happening by happening: a clock that only goes forward, and what the hospital knows after each.

import { type Doctor, type Person, pickDoctor } from '../hospital/person.ts';
import type { Random } from '../hospital/random.ts';
import type { Site } from '../hospital/site.ts';
import type { Bed, Stay } from '../hospital/truth.ts';
import { minuteMs } from '../hospital/zone-time.ts';
import type { RateName, Rates } from './rates.ts';
import type { Happening, HappeningKind, PatientNumber } from './truth.ts';

export interface Teller {
  readonly random: Random;
  readonly house: Site;
  readonly happenings: Happening[];
  /** Under which number messages are written from now on, and as whom. */
  number: PatientNumber;
  person: Person;
  stay: Stay | undefined;
  /** No message gives PV1-44 or PV1-45. */
  leavesOutTimes: boolean;
  /** Whether a disorder strikes; noted for reports. */
  strikes(name: RateName): boolean;
  /** Lets time pass; false when the two days are over. */
  pass(minutesMin: number, minutesMax: number): boolean;
  /** The time of the next happening. */
  now(): number;
  tell(kind: HappeningKind, trigger: string, more?: Partial<Happening>): number;
  newVisit(): string;
  newBed(): Bed;
  newDoctor(): Doctor;
}

export interface TellerOptions {
  readonly random: Random;
  readonly rates: Rates;
  readonly house: Site;
  readonly number: PatientNumber;
  readonly person: Person;
  readonly newVisit: () => string;
  readonly from: number;
  readonly until: number;
  readonly traits: Set<string>;
}

export function createTeller(options: TellerOptions): Teller {
  const { random, rates, house, traits, until } = options;
  let at = options.from;
  const happenings: Happening[] = [];
  const teller: Teller = {
    random,
    house,
    happenings,
    number: options.number,
    person: options.person,
    stay: undefined,
    leavesOutTimes: false,
    strikes(name) {
      const does = rates[name] > 0 && random.chance(rates[name]);
      if (does) traits.add(name);
      return does;
    },
    pass(minutesMin, minutesMax) {
      const next = at + random.between(minutesMin, minutesMax) * minuteMs;
      if (next >= until) return false;
      at = next;
      return true;
    },
    now: () => at,
    tell(kind, trigger, more = {}) {
      const { number, person, stay } = teller;
      happenings.push({ at, kind, trigger, house, number, person, ...(stay && { stay }), ...more });
      at += minuteMs;
      return at - minuteMs;
    },
    newVisit: options.newVisit,
    newBed: () => ({
      ward: random.pick(house.wards),
      room: String(random.between(101, 128)),
      bed: random.pick(['1', '2']),
    }),
    newDoctor: () => pickDoctor(random),
  };
  return teller;
}

// What a feed's lives share: the clock, the rates, and numbers of this run alone.

import type { Person } from '../hospital/person.ts';
import { createRandom } from '../hospital/random.ts';
import type { Site } from '../hospital/site.ts';
import { minuteMs } from '../hospital/zone-time.ts';
import { createPeople } from './people.ts';
import type { Rates } from './rates.ts';

export interface World {
  readonly rates: Rates;
  /** The last moment at which anything may happen. */
  readonly until: number;
  patientNumber(): string;
  visitNumber(): string;
  person(value: string, house: Site): Person;
}

export interface WorldOptions {
  readonly seed: number;
  /** Begins every number, so that runs do not meet. */
  readonly prefix: string;
  readonly rates: Rates;
  readonly at: number;
}

export function createWorld({ seed, prefix, rates, at }: WorldOptions): World {
  let patients = 0;
  let visits = 0;
  const salt = [...prefix].reduce((sum, sign) => Math.imul(sum, 31) + sign.charCodeAt(0), seed);
  return {
    rates,
    until: Math.floor(at / minuteMs) * minuteMs - 15 * minuteMs,
    patientNumber: () => `${prefix}${String(++patients).padStart(6, '0')}`,
    visitNumber: () => `${prefix}V${String(++visits).padStart(6, '0')}`,
    person: createPeople(createRandom(salt), at),
  };
}

// People of the synthetic hospital: every name, street and number is invented; telephone numbers are of the block 555-01xx
// that is kept for fiction.

import type { Random } from './random.ts';
import type { Site } from './site.ts';

export interface Person {
  /** The number of the hospital, PID-3. */
  readonly mrn: string;
  /** A second number, of the group's master index. */
  readonly groupNumber?: string;
  readonly family: string;
  readonly given: string;
  readonly middle: string;
  /** YYYYMMDD. */
  readonly birthDate: string;
  readonly sex: 'F' | 'M';
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly phone: string;
  /** PID-15, PID-16, PID-10, PID-22. */
  readonly language: string;
  readonly marital: string;
  readonly race: string;
  readonly ethnicity: string;
  readonly kin: { readonly given: string; readonly relationship: string; readonly phone: string };
  readonly doctor: Doctor;
  /** PID-30, and PID-29 where the hospital knows when. */
  readonly died?: { readonly at?: number };
}

export interface Doctor {
  readonly id: string;
  readonly family: string;
  readonly given: string;
}

const families =
  "Abendroth Ashgrove Bellweather Birkenfield Brackwater Caldergate Castellane Dunmorrow Eastlake Fenwickson Garrowby Halvorsund Hollisgard Ibarrola Iversgate Jessamine Kestrelton Lindenmoor Maravilla Marchbanksen Norrington Núñezal O'Carrick Okonjola Pemberwick Quillfeather Rasmundsen Redferngate Sandovalle Silverthornby Tanakura Thistledown Umbergate Vandermoss Villacorta Wexcombe Whitlowe Yarrowby Zapatero Zimmerholt".split(
    ' ',
  );
const givens = {
  F: 'Ada Beatriz Clara Delphine Edith Fatima Greta Harriet Imani Josefa Kaoru Luísa Mabel Nadia Odette Pilar Rosalind Saanvi Thea Ursula'.split(
    ' ',
  ),
  M: 'Anselm Bruno Cedric Dmitri Elias Florian Gideon Hiroshi Ignacio Jasper Kofi Leopold Milo Nils Otto Pascal Quentin Ramón Silas Tobias'.split(
    ' ',
  ),
};
const streets = 'Alder Birch Copper Dandelion Ember Foxglove Gable Heron Indigo Juniper Kettle Lantern Mill'.split(' ');
const doctors: readonly Doctor[] = [
  { id: 'D1001', family: 'Marlowe-Finch', given: 'Petra' },
  { id: 'D1002', family: 'Achterberg', given: 'Samuel' },
  { id: 'D1003', family: 'Odunsi-Vale', given: 'Grace' },
  { id: 'D1004', family: 'Treadgold', given: 'Warren' },
  { id: 'D1005', family: 'Castañar', given: 'Elena' },
  { id: 'D1006', family: 'Nightingill', given: 'Rhys' },
];
const relationships = ['SPO', 'CHD', 'SIB', 'CGV', 'FND'];

export const pickDoctor = (random: Random): Doctor => random.pick(doctors);

export function createPerson(random: Random, mrn: string, site: Site, now: number): Person {
  const sex = random.pick(['F', 'M'] as const);
  const two = (value: number): string => String(value).padStart(2, '0');
  const born = new Date(now).getUTCFullYear() - random.between(22, 94);
  return {
    mrn,
    ...(random.chance(0.3) && { groupNumber: `E${Number(mrn) + 500_000}` }),
    family: random.pick(families),
    given: random.pick(givens[sex]),
    middle: random.pick([...'ABCDEFGHJKLMNPRST']),
    birthDate: `${born}${two(random.between(1, 12))}${two(random.between(1, 28))}`,
    sex,
    street: `${random.between(1, 980)} ${random.pick(streets)} ${random.pick(['Lane', 'Street', 'Court', 'Way'])}`,
    city: site.city,
    state: site.state,
    postalCode: site.postalCode,
    phone: phone(random),
    language: random.pick(['en', 'en', 'en', 'en', 'es', 'es', 'vi']),
    marital: random.pick(['M', 'M', 'S', 'W', 'D']),
    race: random.pick(['2106-3', '2106-3', '2054-5', '2028-9', '2131-1']),
    ethnicity: random.pick(['2186-5', '2186-5', '2135-2']),
    kin: {
      given: random.pick(givens[random.pick(['F', 'M'] as const)]),
      relationship: random.pick(relationships),
      phone: phone(random),
    },
    doctor: pickDoctor(random),
  };
}

const phone = (random: Random): string => `555-01${String(random.between(0, 99)).padStart(2, '0')}`;

/** How a clerk misheard it: the second record of the same person. */
export const misspelt = (person: Person): string => `${person.family.slice(0, -2)}${person.family.slice(-1)}e`;

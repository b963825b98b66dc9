// What must stand at the end: worked out from what really happened, in the order in which it happened. It knows neither
// the messages nor the service's own rules; it is the witness that the check of the demo asks.

import { type ExpectedCase, expectCases } from './expected-cases.ts';
import { expectStays, type LivedStay } from './expected-stays.ts';
import type { Person } from './person.ts';
import type { Life } from './truth.ts';

export interface ExpectedEncounter {
  /** The number now, and those before. */
  readonly visit: string;
  readonly formerVisits: readonly string[];
  readonly status: 'planned' | 'in-progress' | 'finished' | 'cancelled';
  /** v3-ActCode. */
  readonly class: string;
  readonly start?: number;
  readonly end?: number;
  readonly disposition?: string;
  readonly diagnoses: readonly string[];
  readonly place: string;
}

export interface ExpectedPatient {
  readonly story: string;
  readonly mrn: string;
  readonly groupNumber?: string;
  /** Numbers that were merged away. */
  readonly retired: readonly string[];
  readonly family: string;
  readonly given: string;
  readonly birthDate: string;
  readonly hasPhone: boolean;
  readonly isDeceased: boolean;
  /** The messages came in the order in which things happened. */
  readonly isInOrder: boolean;
  readonly encounters: readonly ExpectedEncounter[];
  readonly cases: readonly ExpectedCase[];
}

export function expectPatient(life: Life): ExpectedPatient {
  const happenings = [...life.happenings].sort((a, b) => a.at - b.at);
  const last = happenings.at(-1);
  if (!last) throw new Error('nothing happened to somebody');
  const retired = happenings.flatMap((happening) => happening.retired ?? []);
  const stays = expectStays(happenings);
  const isDeceased = happenings.some(({ person }) => person.died) || stays.some(endedInDeath);
  const { person } = last;
  const survivor = happenings.map((happening) => happening.person).findLast(({ mrn }) => !retired.includes(mrn));
  return {
    story: life.story,
    mrn: survivor?.mrn ?? person.mrn,
    ...(survivor?.groupNumber !== undefined && { groupNumber: survivor.groupNumber }),
    retired,
    ...shown(person),
    isDeceased,
    isInOrder: life.disorders.length === 0,
    encounters: stays.map(asEncounter),
    cases: expectCases(stays, isDeceased),
  };
}

const shown = ({ family, given, birthDate, phone }: Person) => ({
  family,
  given,
  birthDate: `${birthDate.slice(0, 4)}-${birthDate.slice(4, 6)}-${birthDate.slice(6)}`,
  hasPhone: phone !== '',
});

const endedInDeath = ({ status, stay }: LivedStay): boolean => status === 'finished' && stay.disposition === '20';

const classes = { I: 'IMP', E: 'EMER', O: 'AMB', V: 'OBSENC', P: 'PRENC' } as const;

function asEncounter({ stay, status, formerVisits }: LivedStay): ExpectedEncounter {
  const { ward, room, bed } = stay.bed;
  return {
    visit: stay.visit,
    formerVisits,
    status,
    class: classes[stay.class],
    ...(status !== 'planned' && { start: stay.admittedAt }),
    ...(status === 'finished' && stay.dischargedAt !== undefined && { end: stay.dischargedAt }),
    ...(status === 'finished' && stay.disposition !== undefined && { disposition: stay.disposition }),
    diagnoses: stay.diagnoses.map(({ code }) => code),
    place: `${ward}, room ${room}, bed ${bed}`,
  };
}

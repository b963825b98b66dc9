// Holds what the service says, as parsed FHIR resources, against what must stand. Knows nothing of how they were read.

import type { CarePlan, Encounter, Identifier, Patient, Task } from 'fhir/r4.js';
import { compareCases } from './compare-cases.ts';
import { compareStays } from './compare-stays.ts';
import type { ExpectedPerson } from './expect.ts';
import type { Look } from './look.ts';
import type { PatientNumber } from './truth.ts';

export interface Resources {
  readonly patients: readonly Patient[];
  readonly encounters: readonly Encounter[];
  readonly plans: readonly CarePlan[];
  readonly tasks: readonly Task[];
}

export interface Difference {
  readonly kind: string;
  readonly tells: string;
  readonly person: ExpectedPerson;
}

export interface Comparison {
  /** How often each kind of thing was looked at, and how often it differed. */
  readonly looks: ReadonlyMap<string, { readonly looks: number; readonly differences: number }>;
  readonly differences: readonly Difference[];
}

export interface Indexed {
  readonly encounters: ReadonlyMap<string, readonly Encounter[]>;
  readonly plans: ReadonlyMap<string, readonly CarePlan[]>;
  readonly tasks: ReadonlyMap<string, readonly Task[]>;
}

export function compare(expected: readonly ExpectedPerson[], resources: Resources): Comparison {
  const looks = new Map<string, { looks: number; differences: number }>();
  const differences: Difference[] = [];
  const byNumber = grouped(resources.patients, ({ identifier }) => (identifier ?? []).map(({ value }) => value ?? ''));
  const indexed: Indexed = {
    encounters: grouped(resources.encounters, ({ subject }) => [subject?.reference ?? '']),
    plans: grouped(resources.plans, ({ subject }) => [subject.reference ?? '']),
    tasks: grouped(resources.tasks, ({ basedOn }) => [basedOn?.[0]?.reference ?? '']),
  };
  for (const person of expected) {
    const look: Look = (kind, about, found, wanted) => {
      const counted = looks.get(kind) ?? { looks: 0, differences: 0 };
      counted.looks += 1;
      if (JSON.stringify(found) !== JSON.stringify(wanted)) {
        counted.differences += 1;
        differences.push({ kind, person, tells: `${about} should be ${shown(wanted)}, is ${shown(found)}` });
      }
      looks.set(kind, counted);
    };
    comparePerson(person, byNumber, indexed, look);
  }
  return { looks, differences };
}

function comparePerson(
  person: ExpectedPerson,
  byNumber: ReadonlyMap<string, readonly Patient[]>,
  indexed: Indexed,
  look: Look,
): void {
  const recordsOf = (number: PatientNumber): readonly Patient[] =>
    (byNumber.get(number.value) ?? []).filter((one) => one.identifier?.some((known) => isNumber(known, number)));
  if (person.alike) {
    const standing = [person.standing, person.alike].flatMap(recordsOf);
    look(
      'alike: one stands, the other waits',
      `who stands of ${person.standing.value} and ${person.alike.value}`,
      standing.length,
      1,
    );
    if (recordsOf(person.standing).length === 0) return;
  }
  const records = person.numbers.map(recordsOf);
  for (const [at, found] of records.entries()) {
    const { value } = person.numbers[at] as PatientNumber;
    look('patients: each number leads to one record', `the number of records of ${value}`, found.length, 1);
  }
  const patient = recordsOf(person.standing)[0];
  if (patient?.id === undefined) return;
  compareRecord(person, patient, look);
  const retired = person.numbers.filter((number) => recordsOf(number)[0]?.id !== patient.id);
  if (!person.mayShareRecord)
    look(
      'merges: which numbers are retired',
      `the retired numbers of ${person.standing.value}`,
      retired.length,
      person.numbers.length - 1,
    );
  for (const number of retired) {
    const record = recordsOf(number)[0];
    if (!record) continue;
    const links = (record.link ?? []).map(({ type, other }) => `${type} ${other.reference}`);
    look('merges: old numbers lead to the survivor', `active of ${number.value}`, record.active, false);
    look('merges: old numbers lead to the survivor', `the links of ${number.value}`, links, [
      `replaced-by Patient/${patient.id}`,
    ]);
    const strays = [
      ...(indexed.encounters.get(`Patient/${record.id}`) ?? []),
      ...(indexed.plans.get(`Patient/${record.id}`) ?? []),
    ];
    look(
      'merges: stays and cases follow the survivor',
      `what still hangs on ${number.value}`,
      strays.map((one) => `${one.resourceType}/${one.id}`),
      [],
    );
  }
  const linked = (patient.link ?? []).filter(({ type }) => type === 'seealso').map(({ other }) => other.reference);
  const wanted = person.linked.map((number) => `Patient/${recordsOf(number)[0]?.id}`);
  look('links: to whom, and no others', `the links of ${person.standing.value}`, linked, wanted);
  const ids = compareStays(person, indexed.encounters.get(`Patient/${patient.id}`) ?? [], look);
  compareCases(
    person,
    indexed.plans.get(`Patient/${patient.id}`) ?? [],
    ids,
    { patient: patient.id, tasks: indexed.tasks },
    look,
  );
}

function compareRecord(person: ExpectedPerson, patient: Patient, look: Look): void {
  const about = person.standing.value;
  const name = patient.name?.find(({ use }) => use === 'official') ?? patient.name?.[0];
  const kind = 'patients: name, birth date, telephone';
  look(kind, `the name of ${about}`, [name?.family, name?.given?.[0]], [person.family, person.given]);
  look(kind, `the birth date of ${about}`, patient.birthDate, person.birthDate);
  look(kind, `the telephone of ${about}`, patient.telecom?.[0]?.value ?? '', person.phone);
  const isDeceased = patient.deceasedDateTime !== undefined || patient.deceasedBoolean === true;
  look('patients: alive or dead', `whether ${about} has died`, isDeceased, person.isDeceased);
  if (person.isActive !== undefined) look('patients: active', `active of ${about}`, patient.active, person.isActive);
}

/** The second authority's numbers are told from the first one's by its name. */
const isNumber = ({ system = '', value }: Identifier, number: PatientNumber): boolean =>
  value === number.value && /ghwest/i.test(system) === (number.authority === 'west');

function grouped<Item>(items: readonly Item[], keysOf: (item: Item) => readonly string[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    for (const key of new Set(keysOf(item))) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}

const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));

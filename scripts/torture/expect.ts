// What must stand at the end of a torture feed, worked out from what really happened.

import { type ExpectedCase, expectCases } from './expect-cases.ts';
import { expectStays, type LivedStay } from './expect-stays.ts';
import { survivorAt } from './merges.ts';
import { type Happening, type Life, type PatientNumber, sameNumber } from './truth.ts';

export interface ExpectedStay {
  readonly visit: string;
  readonly formerVisits: readonly string[];
  readonly status: LivedStay['status'];
  /** v3-ActCode. */
  readonly class: string;
  readonly start?: number;
  readonly end?: number;
  readonly disposition?: string;
  readonly place: string;
  /** The family name of the attending doctor. */
  readonly attending: string;
}

export interface ExpectedPerson {
  readonly traits: readonly string[];
  readonly numbers: readonly PatientNumber[];
  /** Under which number the person stands now. */
  readonly standing: PatientNumber;
  /** Numbers of which one took the place of another: one record may hold both. */
  readonly mayShareRecord: boolean;
  readonly linked: readonly PatientNumber[];
  /** Somebody alike under this number: one of the two stands, all messages of the other wait. */
  readonly alike?: PatientNumber;
  readonly groupNumber?: string;
  readonly family: string;
  readonly given: string;
  readonly birthDate: string;
  readonly phone: string;
  readonly isDeceased: boolean;
  /** Absent where a number was deleted that may stand for the person's record or for one that was merged into it. */
  readonly isActive?: boolean;
  readonly stays: readonly ExpectedStay[];
  readonly cases: readonly ExpectedCase[];
  /** What happened, line by line, for reports. */
  readonly story: () => readonly string[];
}

export function expectPerson(life: Life, now: number): ExpectedPerson {
  const told = life.happenings.filter(({ isUntold }) => !isUntold);
  const ofPerson = told.filter((happening) => !happening.isMistaken && isUnderstood(happening));
  const { person } = ofPerson.at(-1) as Happening;
  const lived = expectStays(life);
  const diedAt = timeOfDeath(ofPerson, lived);
  const links = told.flatMap(({ at, kind, retired, number }) =>
    retired && joins.has(kind) ? [{ at, retired, survivor: number }] : [],
  );
  const [first] = life.numbers as [PatientNumber];
  const standing = survivorAt(first, links, Number.POSITIVE_INFINITY);
  const group = ofPerson.find((happening) => happening.person.groupNumber !== undefined)?.person.groupNumber;
  const { birthDate } = person;
  const mayShareRecord = told.some(({ kind, trigger }) => kind === 'number-changed' || trigger === 'A43');
  const isDeleted = told.at(-1)?.kind === 'person-deleted';
  const isTidying = isDeleted && !sameNumber((told.at(-1) as Happening).number, standing);
  return {
    traits: life.traits,
    numbers: life.numbers,
    standing,
    mayShareRecord,
    linked: life.linked ?? [],
    ...(life.alike && { alike: life.alike }),
    ...(group !== undefined && { groupNumber: group }),
    family: person.family,
    given: person.given,
    birthDate: `${birthDate.slice(0, 4)}-${birthDate.slice(4, 6)}-${birthDate.slice(6)}`,
    phone: person.phone,
    isDeceased: diedAt !== undefined,
    ...(!(isTidying && mayShareRecord) && { isActive: !isDeleted || isTidying }),
    stays: lived.map(stayOf),
    cases: expectCases(lived, diedAt, now),
    story: () => life.happenings.map(lineOf),
  };
}

const joins: ReadonlySet<Happening['kind']> = new Set(['merged', 'number-changed']);

/** A merge of a number into itself says nothing that can be understood. */
const isUnderstood = ({ retired, number }: Happening): boolean => !retired || !sameNumber(retired, number);

/** The time of death, else when it was first told; a stay that ended in death ended after it. */
function timeOfDeath(happenings: readonly Happening[], lived: readonly LivedStay[]): number | undefined {
  const times = [
    ...happenings.flatMap(({ person: { died }, at }) => (died ? [died.at ?? at] : [])),
    ...lived.filter(endedInDeath).flatMap(({ stay }) => stay.dischargedAt ?? []),
  ];
  return times.length === 0 ? undefined : Math.min(...times);
}

const endedInDeath = ({ status, stay }: LivedStay): boolean => status === 'finished' && stay.disposition === '20';

const classes = { I: 'IMP', E: 'EMER', O: 'AMB', V: 'OBSENC', P: 'PRENC' } as const;

function stayOf({ stay, status, formerVisits, startedAt }: LivedStay): ExpectedStay {
  const { ward, room, bed } = stay.bed;
  const isOver = status === 'finished';
  const hasBegun = status === 'in-progress' || status === 'onleave' || isOver;
  return {
    visit: stay.visit,
    formerVisits,
    status,
    class: classes[stay.class],
    ...(hasBegun && { start: startedAt }),
    ...(isOver && stay.dischargedAt !== undefined && { end: stay.dischargedAt }),
    ...(isOver && stay.disposition !== undefined && { disposition: stay.disposition }),
    place: `${ward}, room ${room}, bed ${bed}`,
    attending: stay.attending.family,
  };
}

function lineOf(happening: Happening): string {
  const { at, trigger, number, stay, formerVisit, retired, isUntold, leavesOutEnd, isMistaken, other } = happening;
  const parts = [
    new Date(at).toISOString().slice(0, 16),
    trigger,
    `patient ${number.value}${number.authority === 'west' ? ' (GHWEST)' : ''}`,
    retired && `retires ${retired.value}`,
    stay && `visit ${stay.visit} class ${stay.class}`,
    formerVisit && `formerly ${formerVisit}`,
    stay?.disposition && `disposition ${stay.disposition}`,
    stay?.dischargedAt && `left ${new Date(stay.dischargedAt).toISOString().slice(11, 16)}`,
    leavesOutEnd && 'without PV1-45',
    isMistaken && 'taken for somebody else',
    other && `and ${other.number.value}`,
    isUntold && '(no message tells of it)',
  ];
  return parts.filter((part) => part !== undefined && part !== false).join(' ');
}

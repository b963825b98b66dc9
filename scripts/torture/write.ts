// A happening as an ADT message (HL7 v2.5.1 ch. 3; structures of table 0354), in the ways of its house and sometimes with
// delimiters of its own (ch. 2.5.4).

import { dg1, doctor, in1, nk1, type Pen, place, segment, time, visitNumber } from '../hospital/segments.ts';
import type { Site } from '../hospital/site.ts';
import type { Happening, PatientNumber } from './truth.ts';

export interface Envelope {
  readonly controlId: string;
  /** MSH-7. */
  readonly sentAt: number;
  /** EVN-2 of what is no cancel. */
  readonly enteredAt: number;
  /** In a house that writes some times with offsets and some without: with. */
  readonly offsets: boolean;
  readonly otherDelimiters: boolean;
  readonly leavesOutTimes: boolean;
}

const structures: Readonly<Record<string, string>> = {
  ...{ A04: 'A01', A08: 'A01', A13: 'A01', A28: 'A05', A31: 'A05', A07: 'A06', A11: 'A09', A40: 'A39' },
  ...{ A22: 'A21', A23: 'A21', A52: 'A52', A53: 'A52', A55: 'A54', A41: 'A39', A42: 'A39', A44: 'A43', A49: 'A30' },
  ...{
    A47: 'A30',
    A50: 'A50',
    A51: 'A50',
    A17: 'A17',
    A14: 'A05',
    A27: 'A21',
    A29: 'A21',
    A18: 'A18',
    A34: 'A30',
    A36: 'A30',
    A39: 'A39',
  },
};

const withoutVisit: ReadonlySet<Happening['kind']> = new Set([
  ...(['merged', 'number-changed', 'account-renamed', 'linked', 'merged-by-mistake', 'parted'] as const),
]);

export function write(happening: Happening, envelope: Envelope): Uint8Array {
  const { house, kind, trigger, stay, number, retired, formerVisit, formerAccount, formerAlternate, other } = happening;
  const pen = penOf(house, envelope);
  const lines = [
    header(house, `ADT^${trigger}`, structures[trigger] ?? trigger, envelope),
    evn(pen, happening, envelope),
    pid(pen, happening),
    segment('PD1', { 4: doctor(happening.person.doctor) }),
  ];
  if (stay && other?.stay) {
    const second: Happening = { ...happening, ...other };
    lines.push(bedOf(pen, happening, stay), pid(pen, second), bedOf(pen, second, other.stay));
    return encode(lines, house, envelope.otherDelimiters);
  }
  if (other) lines.push(pid(pen, { ...happening, ...other }));
  if (retired || formerVisit !== undefined || formerAccount !== undefined || formerAlternate !== undefined) {
    const former = formerVisit === undefined ? undefined : visitNumber(house, formerVisit);
    const whom = patientNumber(house, retired ?? number);
    lines.push(segment('MRG', { 1: whom, 3: formerAccount, 5: former, 6: formerAlternate }));
  }
  if (stay && formerAlternate !== undefined)
    lines.push(segment('PV1', { 1: '1', 2: stay.class, 50: `${stay.visit}C` }));
  if (!withoutVisit.has(kind) && trigger !== 'A44') {
    lines.push(nk1(happening.person));
    if (stay) lines.push(...visit(pen, happening, stay, envelope.leavesOutTimes), in1(happening.person));
  }
  return encode(lines, house, envelope.otherDelimiters);
}

export function header(house: Site, event: string, structure: string, envelope: Envelope): string {
  const [type = ''] = event.split('^');
  const offsets = house.offsets === 'header' || penOf(house, envelope).offsets;
  return segment('MSH', {
    1: '^~\\&',
    2: 'GHADT',
    3: house.id,
    4: 'THROUGHLINE',
    5: 'RIVERSIDE',
    6: time({ site: house, offsets }, envelope.sentAt),
    8: house.version === '2.3' ? event : `${event}^${type}_${structure}`,
    9: envelope.controlId,
    10: 'P',
    11: house.version,
    14: house.enhanced ? 'AL' : undefined,
    15: house.enhanced ? 'NE' : undefined,
    17: house.charset,
  });
}

export const penOf = (site: Site, { offsets }: Pick<Envelope, 'offsets'>): Pen => ({
  site,
  offsets: site.offsets === 'all' || (site.offsets === 'some' && offsets),
});

export function encode(lines: readonly string[], house: Site, otherDelimiters = false): Uint8Array {
  const text = lines.map((line) => `${line}\r`).join('');
  return Buffer.from(otherDelimiters ? redelimited(text) : text, house.charset === '8859/1' ? 'latin1' : 'utf8');
}

const others: Readonly<Record<string, string>> = { '|': '!', '^': '@', '~': '%', '\\': '$', '&': '*' };
const escapes: Readonly<Record<string, string>> = { F: '|', S: '^', T: '&', R: '~', E: '\\' };

/** The same content with other delimiters: what had to be escaped then stands as it is. */
const redelimited = (text: string): string =>
  text.replace(/\\([FSTRE])\\|[|^~\\&]/g, (sign, letter: string | undefined) =>
    letter === undefined ? (others[sign] ?? sign) : (escapes[letter] ?? sign),
  );

/** On a cancel EVN-6 is the time of what is cancelled, and EVN-2 that of the cancel. */
function evn(pen: Pen, { house, trigger, at, cancels }: Happening, { enteredAt }: Envelope): string {
  return segment('EVN', {
    1: trigger,
    2: time(pen, cancels === undefined ? enteredAt : at),
    6: house.tellsOccurrence ? time(pen, cancels ?? at) : undefined,
  });
}

/** CX; numbers of the second authority always name it. */
export function patientNumber(house: Site, { value, authority }: PatientNumber): string {
  if (authority === 'west') return `${value}^^^GHWEST^MR`;
  return house.namesAuthority ? `${value}^^^GH^MR` : value;
}

function pid(pen: Pen, { house, number, person, stay }: Happening): string {
  const numbers = [patientNumber(house, number)];
  if (person.groupNumber !== undefined) numbers.push(`${person.groupNumber}^^^GHGROUP^PI`);
  return segment('PID', {
    1: '1',
    3: numbers.join('~'),
    5: `${escapedText(person.family)}^${escapedText(person.given)}^${person.middle}^^^^L`,
    7: person.birthDate,
    8: person.sex,
    10: person.race,
    11: `${person.street}^^${person.city}^${person.state}^${person.postalCode}^USA^H`,
    13: person.phone === '' ? '""' : `${person.phone}^PRN^PH`,
    15: person.language,
    16: person.marital,
    18: stay && `${stay.visit}A`,
    22: person.ethnicity,
    29: person.died?.at === undefined ? undefined : time(pen, person.died.at, 12),
    30: person.died ? 'Y' : undefined,
  });
}

const escapedText = (text: string): string =>
  text.replace(/[\\|^~&]/g, (sign) => `\\${{ '\\': 'E', '|': 'F', '^': 'S', '~': 'R', '&': 'T' }[sign]}\\`);

/** What A17 tells of each of two people: where they lie now. */
const bedOf = (pen: Pen, happening: Happening, stay: NonNullable<Happening['stay']>): string =>
  visit(pen, happening, stay, true)[0] ?? '';

function visit(
  pen: Pen,
  happening: Happening,
  stay: NonNullable<Happening['stay']>,
  leavesOutTimes: boolean,
): string[] {
  const { house, deletes, leavesOutEnd } = happening;
  const isExpected = stay.class === 'P';
  const saysEnd = stay.dischargedAt !== undefined && !leavesOutTimes && leavesOutEnd !== true;
  return [
    segment('PV1', {
      1: '1',
      2: stay.class,
      3: place(house, stay.bed),
      4: stay.class === 'E' ? 'E' : 'R',
      6: stay.formerBed && place(house, stay.formerBed),
      7: doctor(stay.attending),
      10: stay.diagnoses[0]?.service,
      17: doctor(stay.attending),
      19: visitNumber(house, stay.visit),
      36: deletes === 'disposition' ? '""' : stay.disposition,
      44: isExpected || leavesOutTimes ? undefined : time(pen, stay.admittedAt, 12),
      45: saysEnd ? time(pen, stay.dischargedAt ?? 0, 12) : undefined,
    }),
    segment('PV2', { 8: isExpected ? time(pen, stay.admittedAt, 12) : undefined }),
    ...dg1(pen, stay),
  ];
}

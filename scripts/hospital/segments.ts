// HL7 v2 segments of the synthetic hospital: fields by number, delimiters in texts escaped (HL7 v2.5.1 ch. 2.7).

import type { Doctor, Person } from './person.ts';
import type { Site } from './site.ts';
import type { Bed, Stay } from './truth.ts';
import { isAmbiguous, offsetMinutes, offsetText, wallDigits } from './zone-time.ts';

export type Fields = Readonly<Record<number, string | undefined>>;

/** One segment from its numbered fields. */
export function segment(name: string, fields: Fields): string {
  const last = Math.max(0, ...Object.keys(fields).map(Number));
  const values = Array.from({ length: last }, (_, at) => fields[at + 1] ?? '');
  return [name, ...values].join('|').replace(/\|+$/, '');
}

export const escaped = (text: string): string =>
  text.replace(/[\\|^~&]/g, (sign) => `\\${{ '\\': 'E', '|': 'F', '^': 'S', '~': 'R', '&': 'T' }[sign]}\\`);

/** How one message writes times. */
export interface Pen {
  readonly site: Site;
  /** Offsets stand in the fields. */
  readonly offsets: boolean;
}

/** To the second, or to the minute. In the hour that comes twice an offset stands in any case. */
export function time({ site, offsets }: Pen, at: number, digits: 12 | 14 = 14): string {
  const offset = offsets || isAmbiguous(at, site.zone) ? offsetText(offsetMinutes(at, site.zone)) : '';
  return wallDigits(at, site.zone).slice(0, digits) + offset;
}

/** CX of a patient number. */
export const patientNumber = (site: Site, mrn: string): string => (site.namesAuthority ? `${mrn}^^^GH^MR` : mrn);

export const visitNumber = (site: Site, visit: string): string => (site.namesAuthority ? `${visit}^^^GH^VN` : visit);

export function pid(pen: Pen, person: Person, stay: Stay | undefined, withoutPhone: boolean): string {
  const { site } = pen;
  const numbers = [patientNumber(site, person.mrn)];
  if (person.groupNumber !== undefined) numbers.push(`${person.groupNumber}^^^GHGROUP^PI`);
  return segment('PID', {
    1: '1',
    3: numbers.join('~'),
    5: `${escaped(person.family)}^${escaped(person.given)}^${person.middle}^^^^L`,
    7: person.birthDate,
    8: person.sex,
    10: person.race,
    11: `${person.street}^^${person.city}^${person.state}^${person.postalCode}^USA^H`,
    13: withoutPhone ? '""' : person.phone === '' ? '' : `${person.phone}^PRN^PH`,
    15: person.language,
    16: person.marital,
    18: stay && `C${stay.visit.slice(1)}`,
    22: person.ethnicity,
    29: person.died?.at === undefined ? undefined : time(pen, person.died.at, 12),
    30: person.died ? 'Y' : undefined,
  });
}

export function nk1(person: Person): string {
  const { given, relationship, phone } = person.kin;
  return segment('NK1', {
    1: '1',
    2: `${escaped(person.family)}^${escaped(given)}`,
    3: relationship,
    5: `${phone}^PRN^PH`,
    7: 'C',
  });
}

/** XCN. */
export const doctor = ({ id, family, given }: Doctor): string => `${id}^${family}^${given}^^^Dr.^^^GHSTAFF`;

/** PL. */
export const place = (site: Site, { ward, room, bed }: Bed): string => `${ward}^${room}^${bed}^${site.id}`;

export function dg1(pen: Pen, stay: Stay): string[] {
  return stay.diagnoses.map(({ code, text }, at) =>
    segment('DG1', {
      1: String(at + 1),
      2: 'I10C',
      3: `${code}^${escaped(text)}^I10C`,
      5: time(pen, stay.admittedAt, 12),
      6: stay.coded ? 'F' : 'A',
      15: stay.coded ? String(at + 1) : undefined,
    }),
  );
}

export const in1 = (person: Person): string =>
  segment('IN1', {
    1: '1',
    2: 'HARBOR1^Harborlight Choice',
    3: 'HHP',
    4: 'Harborlight Health Plan',
    15: 'HMO',
    16: `${escaped(person.family)}^${escaped(person.given)}`,
    17: 'SEL',
    18: person.birthDate,
    36: `HL${person.mrn}`,
  });

// Who the patient is (PID, PD1, NK1; HL7 v2.5.1 ch. 3.4.2, 3.4.10 and 3.4.5).

import { describe, expect, test } from 'vitest';
import { understandAs } from '../../../support/feed-language.ts';
import { type AdtOptions, aPersonUpdate, segment } from '../../../support/hl7.ts';

const read = (options: AdtOptions) => understandAs('person', aPersonUpdate(options));
const demographicsOf = (options: AdtOptions) => read(options).subject.demographics;
/** The demographics of a PID with these fields besides its identifier. */
const from = (fields: Readonly<Record<number, string>>) =>
  demographicsOf({ without: ['PID', 'PV1'], segments: [segment('PID', { 3: '1001^^^GH', ...fields })] });

test('what is not sent is not said, "" deletes', () => {
  expect(from({})).toEqual({});
  const fields = [5, 7, 8, 10, 11, 13, 15, 16, 22, 24, 29, 30];
  expect(from(Object.fromEntries(fields.map((field) => [field, '""'])))).toEqual({
    names: null,
    birthDate: null,
    birthTime: null,
    gender: null,
    race: null,
    addresses: null,
    telecoms: null,
    language: null,
    maritalStatus: null,
    ethnicity: null,
    multipleBirth: null,
    deceased: null,
    deceasedAt: null,
  });
});

describe('names', () => {
  test('have their parts, and "" in a part leaves it out', () => {
    expect(from({ 5: 'Winter&von^Ada^Maria Ida^JR^DR^MD^L' }).names).toEqual([
      { use: 'official', family: 'Winter', given: ['Ada', 'Maria', 'Ida'], prefix: 'DR', suffix: 'JR MD' },
    ]);
    expect(from({ 5: 'Winter^""^""' }).names).toEqual([{ use: 'official', family: 'Winter', given: [] }]);
  });

  test('without a type: the first is the official one', () => {
    expect(from({ 5: 'Winter^Ada~Sommer^Ada~Ada^^^^^^N' }).names?.map((name) => name.use)).toEqual([
      'official',
      undefined,
      'nickname',
    ]);
  });

  test('of an unknown type have no use, and are counted', () => {
    const notice = read({ name: 'Winter^Ada^^^^^CURRENT' });
    expect(notice.subject.demographics.names).toEqual([{ family: 'Winter', given: ['Ada'] }]);
    expect(notice.unmapped).toEqual([{ table: 'name-use', code: 'CURRENT' }]);
  });

  test('that name nobody say nothing', () => {
    expect(from({ 5: '^^^^^^L' })).toEqual({});
  });
});

describe('birth', () => {
  test.each([
    ['19550102', '1955-01-02', null],
    ['195501', '1955-01', null],
    ['1955', '1955', null],
    ['195501021530', '1955-01-02', null],
    ['195501021530+0100', '1955-01-02', '1955-01-02T15:30:00+01:00'],
    ['1955010215', '1955-01-02', null],
  ])('%s is %s, time %s', (sent, birthDate, birthTime) => {
    expect(from({ 7: sent })).toEqual({ birthDate, birthTime });
  });

  test('that is no date is noted, and not sent', () => {
    const notice = read({ birthDate: '01/02/1955' });
    expect(notice.subject.demographics).not.toHaveProperty('birthDate');
    expect(notice.warnings).toEqual([{ code: 'time-unreadable', field: 'PID-7' }]);
  });

  test('several: the order where it is known', () => {
    expect(from({ 24: 'Y', 25: '2' }).multipleBirth).toBe(2);
    expect(from({ 24: 'Y' }).multipleBirth).toBe(true);
    expect(from({ 24: 'N', 25: '1' }).multipleBirth).toBe(false);
    expect(from({ 25: '0' })).toEqual({});
  });
});

describe('death', () => {
  test('PID-30 alone, PID-29 alone, both', () => {
    expect(from({ 30: 'Y' })).toEqual({ deceased: true });
    expect(from({ 29: '20261120' })).toMatchObject({ deceased: true, deceasedAt: { local: '2026-11-20' } });
    expect(from({ 29: '20261120', 30: 'Y' })).toMatchObject({ deceased: true, deceasedAt: { local: '2026-11-20' } });
  });

  test('who is not dead has no time of death', () => {
    expect(from({ 30: 'N' })).toEqual({ deceased: false, deceasedAt: null });
  });

  test('a time of death counts more than a no, with a warning', () => {
    const notice = read({ deceased: false, deceasedAt: '20261120' });
    expect(notice.subject.demographics.deceased).toBe(true);
    expect(notice.warnings).toEqual([{ code: 'death-contradicted', field: 'PID-30' }]);
  });

  test('neither yes nor no is counted and says nothing', () => {
    const notice = read({ deceased: 'PERHAPS' });
    expect(notice.subject.demographics).not.toHaveProperty('deceased');
    expect(notice.unmapped).toEqual([{ table: 'yes-no', code: 'PERHAPS' }]);
  });
});

describe('codes', () => {
  test.each([
    ['F', 'female'],
    ['m', 'male'],
    ['A', 'other'],
    ['U', 'unknown'],
    ['7', 'unknown'],
  ])('sex %s is %s', (sent, gender) => {
    expect(from({ 8: sent }).gender).toBe(gender);
  });

  test('marital status', () => {
    expect(from({ 16: 'M^Married' }).maritalStatus).toEqual({
      system: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus',
      code: 'M',
      text: 'Married',
    });
    expect(from({ 16: 'U' }).maritalStatus).toEqual({
      system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor',
      code: 'UNK',
    });
  });

  test.each([
    ['EN', 'en'],
    ['en-us', 'en-US'],
    ['eng^English^ISO639', 'en'],
    ['Spanish', 'es'],
    ['SPA', 'es'],
  ])('language %s is %s', (sent, code) => {
    expect(from({ 15: sent }).language).toMatchObject({ system: 'urn:ietf:bcp:47', code });
  });

  test('race and ethnicity: codes of the CDC, or letters by the table', () => {
    const system = 'urn:oid:2.16.840.1.113883.6.238';
    expect(from({ 10: '2106-3^White^CDCREC~B~1004-1~7', 22: 'H' })).toEqual({
      race: [
        { system, code: '2106-3', text: 'White' },
        { system, code: '2054-5' },
        { system, code: '1004-1' },
        { text: '7' },
      ],
      ethnicity: { system, code: '2135-2' },
    });
  });
});

describe('addresses and telephones', () => {
  test('an address', () => {
    expect(
      from({ 11: '1 Main Street&Main Street&1^Apt 2^Springfield^IL^62701^USA^H^^Sangamon~PO Box 9^^Springfield^^^^M' })
        .addresses,
    ).toEqual([
      {
        use: 'home',
        lines: ['1 Main Street', 'Apt 2'],
        city: 'Springfield',
        state: 'IL',
        postalCode: '62701',
        country: 'USA',
        district: 'Sangamon',
      },
      { lines: ['PO Box 9'], city: 'Springfield' },
    ]);
    expect(from({ 11: '^^^^^^H' })).toEqual({});
  });

  test.each([
    ['5550100', { system: 'phone', use: 'home', value: '5550100' }],
    ['5550100^PRN^CP', { system: 'phone', use: 'mobile', value: '5550100' }],
    ['5550100^PRS^PH', { system: 'phone', use: 'mobile', value: '5550100' }],
    ['5550100^WPN^FX', { system: 'fax', use: 'work', value: '5550100' }],
    ['5550100^BPN', { system: 'pager', use: 'home', value: '5550100' }],
    ['^NET^Internet^ada@example.org', { system: 'email', use: 'home', value: 'ada@example.org' }],
    ['ada@example.org', { system: 'email', use: 'home', value: 'ada@example.org' }],
    ['^PRN^PH^^1^555^0100^7', { system: 'phone', use: 'home', value: '+1 (555) 0100 x7' }],
    ['^PRN^PH^^^^^^^^^5550100', { system: 'phone', use: 'home', value: '5550100' }],
  ])('%s', (sent, expected) => {
    expect(from({ 13: sent }).telecoms).toEqual([expected]);
  });

  test('PID-13, PID-14 and PID-40 are one list', () => {
    expect(from({ 13: '1', 14: '2', 40: '3^^CP' }).telecoms?.map(({ use, value }) => [use, value])).toEqual([
      ['home', '1'],
      ['work', '2'],
      ['mobile', '3'],
    ]);
    expect(from({ 13: '""', 14: '2' }).telecoms).toHaveLength(1);
  });
});

describe('other people', () => {
  test('the general practitioner of PD1-4', () => {
    expect(demographicsOf({ practitioner: '55^Herbst^Otto' }).generalPractitioners).toMatchObject([
      { name: { family: 'Herbst', given: ['Otto'] }, identifier: { value: '55' } },
    ]);
  });

  test('contacts are the whole NK1 group', () => {
    const next = segment('NK1', {
      1: '1',
      2: 'Winter^Paul',
      3: 'SPO^Spouse',
      4: '1 Main Street',
      5: '5550101',
      6: '5550102',
    });
    const plain = segment('NK1', { 1: '2', 2: 'Sommer^Eva', 3: 'CGV' });
    expect(demographicsOf({ segments: [next, plain] }).contacts).toEqual([
      {
        name: { use: 'official', family: 'Winter', given: ['Paul'] },
        relationship: { system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'SPS', text: 'Spouse' },
        telecoms: [
          { system: 'phone', use: 'home', value: '5550101' },
          { system: 'phone', use: 'work', value: '5550102' },
        ],
        address: { lines: ['1 Main Street'] },
      },
      {
        name: { use: 'official', family: 'Sommer', given: ['Eva'] },
        relationship: { system: 'http://terminology.hl7.org/CodeSystem/v2-0063', code: 'CGV' },
        telecoms: [],
      },
    ]);
  });

  test('NK1|"" deletes all contacts, an empty NK1 says nothing', () => {
    expect(demographicsOf({ segments: ['NK1|""'] }).contacts).toBeNull();
    expect(demographicsOf({ segments: ['NK1|1'] })).not.toHaveProperty('contacts');
  });

  test('the protection indicator of PD1-12', () => {
    expect(demographicsOf({ segments: [segment('PD1', { 12: 'Y' })] }).confidential).toBe(true);
  });
});

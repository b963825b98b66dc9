// What a message says of a stay (PV1, PV2, DG1; HL7 v2.5.1 ch. 3.4.3, 3.4.4, 6.5.2).

import { describe, expect, test } from 'vitest';
import { understandAs } from '../../../support/feed-language.ts';
import {
  type AdtOptions,
  aCancelledDischarge,
  aDischarge,
  anAdmission,
  anUpdate,
  segment,
} from '../../../support/hl7.ts';

const read = (text: string) => understandAs('encounter', text);
const factsOf = (options: AdtOptions) => read(anAdmission(options)).event.facts;
/** The facts of a PV1 with these fields alone. */
const factsIn = (fields: Readonly<Record<number, string>>) =>
  read(anAdmission({ without: ['PV1'], segments: [segment('PV1', fields)] })).event.facts;
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const v2 = (table: string): string => `http://terminology.hl7.org/CodeSystem/v2-${table}`;

describe('the class', () => {
  test('is ours by the table', () => {
    expect(factsOf({ class: 'I' }).class).toEqual({ system: actCode, code: 'IMP' });
    expect(factsOf({ class: 'E^Emergency room' }).class).toEqual({
      system: actCode,
      code: 'EMER',
      text: 'Emergency room',
    });
    expect(factsOf({ class: 'B' }).class).toEqual({ system: v2('0004'), code: 'B' });
  });

  test('that no table holds keeps its wording, has no code and is counted', () => {
    const notice = read(anAdmission({ class: 'XY' }));
    expect(notice.event.facts.class).toEqual({ text: 'XY' });
    expect(notice.unmapped).toEqual([{ table: 'patient-class', code: 'XY' }]);
  });

  test('sent as "" is deleted, not sent is nothing said', () => {
    expect(factsOf({ class: '""' }).class).toBeNull();
    expect(factsOf({ class: '' })).not.toHaveProperty('class');
    expect(factsOf({ class: ' ' })).not.toHaveProperty('class');
  });
});

describe('the disposition', () => {
  test.each([
    ['01', '01', 'home'],
    ['1', '01', 'home'],
    ['6^Home health', '06', 'home'],
    ['07', '07', 'home-against-advice'],
    ['3', '03', 'snf'],
    ['20', '20', 'expired'],
    ['ZZ', 'ZZ', 'unknown'],
  ])('%s is code %s, destination %s', (sent, code, destination) => {
    expect(read(aDischarge({ disposition: sent })).event.facts.disposition).toEqual({ code, destination });
  });

  test('that no table holds is counted, cut to forty characters', () => {
    const long = 'x'.repeat(41);
    expect(read(aDischarge({ disposition: long })).unmapped).toEqual([
      { table: 'discharge-disposition', code: 'x'.repeat(40) },
    ]);
  });

  test('"" deletes it', () => {
    expect(read(aDischarge({ disposition: '""' })).event.facts.disposition).toBeNull();
  });

  test('still a patient: the discharge is read as an update, with a warning, and says nothing of where or when', () => {
    const notice = read(aDischarge({ disposition: '30', dischargedAt: '20261120140000-0500' }));
    expect(notice.event).toMatchObject({ kind: 'updated', trigger: 'A03' });
    expect(notice.event.facts).not.toHaveProperty('disposition');
    expect(notice.event.facts).not.toHaveProperty('dischargedAt');
    expect(notice.warnings).toEqual([{ code: 'still-patient', field: 'PV1-36' }]);
  });

  test('still a patient, before any discharge, is no disposition', () => {
    const notice = read(anUpdate({ disposition: '30' }));
    expect(notice.event.facts).not.toHaveProperty('disposition');
    expect(notice.warnings).toEqual([]);
  });

  test('still a patient, with the time of an interim bill: the time is none of a discharge, with a warning', () => {
    for (const dischargedAt of ['20261119140000-0500', '20261219140000-0500']) {
      const notice = read(anUpdate({ disposition: '30', dischargedAt }));
      expect(notice.event.kind).toBe('updated');
      expect(notice.event.facts).not.toHaveProperty('disposition');
      expect(notice.event.facts).not.toHaveProperty('dischargedAt');
      expect(notice.warnings).toEqual([{ code: 'still-patient', field: 'PV1-36' }]);
    }
  });
});

describe('times of the stay', () => {
  test('are PV1-44 and PV1-45', () => {
    const { admittedAt, dischargedAt } = read(
      aDischarge({ admittedAt: '202611180800', dischargedAt: '20261120140000-0700' }),
    ).event.facts;
    expect(admittedAt).toMatchObject({ at: Date.parse('2026-11-18T13:00:00Z'), precision: 'minute' });
    expect(dischargedAt).toMatchObject({ at: Date.parse('2026-11-20T21:00:00Z'), zone: 'UTC-07:00' });
  });

  test('midnight as zeros is midnight', () => {
    expect(read(aDischarge({ dischargedAt: '202611200000' })).event.facts.dischargedAt).toMatchObject({
      at: Date.parse('2026-11-20T05:00:00Z'),
      local: '2026-11-20T00:00',
    });
  });

  test('"" deletes, what is no time is noted and not sent', () => {
    expect(read(anUpdate({ dischargedAt: '""' })).event.facts.dischargedAt).toBeNull();
    const notice = read(aDischarge({ dischargedAt: 'tomorrow' }));
    expect(notice.event.facts).not.toHaveProperty('dischargedAt');
    expect(notice.warnings).toEqual([{ code: 'time-unreadable', field: 'PV1-45' }]);
  });

  test('a discharge more than a day after the message is taken, with a warning', () => {
    const at = '20261120150000-0500';
    expect(read(aDischarge({ at, dischargedAt: '20261121150000-0500' })).warnings).toEqual([]);
    const late = read(aDischarge({ at, dischargedAt: '20261121150001-0500' }));
    expect(late.warnings).toEqual([{ code: 'discharge-in-future', field: 'PV1-45' }]);
    expect(late.event.facts.dischargedAt?.local).toBe('2026-11-21T15:00:01');
  });

  test('an admission after the discharge is noted, and both are told as sent', () => {
    const times = { admittedAt: '20261120140000', dischargedAt: '20261120135900' };
    const reversed = read(aDischarge(times));
    expect(reversed.warnings).toEqual([{ code: 'stay-times-reversed', field: 'PV1-44' }]);
    expect(reversed.event.facts.admittedAt?.local).toBe('2026-11-20T14:00:00');
    expect(reversed.event.facts.dischargedAt?.local).toBe('2026-11-20T13:59:00');
    expect(read(aDischarge({ ...times, admittedAt: '20261120135900' })).warnings).toEqual([]);
    expect(read(aDischarge({ ...times, dischargedAt: '20261120' })).warnings).toHaveLength(1);
    expect(read(aDischarge({ ...times, admittedAt: '20261120' })).warnings).toEqual([]);
  });

  test('on a cancelled discharge PV1-45 is not the end of the stay, and nothing is reversed', () => {
    const times = { admittedAt: '20261120140000', dischargedAt: '20261120135900' };
    expect(read(aCancelledDischarge(times)).warnings).toEqual([]);
  });

  test('a cancelled discharge does not repeat time and disposition of what never was', () => {
    const { facts } = read(aCancelledDischarge({ disposition: '01', dischargedAt: '20261120140000' })).event;
    expect(facts).not.toHaveProperty('disposition');
    expect(facts).not.toHaveProperty('dischargedAt');
    expect(facts.class).toMatchObject({ code: 'IMP' });
  });
});

describe('the other facts of PV1 and PV2', () => {
  test('the place: ward, room, bed, facility, building, floor', () => {
    expect(factsIn({ 3: '4W^401^1^GH&1.2.3&ISO^^^NORTH^4' }).place).toEqual({
      pointOfCare: '4W',
      room: '401',
      bed: '1',
      facility: 'GH',
      building: 'NORTH',
      floor: '4',
    });
    expect(factsIn({ 3: '""' }).place).toBeNull();
    expect(factsIn({ 3: '4W^""^""' }).place).toEqual({ pointOfCare: '4W' });
    expect(factsIn({ 3: '^^' })).toEqual({});
  });

  test('admission type by the table', () => {
    expect(factsIn({ 4: 'E' }).admissionType).toEqual({ system: v2('0007'), code: 'E' });
    expect(factsIn({ 4: '3' }).admissionType).toEqual({ system: v2('0007'), code: 'C' });
  });

  test('codes that each site defines keep their code and have no system', () => {
    expect(factsIn({ 10: 'CAR^Cardiology', 14: '7' })).toEqual({
      service: { code: 'CAR', text: 'Cardiology' },
      admitSource: { code: '7', text: '7' },
    });
  });

  test('pre-admission number, readmission, place of discharge', () => {
    expect(factsIn({ 5: 'PRE1', 13: 'R', 37: '22&Riverside Home&FDK' })).toMatchObject({
      preAdmissionNumber: { value: 'PRE1' },
      reAdmission: true,
      dischargedTo: 'Riverside Home',
    });
    expect(factsIn({ 37: 'HOME' }).dischargedTo).toBe('HOME');
  });

  test('doctors: all repetitions, with NPI where the sender says so, never under a patient authority', () => {
    const facts = factsIn({
      7: '1234567893^Sommer^Eva^Maria Ida^JR^DR^MD^^NPI^L^^^NPI~55^Herbst',
      8: '^Lenz^Paul',
      9: '""',
      17: '77',
    });
    expect(facts.attending).toEqual([
      {
        identifier: { authority: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893', type: 'NPI', assigner: 'NPI' },
        name: { family: 'Sommer', given: ['Eva', 'Maria', 'Ida'], prefix: 'DR', suffix: 'JR MD' },
      },
      {
        identifier: { authority: 'urn:throughline:authority:general-hospital:practitioner', value: '55' },
        name: { family: 'Herbst', given: [] },
      },
    ]);
    expect(facts.referring).toEqual([{ name: { family: 'Lenz', given: ['Paul'] } }]);
    expect(facts.consulting).toBeNull();
    expect(facts.admitting).toMatchObject([{ name: { given: [] }, identifier: { value: '77' } }]);
  });

  test('the reason of PV2-3', () => {
    expect(factsOf({ reason: 'I50.9^Heart failure^I10' }).reason).toEqual({
      system: 'http://hl7.org/fhir/sid/icd-10-cm',
      code: 'I50.9',
      text: 'Heart failure',
    });
    expect(factsOf({ reason: '^Chest pain' }).reason).toEqual({ text: 'Chest pain' });
  });
});

describe('diagnoses', () => {
  const diagnosesOf = (...diagnoses: NonNullable<AdtOptions['diagnoses']>) => factsOf({ diagnoses }).diagnoses;

  test('are the whole group, with role and rank', () => {
    expect(
      diagnosesOf(
        { code: 'I50.9^Heart failure^I10', type: 'A', rank: '1' },
        { code: 'E11.9^^I10C', type: 'F', rank: '0' },
        { code: '44054006^^SCT', type: 'W' },
      ),
    ).toEqual([
      {
        code: { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'I50.9', text: 'Heart failure' },
        role: 'AD',
        rank: 1,
      },
      { code: { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'E11.9' }, role: 'DD' },
      { code: { system: 'http://snomed.info/sct', code: '44054006' } },
    ]);
  });

  test('keep a code of an unknown system, which is counted; one of a local system is not', () => {
    const notice = read(anAdmission({ diagnoses: ['X1^One^MINE', 'X2^Two^L', 'X3^^99GH', 'X4'] }));
    expect(notice.event.facts.diagnoses?.map(({ code }) => code)).toEqual([
      { code: 'X1', text: 'One' },
      { code: 'X2', text: 'Two' },
      { code: 'X3', text: 'X3' },
      { code: 'X4', text: 'X4' },
    ]);
    expect(notice.unmapped).toEqual([{ table: 'code-system', code: 'MINE' }]);
  });

  test('of old senders: DG1-2 names the system, DG1-4 describes', () => {
    const { diagnoses } = factsOf({ segments: ['DG1|1|I9|401.9|Hypertension', 'DG1|2|||Back pain'] });
    expect(diagnoses).toEqual([
      { code: { system: 'http://hl7.org/fhir/sid/icd-9-cm', code: '401.9', text: 'Hypertension' } },
      { code: { text: 'Back pain' } },
    ]);
  });

  test('not sent is nothing said, "" in a key field deletes, an empty segment says nothing', () => {
    expect(diagnosesOf()).toBeUndefined();
    expect(factsOf({ segments: ['DG1|""'] }).diagnoses).toBeNull();
    expect(factsOf({ segments: ['DG1|1||""'] }).diagnoses).toBeNull();
    expect(factsOf({ segments: ['DG1|1'] })).not.toHaveProperty('diagnoses');
  });

  test('that an action code takes back are left out', () => {
    const taken = segment('DG1', { 1: '2', 3: 'E11.9^^I10', 21: 'D' });
    expect(factsOf({ diagnoses: ['I50.9^^I10'], segments: [taken] }).diagnoses).toHaveLength(1);
    expect(factsOf({ segments: [taken] })).not.toHaveProperty('diagnoses');
  });

  test('have the time they were recorded', () => {
    const { diagnoses } = factsOf({ segments: [segment('DG1', { 3: 'I50.9^^I10', 19: '20261119' })] });
    expect(diagnoses?.[0]?.recordedAt).toMatchObject({ local: '2026-11-19', precision: 'day' });
  });
});

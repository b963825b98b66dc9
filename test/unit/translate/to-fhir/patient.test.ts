// Patient: names, absence, merges, death.

import type { Patient } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import type { PatientId } from '../../../../src/base/id.ts';
import type { Chart } from '../../../../src/domain/chart.ts';
import type { Demographics, PatientRecord } from '../../../../src/domain/patient/record.ts';
import { expressPatients } from '../../../../src/translate/to-fhir/patient.ts';
import { aChart, aContext, aMoment, anEvent, aRecord, aStay, said } from '../../../support/charts.ts';

const patients = (chart: Chart): Patient[] => expressPatients(chart, aContext).map(({ body }) => body);
const patient = (demographics: Demographics): Patient =>
  patients(aChart({ patient: aRecord({ statements: said(demographics) }), encounters: [] }))[0]!;

describe('Patient', () => {
  test('the sender’s identifier is unchanged, with the authority as its system', () => {
    expect(patients(aChart())[0]?.identifier).toEqual([
      {
        type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] },
        system: 'urn:oid:2.16.840.1.113883.19.5',
        value: 'MRN0001',
        assigner: { display: 'General Hospital' },
      },
    ]);
  });

  test('an unknown name says that it is unknown (us-core-6)', () => {
    const absent = [
      { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] },
    ];
    expect(patient({}).name).toEqual(absent);
    expect(patient({ names: [{ given: [], prefix: 'Dr' }] }).name).toEqual(absent);
    expect(patient({ names: [{ given: [], family: 'Okafor' }] }).name).toEqual([{ family: 'Okafor' }]);
  });

  test('an unknown gender is sent as unknown (US Core 6.1.0 requires one)', () => {
    expect(patient({}).gender).toBe('unknown');
  });

  test('nothing is said of what is not known', () => {
    const text = JSON.parse(JSON.stringify(patient({})));
    expect(Object.keys(text)).toEqual(['resourceType', 'id', 'meta', 'identifier', 'active', 'name', 'gender']);
  });

  test('a record without identifiers claims no profile and has no empty meta', () => {
    expect(patients(aChart({ patient: aRecord({ identifiers: [] }) }))[0]?.meta).toBeUndefined();
  });

  test('a confidential record is restricted', () => {
    expect(patient({ confidential: true }).meta?.security?.[0]?.code).toBe('R');
  });

  test('the time of birth stands beside the date', () => {
    const born = patient({ birthDate: '2026-11-01', birthTime: '2026-11-01T03:15:00-05:00' });
    expect(born.birthDate).toBe('2026-11-01');
    expect(born._birthDate?.extension?.[0]?.valueDateTime).toBe('2026-11-01T03:15:00-05:00');
  });

  test('a death is a time where one was given, else a fact', () => {
    expect(patient({ deceasedAt: aMoment('2026-11-20T14:55') }).deceasedDateTime).toBe('2026-11-20T14:55:00-05:00');
    expect(patient({ deceased: true }).deceasedBoolean).toBe(true);
    expect(patient({ deceased: false }).deceasedBoolean).toBe(false);
    expect(patient({}).deceasedBoolean).toBeUndefined();
    const died = aStay({ facts: { disposition: { code: '20', destination: 'expired' } } });
    expect(patients(aChart({ encounters: [died] }))[0]?.deceasedBoolean).toBe(true);
  });

  test('race has federal categories, detailed codes and a text', () => {
    const cdc = 'urn:oid:2.16.840.1.113883.6.238';
    const [race] = patient({
      race: [
        { system: cdc, code: '2106-3' },
        { system: cdc, code: '2108-9', text: 'European' },
        { code: 'X', text: 'Other' },
      ],
    }).extension!;
    expect(
      race?.extension?.map(({ url, valueCoding, valueString }) => [url, valueCoding?.code ?? valueString]),
    ).toEqual([
      ['ombCategory', '2106-3'],
      ['detailed', '2108-9'],
      ['text', 'White, European, Other'],
    ]);
  });

  test('a code with a wrong check digit is a word, not a code of the CDC', () => {
    const [race] = patient({ race: [{ system: 'urn:oid:2.16.840.1.113883.6.238', code: '1004-2' }] }).extension!;
    expect(race?.extension).toEqual([{ url: 'text', valueString: '1004-2' }]);
  });

  test('an identifier type that is not in table 0203 is a word', () => {
    const identifiers = [{ authority: 'urn:x', value: '1', type: 'MRN' }];
    expect(patients(aChart({ patient: aRecord({ identifiers }) }))[0]?.identifier?.[0]?.type).toEqual({ text: 'MRN' });
  });

  test('a merged record stays readable, inactive, and points at the survivor, which replaces it', () => {
    const merged = (id: string, into: string) =>
      aRecord({
        id: id as PatientId,
        statements: said({ gender: 'male' }, '10'),
        replacedBy: { patient: into as PatientId, order: '20' },
      });
    const [survivor, first, second] = patients(aChart({ retired: [merged('p-0', 'p-1'), merged('p-9', 'p-0')] }));
    expect(survivor).toMatchObject({ id: 'p-1', active: true, gender: 'female' });
    expect(survivor?.link).toEqual([
      { other: { reference: 'Patient/p-0' }, type: 'replaces' },
      { other: { reference: 'Patient/p-9' }, type: 'replaces' },
    ]);
    for (const retired of [first, second]) {
      expect(retired).toMatchObject({ active: false, gender: 'male' });
      expect(retired?.link).toEqual([{ other: { reference: 'Patient/p-1' }, type: 'replaced-by' }]);
    }
  });

  test('a person whom the sender deleted is no longer in use, until something newer is said', () => {
    const deleted = { value: true, order: '20' } as const;
    const of = (order: string, events: Parameters<typeof anEvent>[0][] = []) =>
      patients(
        aChart({
          patient: aRecord({ statements: { ...said({ gender: 'female' }, order), deleted } }),
          encounters: [],
          cases: [],
          episodes: [],
          events: events.map(anEvent),
        }),
      )[0];
    expect(of('10')).toMatchObject({ active: false, gender: 'female' });
    expect(of('20')).toMatchObject({ active: false });
    expect(of('30')).toMatchObject({ active: true });
    expect(of('10', [{ order: '15' }])).toMatchObject({ active: false });
    expect(of('10', [{ order: '25' }])).toMatchObject({ active: true });
  });

  test('deleting a number after its merge into another tidies up: the survivor stays in use', () => {
    const deleted = { value: true, order: '30' } as const;
    const retired = (statements: PatientRecord['statements']) =>
      aRecord({ id: 'p-0' as PatientId, statements, replacedBy: { patient: 'p-1' as PatientId, order: '20' } });
    const of = (own: PatientRecord['statements'], other: PatientRecord['statements']) =>
      patients(
        aChart({
          patient: aRecord({ statements: { ...said({ gender: 'female' }, '10'), ...own } }),
          retired: [retired({ ...said({ gender: 'male' }, '10'), ...other })],
          encounters: [],
          cases: [],
          episodes: [],
          events: [],
        }),
      ).map(({ active }) => active);
    expect(of({}, { deleted })).toEqual([true, false]);
    expect(of({}, { deleted: { ...deleted, order: '15' } })).toEqual([true, false]);
    expect(of({ deleted }, {})).toEqual([false, false]);
    expect(of({ deleted }, said({ gender: 'male' }, '40'))).toEqual([true, false]);
  });
});

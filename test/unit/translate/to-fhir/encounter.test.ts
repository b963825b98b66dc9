// Encounter and Condition: class, history, disposition, diagnoses that come and go.

import type { Condition, Encounter } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import type { Encounter as Stay } from '../../../../src/domain/encounter/stay.ts';
import { express } from '../../../../src/translate/to-fhir/express.ts';
import { aChart, aContext, aMoment, anEvent, aStay } from '../../../support/charts.ts';

const encounter = (stay: Partial<Stay> = {}): Encounter =>
  express(aChart({ encounters: [aStay(stay)] }), aContext).find(({ type }) => type === 'Encounter')!.body as Encounter;

describe('Encounter', () => {
  test('times are as precise as they were sent, with the offset of the place', () => {
    expect(encounter().period).toEqual({ start: '2026-11-18T09:15:00-05:00', end: '2026-11-20T15:00:00-05:00' });
    expect(encounter({ start: aMoment('2026-11-18T09') }).period?.start).toBe('2026-11-18');
  });

  test('a start after the end is left out (per-1)', () => {
    expect(encounter({ start: aMoment('2026-11-21') }).period).toEqual({ end: '2026-11-20T15:00:00-05:00' });
    expect(encounter({ start: aMoment('2026-11-20') }).period?.start).toBe('2026-11-20');
  });

  test('an unknown class is said to be unknown', () => {
    const { class: _class, ...facts } = aStay().facts;
    expect(encounter({ facts, classes: [] }).class).toMatchObject({ code: 'UNK' });
    expect(encounter({ facts, classes: [] }).type).toEqual([
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0007', code: 'E' }], text: 'Emergency' },
    ]);
  });

  test('without an admission type, the class names the kind of stay', () => {
    const { admissionType: _type, ...facts } = aStay().facts;
    expect(encounter({ facts }).type).toEqual([{ text: 'Inpatient stay' }]);
    expect(encounter({ facts: {}, classes: [] }).type).toEqual([{ text: 'Stay' }]);
  });

  test('past statuses and all classes are kept with their periods', () => {
    expect(encounter().statusHistory).toEqual([
      { status: 'in-progress', period: { start: '2026-11-18T09:15:00-05:00', end: '2026-11-20T15:00:00-05:00' } },
    ]);
    expect(encounter().classHistory).toHaveLength(1);
  });

  test('a leave of absence is a status of its own, now and in the history', () => {
    const away = aMoment('2026-11-19T10:00');
    const { status, statusHistory } = encounter({
      status: 'onleave',
      statuses: [
        { status: 'in-progress', from: aMoment('2026-11-18T09:15'), to: away },
        { status: 'onleave', from: away, to: aMoment('2026-11-19T18:00') },
        { status: 'in-progress', from: aMoment('2026-11-19T18:00'), to: aMoment('2026-11-20T09:00') },
        { status: 'onleave', from: aMoment('2026-11-20T09:00') },
      ],
    });
    expect(status).toBe('onleave');
    expect(statusHistory?.map((span) => span.status)).toEqual(['in-progress', 'onleave', 'in-progress']);
  });

  test.each([
    ['1', 'home', ['01', 'home']],
    ['03', 'snf', ['03', 'snf']],
    ['20', 'expired', ['20', 'exp']],
    ['07', 'home-against-advice', ['07', 'aadvice']],
    ['HOME', 'home', ['home']],
    ['30', 'still-patient', ['30']],
  ] as const)('a disposition %s (%s) keeps its code beside FHIR’s', (code, destination, codes) => {
    const disposition = encounter({ facts: { disposition: { code, destination } } }).hospitalization
      ?.dischargeDisposition;
    expect(disposition?.coding?.map((one) => one.code)).toEqual(codes);
    expect(disposition?.text).toBe(code);
  });

  test('a disposition of which nothing is known keeps the sender’s word', () => {
    const { hospitalization } = encounter({ facts: { disposition: { code: '?', destination: 'unknown' } } });
    expect(JSON.parse(JSON.stringify(hospitalization?.dischargeDisposition))).toEqual({ text: '?' });
  });

  test('former visit numbers are old identifiers', () => {
    const { identifier } = encounter({ formerVisits: [{ authority: 'urn:x', value: 'V99' }] });
    expect(identifier?.map(({ use, value }) => [use, value])).toEqual([
      [undefined, 'V100'],
      ['old', 'V99'],
    ]);
  });

  test('the bed is occupied, free again, or never was', () => {
    expect(encounter({ status: 'in-progress' }).location?.[0]?.status).toBe('active');
    expect(encounter().location?.[0]?.status).toBe('completed');
    expect(encounter({ status: 'onleave' }).location?.[0]?.status).toBe('reserved');
    expect(encounter({ status: 'cancelled' }).location?.[0]?.status).toBeUndefined();
    expect(encounter({ facts: { place: {} } }).location).toBeUndefined();
  });

  test('the attending practitioner takes part', () => {
    const [attending] = encounter().participant!;
    expect(attending?.type?.[0]?.coding?.[0]?.code).toBe('ATND');
    expect(attending?.individual?.display).toBe('Marta Reyes MD');
  });
});

describe('Condition', () => {
  const pneumonia = { code: { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'J18.9' }, role: 'AD' };
  const conditions = (stay: Partial<Stay>): [code: string, verification: string][] =>
    express(
      aChart({
        encounters: [aStay(stay)],
        events: [anEvent({ facts: { diagnoses: [pneumonia, ...aStay().facts.diagnoses!] } })],
      }),
      aContext,
    )
      .filter(({ type }) => type === 'Condition')
      .map(({ body }) => body as Condition)
      .map(({ code, verificationStatus }) => [code!.coding![0]!.code!, verificationStatus?.coding?.[0]?.code ?? '']);

  test('a diagnosis that a later snapshot leaves out was entered in error', () => {
    expect(conditions({})).toEqual([
      ['I50.9', ''],
      ['J18.9', 'entered-in-error'],
    ]);
  });

  test('all diagnoses deleted, all entered in error', () => {
    const { diagnoses: _all, ...facts } = aStay().facts;
    expect(conditions({ facts }).map(([, verification]) => verification)).toEqual([
      'entered-in-error',
      'entered-in-error',
    ]);
  });

  test('the diagnoses of a stay entered in error are too', () => {
    expect(conditions({ status: 'entered-in-error' })[0]).toEqual(['I50.9', 'entered-in-error']);
  });

  test('one code with two roles is one Condition, used twice', () => {
    const twice = [pneumonia, { ...pneumonia, role: 'DD' }];
    expect(conditions({ facts: { diagnoses: twice } }).filter(([code]) => code === 'J18.9')).toHaveLength(1);
    expect(encounter({ facts: { diagnoses: twice } }).diagnosis?.map(({ use }) => use?.coding?.[0]?.code)).toEqual([
      'AD',
      'DD',
    ]);
  });
});

// What holds of a person: the newest statement per field, and what records merged into theirs may still say.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EncounterId, PatientId } from '../../../../src/base/id.ts';
import type { Stay } from '../../../../src/domain/encounter/stay.ts';
import { deceasedOf } from '../../../../src/domain/patient/deceased.ts';
import { demographicsOf, ownDemographics, statementsOf } from '../../../../src/domain/patient/demographics.ts';
import type { Demographics, PatientRecord } from '../../../../src/domain/patient/record.ts';
import { aChart, aMoment, aRecord, aStay, said } from '../../../support/charts.ts';

const patient = (id: string): PatientId => id as PatientId;

const retiredRecord = (id: string, into: string, mergedAt: string, statements: PatientRecord['statements']) =>
  aRecord({ id: patient(id), statements, replacedBy: { patient: patient(into), order: mergedAt } });

/** The genders that a survivor with `own` and retired records show, by order of statement. */
function genderOf(own: PatientRecord['statements'], ...retired: PatientRecord[]): unknown {
  return demographicsOf(aChart({ patient: aRecord({ statements: own }), retired })).gender;
}

describe('demographics of a chart', () => {
  test('a value that was deleted is not shown', () => {
    expect(ownDemographics(aRecord({ statements: said({ gender: null, birthDate: '1951-04-09' }) }))).toEqual({
      birthDate: '1951-04-09',
    });
  });

  test('what was said of the retired record before the merge does not replace what the survivor says', () => {
    const retired = retiredRecord('p-0', 'p-1', '30', said({ gender: 'male' }, '20'));
    expect(genderOf(said({ gender: 'female' }, '10'), retired)).toBe('female');
  });

  test('what was said of the retired record before the merge counts where the survivor says nothing', () => {
    const retired = retiredRecord('p-0', 'p-1', '30', said({ gender: 'male' }, '20'));
    expect(genderOf({}, retired)).toBe('male');
  });

  test('a deletion by the survivor is a statement too', () => {
    const retired = retiredRecord('p-0', 'p-1', '30', said({ gender: 'male' }, '20'));
    expect(genderOf(said({ gender: null }, '10'), retired)).toBeUndefined();
  });

  test('what is said of the retired record after the merge is said of the survivor', () => {
    const retired = retiredRecord('p-0', 'p-1', '30', said({ gender: 'male' }, '40'));
    expect(genderOf(said({ gender: 'female' }, '10'), retired)).toBe('male');
    expect(genderOf(said({ gender: 'female' }, '50'), retired)).toBe('female');
  });

  test('merges follow each other', () => {
    const first = retiredRecord('p-a', 'p-b', '20', said({ gender: 'male' }, '25'));
    const second = retiredRecord('p-b', 'p-1', '30', said({ gender: 'other' }, '15'));
    expect(genderOf({}, first, second)).toBe('male');
    expect(genderOf(said({ gender: 'female' }, '10'), first, second)).toBe('female');
    const late = retiredRecord('p-a', 'p-b', '20', said({ gender: 'male' }, '35'));
    expect(genderOf(said({ gender: 'female' }, '10'), late, second)).toBe('male');
  });

  test('a circle of merges ends', () => {
    const one = retiredRecord('p-a', 'p-b', '20', said({ gender: 'male' }, '25'));
    const other = retiredRecord('p-b', 'p-a', '30', said({ gender: 'other' }, '15'));
    expect(genderOf(said({ gender: 'female' }), one, other)).toBe('female');
  });

  test('the order of the retired records does not matter', () => {
    const order = fc.integer({ min: 10, max: 99 }).map(String);
    const values = fc.record<Demographics>({
      gender: fc.constantFrom('female', 'male', null),
      birthDate: fc.constantFrom('1951', '1952', null),
    });
    const retired = fc
      .array(fc.tuple(values, order, order), { maxLength: 4 })
      .map((all) =>
        all.map(([value, at, merged], n) =>
          retiredRecord(`r-${n}`, 'p-1', `${merged}m${n}`, said(value, `${at}s${n}`)),
        ),
      );
    fc.assert(
      fc.property(values, order, retired, (own, at, all) => {
        const chart = aChart({ patient: aRecord({ statements: said(own, at) }), retired: all });
        expect(statementsOf({ ...chart, retired: [...all].reverse() })).toEqual(statementsOf(chart));
      }),
    );
  });
});

describe('whether the patient has died', () => {
  const of = (demographics: Demographics, ...stays: Parameters<typeof aStay>[0][]) =>
    deceasedOf(
      aChart({ patient: aRecord({ statements: said(demographics) }), encounters: stays.map((stay) => aStay(stay)) }),
    );
  const expired: Stay['facts'] = { disposition: { code: '20', destination: 'expired' } };

  test('as a sender says', () => {
    expect(of({})).toEqual({ deceased: false });
    expect(of({ deceased: false })).toEqual({ deceased: false });
    expect(of({ deceased: true })).toEqual({ deceased: true });
    const at = aMoment('2026-11-20T14:55');
    expect(of({ deceasedAt: at })).toEqual({ deceased: true, at });
  });

  test('as the destination of a discharge says; its time is not the time of death', () => {
    expect(of({}, { facts: expired })).toEqual({ deceased: true });
    expect(of({ deceased: false }, {}, { id: 'e-2' as EncounterId, facts: expired })).toEqual({ deceased: true });
  });

  test('not by a stay that is cancelled or never ended', () => {
    const [discharge] = aStay().discharges;
    expect(of({}, { facts: expired, status: 'cancelled' }).deceased).toBe(false);
    expect(of({}, { facts: expired, status: 'entered-in-error' }).deceased).toBe(false);
    expect(of({}, { facts: expired, discharges: [] }).deceased).toBe(false);
    expect(of({}, { facts: expired, discharges: [{ ...discharge!, cancelled: true }] }).deceased).toBe(false);
  });
});

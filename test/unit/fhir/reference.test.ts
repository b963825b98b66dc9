// References, ids and National Provider Identifiers.

import { describe, expect, test } from 'vitest';
import { isResourceId, parseReference, referenceTo } from '../../../src/fhir/reference.ts';
import { isNationalProvider } from '../../../src/fhir/us-core.ts';

describe('references (FHIR R4 references.html)', () => {
  const base = 'https://care.example/fhir/R4';

  test.each([
    ['Patient/1', { type: 'Patient', id: '1' }],
    ['Task/a-b.c/_history/3', { type: 'Task', id: 'a-b.c', version: '3' }],
    [`${base}/Patient/1`, { type: 'Patient', id: '1' }],
    ['https://other.example/Patient/1', undefined],
    [`${base}x/Patient/1`, undefined],
    ['#contained', undefined],
    ['Patient', undefined],
    ['patient/1', undefined],
    ['Patient/a_b', undefined],
    ['Patient/1/2', undefined],
    ['', undefined],
  ])('%s', (text, target) => {
    expect(parseReference(text, base)).toEqual(target);
    expect(parseReference(text, `${base}/`)).toEqual(target);
  });

  test('what was made can be read', () => {
    expect(parseReference(referenceTo('Encounter', 'e-1', 'a stay').reference!)).toEqual({
      type: 'Encounter',
      id: 'e-1',
    });
  });

  test('an id is 1 to 64 letters, digits, hyphens or dots (FHIR R4 datatypes.html#id)', () => {
    expect(['a', 'A-1.b', 'x'.repeat(64)].every(isResourceId)).toBe(true);
    expect(['', 'x'.repeat(65), 'a_b', 'a b', 'a/b', 'é', 'a\n'].some(isResourceId)).toBe(false);
  });

  test('a National Provider Identifier has ten digits, the last a check digit (us-core-17)', () => {
    expect(['1234567893', '1245319599'].every(isNationalProvider)).toBe(true);
    expect(['1234567890', '123456789', '12345678931', 'abcdefghij'].some(isNationalProvider)).toBe(false);
  });
});

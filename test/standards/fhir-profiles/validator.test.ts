// The validator goes red where it should: each row breaks one valid resource in one way and names the rule that says so.

import { describe, expect, test } from 'vitest';
import { examples } from '../../support/fhir-examples.ts';
import { structureDefinitions } from '../../support/fhir-validator/definitions.ts';
import { invariants, notTranslated, structureOnly } from '../../support/fhir-validator/invariants.ts';
import { codesOf } from '../../support/fhir-validator/required-codes.ts';
import { validate } from '../../support/fhir-validator/validate.ts';
import type { AnyResource } from './breakage.ts';
import { brokenInvariants } from './broken-invariants.ts';
import { brokenStructure } from './broken-structure.ts';

const all = examples();

/** A copy of the first example of a type, by preference from the plain discharge. */
const sample = (type: string): AnyResource => {
  const found = all.find(
    ([name, { resourceType }]) => resourceType === type && name.startsWith('a patient of whom every'),
  );
  const [, resource] = found ?? all.find(([, { resourceType }]) => resourceType === type)!;
  return JSON.parse(JSON.stringify(resource));
};

describe('the validator of our tests refuses', () => {
  test.each([...brokenStructure, ...brokenInvariants])('%s (%s)', (_what, type, rule, path, breakIt) => {
    const resource = sample(type);
    expect(validate(resource)).toEqual([]);
    breakIt(resource);
    expect(validate(resource)).toContainEqual(expect.objectContaining({ rule, path }));
  });
});

describe('the validator of our tests leaves out nothing by accident', () => {
  const applied = structureDefinitions.filter(({ type }) => !structureOnly.includes(type));

  test('every invariant of what we serve is translated, or left out for a reason', () => {
    const keys = new Set(
      applied
        .flatMap(({ snapshot }) => snapshot.element)
        .flatMap(({ constraint }) =>
          (constraint ?? []).filter(({ severity }) => severity === 'error').map(({ key }) => key),
        ),
    );
    expect(keys.size).toBeGreaterThan(40);
    expect([...keys].filter((key) => !(key in invariants) && !(key in notTranslated))).toEqual([]);
  });

  test('every required value set is known, and only those that cannot be listed are open', () => {
    const sets = new Set(
      applied
        .flatMap(({ snapshot }) => snapshot.element)
        .flatMap(({ binding }) =>
          binding?.strength === 'required' && binding.valueSet !== undefined ? [binding.valueSet] : [],
        ),
    );
    const open = [...sets].filter((url) => !codesOf(url)).map((url) => url.split('/').at(-1));
    expect(open.sort()).toEqual([
      ...['currencies', 'detailed-ethnicity', 'detailed-race', 'mimetypes', 'mimetypes|4.0.1'],
      'us-core-documentreference-type',
    ]);
  });
});

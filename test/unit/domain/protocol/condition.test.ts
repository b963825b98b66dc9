// Conditions over facts, known and unknown.

import { describe, expect, it } from 'vitest';
import { holds } from '../../../../src/domain/protocol/condition.ts';
import type { Condition, Facts } from '../../../../src/domain/protocol/protocol.ts';

const facts: Facts = {
  'encounter.class': 'IMP',
  'encounter.class-known': true,
  'encounter.destination': 'home',
  'patient.age': 71,
  'patient.deceased': false,
};
const yes: Condition = { fact: 'encounter.class', is: 'IMP' };
const no: Condition = { fact: 'encounter.class', is: 'EMER' };
const unknown: Condition = { fact: 'case.complexity', is: 'high' };

describe('a condition', () => {
  it.each<[Condition, boolean]>([
    [yes, true],
    [no, false],
    [{ fact: 'patient.deceased', is: false }, true],
    [{ fact: 'encounter.class', in: ['OBSENC', 'IMP'] }, true],
    [{ fact: 'encounter.class', in: ['OBSENC'] }, false],
    [{ fact: 'patient.age', 'at-least': 71 }, true],
    [{ fact: 'patient.age', 'at-least': 72 }, false],
    [{ fact: 'patient.age', 'at-most': 71 }, true],
    [{ fact: 'patient.age', 'at-most': 70 }, false],
    [{ fact: 'patient.age', is: '71' }, false],
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ not: no }, true],
    [{ all: [{ any: [no, { not: no }] }, { not: { all: [yes, no] } }] }, true],
  ])('%j is %s', (condition, expected) => {
    expect(holds(condition, facts)).toBe(expected);
  });

  it.each<Condition>([
    unknown,
    { fact: 'case.complexity', in: ['high', 'low'] },
    { fact: 'encounter.disposition', is: '01' },
    { any: [unknown] },
  ])('%j is not met by a fact that is not known, and its opposite is', (condition) => {
    expect(holds(condition, facts)).toBe(false);
    expect(holds({ not: condition }, facts)).toBe(true);
  });

  it('on an unknown number is met by neither bound', () => {
    const { 'patient.age': _age, ...rest } = facts;
    expect(holds({ fact: 'patient.age', 'at-least': 0 }, rest)).toBe(false);
    expect(holds({ fact: 'patient.age', 'at-most': 200 }, rest)).toBe(false);
  });
});

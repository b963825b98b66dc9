// Allergies: the latest word on each, and full lists that take back what they leave out, whatever the order of arrival.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allergiesOf, sayAllergies } from '../../../../src/domain/patient/allergies.ts';
import type { AllergySaying } from '../../../../src/domain/patient/allergy.ts';
import type { PatientRecord } from '../../../../src/domain/patient/record.ts';
import { aRecord } from '../../../support/charts.ts';

const allergy = (text: string) => ({ code: { text }, reactions: [] });
const list = (...texts: string[]): AllergySaying => ({
  partner: 'one',
  mode: 'snapshot',
  said: texts.map((text) => ({ allergy: allergy(text), act: 'holds' })),
});
const action = (act: 'holds' | 'removed', text: string, partner = 'one'): AllergySaying => ({
  partner,
  mode: 'actions',
  said: [{ allergy: allergy(text), act }],
});
type Said = readonly [order: string, saying: AllergySaying];
const after = (said: readonly Said[]): PatientRecord =>
  said.reduce((record, [order, saying]) => sayAllergies(record, saying, order), aRecord());
const active = (...said: Said[]): string[] =>
  allergiesOf([after(said)])
    .filter(({ isActive }) => isActive)
    .map(({ code }) => code.text ?? '');

describe('allergies', () => {
  it('a list takes back what it leaves out, which stays known as inactive', () => {
    const said: Said[] = [
      ['1', list('peanut', 'latex')],
      ['2', list('latex')],
    ];
    expect(active(...said)).toEqual(['latex']);
    expect(allergiesOf([after(said)]).map(({ code, isActive }) => [code.text, isActive])).toEqual([
      ['latex', true],
      ['peanut', false],
    ]);
  });

  it('an older list that arrives late takes nothing back', () => {
    expect(active(['2', list('latex', 'peanut')], ['1', list('latex')])).toEqual(['latex', 'peanut']);
    expect(active(['2', action('holds', 'egg')], ['1', list('latex')])).toEqual(['egg', 'latex']);
  });

  it('an empty list takes all back; another sender’s are its own', () => {
    expect(active(['1', list('latex')], ['2', list()])).toEqual([]);
    expect(active(['1', action('holds', 'egg', 'two')], ['2', list()])).toEqual(['egg']);
  });

  it('single ones are added, taken back and told again', () => {
    expect(active(['1', action('holds', 'egg')], ['2', action('removed', 'Egg ')])).toEqual([]);
    expect(active(['2', action('removed', 'egg')], ['1', action('holds', 'egg')])).toEqual([]);
    expect(active(['1', action('removed', 'egg')], ['2', action('holds', 'egg')])).toEqual(['egg']);
  });

  it('a word that repeats what is known changes nothing', () => {
    const record = after([['1', list('latex')]]);
    expect(sayAllergies(record, list('latex'), '1')).toBe(record);
    expect(sayAllergies(record, action('removed', 'latex'), '0')).toBe(record);
  });

  it('any order and any repetition ends in the same record', () => {
    const saying = fc.oneof(
      fc.subarray(['egg', 'latex', 'peanut']).map((texts) => list(...texts)),
      fc
        .tuple(
          fc.constantFrom('holds' as const, 'removed' as const),
          fc.constantFrom('egg', 'latex'),
          fc.constantFrom('one', 'two'),
        )
        .map(([act, text, partner]) => action(act, text, partner)),
    );
    const story = fc.array(saying, { maxLength: 8 }).map((all) => all.map((each, at): Said => [String(at), each]));
    fc.assert(
      fc.property(
        story.chain((said) =>
          fc.tuple(fc.constant(said), fc.shuffledSubarray(said, { minLength: said.length }), fc.subarray(said)),
        ),
        ([said, other, again]) => {
          expect(JSON.stringify(after([...other, ...again]))).toBe(JSON.stringify(after(said)));
        },
      ),
      { numRuns: 500 },
    );
  });
});

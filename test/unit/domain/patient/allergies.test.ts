// Allergies: the latest word on each, and full lists that take back what they leave out, whatever the order of arrival
// and whichever records were merged meanwhile.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PatientId } from '../../../../src/base/id.ts';
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

describe('allergies of records that were merged', () => {
  const record = (id: string, into?: string, at = ''): PatientRecord =>
    aRecord({
      id: id as PatientId,
      ...(into !== undefined && { replacedBy: { patient: into as PatientId, order: at } }),
    });
  const tell = (start: PatientRecord, ...said: Said[]): PatientRecord =>
    said.reduce((known, [order, saying]) => sayAllergies(known, saying, order), start);
  const activeOf = (...records: PatientRecord[]): string[] =>
    allergiesOf(records)
      .filter(({ isActive }) => isActive)
      .map(({ code }) => code.text ?? '');

  it('a list takes back nothing that another record was told before the merge', () => {
    const b = tell(record('b', 'a', '3'), ['1', list('Penicillin')]);
    const a = tell(record('a'), ['2', list('Latex')]);
    expect(activeOf(a, b)).toEqual(['Latex', 'Penicillin']);
    expect(activeOf(b, a)).toEqual(['Latex', 'Penicillin']);
  });

  it('a list after the merge, of either record, takes back what it leaves out of both', () => {
    const b = tell(record('b', 'a', '3'), ['1', list('Penicillin')]);
    expect(activeOf(tell(record('a'), ['2', list('Latex')], ['4', list('Latex')]), b)).toEqual(['Latex']);
    expect(activeOf(tell(record('a'), ['2', list('Latex')]), tell(b, ['4', list('Egg')]))).toEqual(['Egg']);
  });

  it('one that is taken back counts for the other record only after the merge', () => {
    const b = tell(record('b', 'a', '3'), ['1', action('holds', 'egg')]);
    expect(activeOf(tell(record('a'), ['2', action('removed', 'egg')]), b)).toEqual(['egg']);
    expect(activeOf(tell(record('a'), ['4', action('removed', 'egg')]), b)).toEqual([]);
  });

  it('merges follow each other: each record counts from the merge that brought it in', () => {
    const c = tell(record('c', 'b', '2'), ['1', list('egg')]);
    const b = tell(record('b', 'a', '6'), ['3', action('holds', 'latex')]);
    const a = (order: string) => tell(record('a'), [order, list('peanut')]);
    expect(activeOf(a('5'), b, c)).toEqual(['egg', 'latex', 'peanut']);
    expect(activeOf(a('7'), b, c)).toEqual(['peanut']);
    expect(activeOf(a('5'), tell(b, ['4', list('latex')]), c)).toEqual(['latex', 'peanut']);
  });

  it('a circle of merges ends', () => {
    const a = tell(record('a', 'b', '3'), ['1', list('egg')]);
    expect(activeOf(a, tell(record('b', 'a', '2'), ['4', list('latex')]))).toEqual(['latex']);
  });

  it('ends as it was lived, in any order of arrival and of the records', () => {
    const ids = ['a', 'b', 'c'] as const;
    const said = fc.record({
      of: fc.constantFrom(...ids),
      saying: fc.oneof(
        fc.subarray(['egg', 'latex', 'peanut']).map((texts) => list(...texts)),
        fc
          .tuple(
            fc.constantFrom('holds' as const, 'removed' as const),
            fc.constantFrom('egg', 'latex'),
            fc.constantFrom('one', 'two'),
          )
          .map(([act, text, partner]) => action(act, text, partner)),
      ),
    });
    const story = fc.record({
      steps: fc.array(said, { maxLength: 10 }),
      /** Into whom, and before which step. */
      merges: fc.tuple(
        fc.record({ into: fc.constantFrom('a'), before: fc.nat({ max: 10 }) }),
        fc.record({ into: fc.constantFrom('a', 'b'), before: fc.nat({ max: 10 }) }),
      ),
    });
    fc.assert(
      fc.property(
        story.chain((told) =>
          fc.tuple(
            fc.constant(told),
            fc.shuffledSubarray(
              told.steps.map((step, at) => ({ ...step, order: `${String(at).padStart(2, '0')}.5` })),
              {
                minLength: told.steps.length,
              },
            ),
            fc.shuffledSubarray([...ids], { minLength: 3 }),
          ),
        ),
        ([{ steps, merges }, shuffled, order]) => {
          const mergedAt = (before: number) => `${String(before).padStart(2, '0')}.1`;
          const records = order.map((id) => {
            const merge = id === 'b' ? merges[0] : id === 'c' ? merges[1] : undefined;
            const start = merge ? record(id, merge.into, mergedAt(merge.before)) : record(id);
            return shuffled
              .filter(({ of }) => of === id)
              .reduce((known, { saying, order: at }) => sayAllergies(known, saying, at), start);
          });
          expect(activeOf(...records).sort()).toEqual(lived(steps, merges));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  /** Step by step, in the order in which it happened; what is said of one record is said of all merged with it by then. */
  function lived(
    steps: readonly { readonly of: string; readonly saying: AllergySaying }[],
    merges: readonly { readonly into: string; readonly before: number }[],
  ): string[] {
    const held = new Map<string, Set<string>>(['a', 'b', 'c'].map((id) => [id, new Set()]));
    const family = (of: string, at: number): string[] => {
      const found = new Set([of]);
      for (let size = 0; size < found.size; ) {
        size = found.size;
        merges.forEach(({ into, before }, index) => {
          const pair = [['b', 'c'][index] as string, into];
          if (before <= at && pair.some((id) => found.has(id))) for (const id of pair) found.add(id);
        });
      }
      return [...found];
    };
    steps.forEach(({ of, saying: { partner, mode, said } }, at) => {
      for (const id of family(of, at)) {
        const own = held.get(id) as Set<string>;
        if (mode === 'snapshot') for (const key of [...own]) if (key.startsWith(partner)) own.delete(key);
        for (const { allergy: one, act } of said) if (act === 'removed') own.delete(`${partner}|${one.code.text}`);
      }
      for (const { allergy: one, act } of said) if (act === 'holds') held.get(of)?.add(`${partner}|${one.code.text}`);
    });
    return [...new Set([...held.values()].flatMap((own) => [...own]))].map((key) => key.split('|')[1] as string).sort();
  }
});

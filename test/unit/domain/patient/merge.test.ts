// Merges, partings and links as statements: which record stands follows from the set of them alone.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PatientId } from '../../../../src/base/id.ts';
import { link, linkedWith, merge, part } from '../../../../src/domain/patient/merge.ts';
import type { PatientRecord } from '../../../../src/domain/patient/record.ts';
import { survivorOf } from '../../../../src/domain/patient/survivor.ts';
import { aRecord } from '../../../support/charts.ts';

type Act = readonly [kind: 'merge' | 'part' | 'link', a: number, b: number, at: number];
const names = ['p-a', 'p-b', 'p-c', 'p-d'] as PatientId[];

function after(acts: readonly Act[]): ReadonlyMap<PatientId, PatientRecord> {
  const records = new Map(names.map((id) => [id, aRecord({ id })]));
  const of = (at: number): PatientRecord => records.get(names[at] as PatientId) as PatientRecord;
  for (const [kind, a, b, at] of acts) {
    const order = String(at).padStart(3, '0');
    const changed =
      kind === 'merge' ? [merge(of(a), of(b).id, order)] : (kind === 'part' ? part : link)(of(a), of(b), order);
    for (const record of changed) records.set(record.id, record);
  }
  return records;
}

function stands(acts: readonly Act[]): string[] {
  const records = after(acts);
  const find = (id: PatientId): PatientRecord => records.get(id) as PatientRecord;
  return names.map((id) => survivorOf(find(id), find).id);
}

const [a, b, c, d] = [0, 1, 2, 3] as const;

describe('who stands', () => {
  test.each<[string, Act[], string[]]>([
    ['nobody is merged with themselves', [['merge', a, a, 1]], ['p-a', 'p-b', 'p-c', 'p-d']],
    [
      'a chain ends with the last',
      [
        ['merge', a, b, 1],
        ['merge', b, c, 2],
      ],
      ['p-c', 'p-c', 'p-c', 'p-d'],
    ],
    [
      'a reversed merge makes the other stand',
      [
        ['merge', a, b, 1],
        ['merge', b, a, 2],
      ],
      ['p-a', 'p-a', 'p-c', 'p-d'],
    ],
    [
      'of a circle the oldest link does not count',
      [
        ['merge', a, b, 1],
        ['merge', b, c, 2],
        ['merge', c, a, 3],
      ],
      ['p-a', 'p-a', 'p-a', 'p-d'],
    ],
    [
      'a later merge corrects an earlier one',
      [
        ['merge', a, b, 1],
        ['merge', a, c, 2],
      ],
      ['p-c', 'p-b', 'p-c', 'p-d'],
    ],
    [
      'a parting undoes the merge of the two',
      [
        ['merge', a, b, 1],
        ['part', b, a, 2],
      ],
      ['p-a', 'p-b', 'p-c', 'p-d'],
    ],
    [
      'a parting older than the merge does not',
      [
        ['part', a, b, 1],
        ['merge', a, b, 2],
      ],
      ['p-b', 'p-b', 'p-c', 'p-d'],
    ],
    [
      'what a parting undoes gives way to the merge before it',
      [
        ['merge', a, d, 1],
        ['merge', a, b, 2],
        ['part', a, b, 3],
      ],
      ['p-d', 'p-b', 'p-c', 'p-d'],
    ],
  ])('%s', (_, acts, expected) => {
    expect(stands(acts)).toEqual(expected);
  });

  const acts = fc
    .uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 12 })
    .chain((orders) =>
      fc.tuple(
        ...orders.map((at) =>
          fc.tuple(
            fc.constantFrom('merge' as const, 'merge' as const, 'part' as const, 'link' as const),
            fc.nat(3),
            fc.nat(3),
            fc.constant(at),
          ),
        ),
      ),
    );

  test('does not depend on the order of arrival, nor on repetition', () => {
    fc.assert(
      fc.property(
        acts.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
        ),
        ([all, shuffled]) => {
          expect([...after(shuffled)]).toEqual([...after([...all].sort((x, y) => x[3] - y[3]))]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('somebody always stands, and everybody else leads to one who does', () => {
    fc.assert(
      fc.property(acts, (all) => {
        const standing = stands(all);
        for (const id of standing) expect(standing[names.indexOf(id as PatientId)]).toBe(id);
      }),
    );
  });
});

test('a link joins nobody, holds for both, and a later parting ends it', () => {
  const linked = after([['link', a, b, 1]]);
  expect(names.map((id) => linkedWith(linked.get(id) as PatientRecord))).toEqual([['p-b'], ['p-a'], [], []]);
  expect(stands([['link', a, b, 1]])).toEqual(names);
  const parted = after([
    ['link', a, b, 1],
    ['part', a, b, 2],
  ]);
  expect(names.flatMap((id) => linkedWith(parted.get(id) as PatientRecord))).toEqual([]);
});

// What a visit is called now: renames and merges of visits followed to the end, also around circles.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Identifier } from '../../../../src/domain/code.ts';
import { namesOf } from '../../../../src/domain/encounter/home.ts';
import { visitNames } from '../../../../src/domain/encounter/visit-names.ts';
import { anEvent } from '../../../support/charts.ts';

const visit = (value: string): Identifier => ({ authority: 'urn:v', value });
const renames = (...pairs: readonly string[]) =>
  pairs.map((pair, at) => {
    const [former = '', now = ''] = pair.split('>');
    return anEvent({ id: String(at), kind: 'renamed', formerVisit: visit(former), visit: visit(now) });
  });
const nameOf = (value: string, ...pairs: readonly string[]): string =>
  visitNames(renames(...pairs))(visit(value)).replace('urn:v|', '');

test.each<[string, string, string[]]>([
  ['A', 'A', []],
  ['A', 'C', ['A>B', 'B>C']],
  ['C', 'C', ['A>B', 'B>C']],
  ['A', 'C', ['A>B', 'A>C']],
  ['A', 'A', ['A>A']],
  ['A', 'A', ['A>B', 'B>A']],
  ['B', 'A', ['A>B', 'B>A']],
  ['B', 'A', ['A>B', 'B>C', 'C>A']],
  ['D', 'A', ['A>B', 'B>A', 'D>B']],
])('%s is called %s after %j', (value, expected, pairs) => {
  expect(nameOf(value, ...pairs)).toBe(expected);
});

const name = fc.constantFrom('A', 'B', 'C', 'D');
const pairs = fc.array(
  fc.tuple(name, name).map(([former, now]) => `${former}>${now}`),
  { maxLength: 8 },
);

test('what a name leads to leads to itself, and is one of the names that belong together', () => {
  fc.assert(
    fc.property(name, pairs, (value, all) => {
      const now = nameOf(value, ...all);
      expect(nameOf(now, ...all)).toBe(now);
      expect(namesOf([visit(value)], renames(...all))).toContain(`urn:v|${now}`);
    }),
  );
});

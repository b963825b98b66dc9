// Tails of the Poisson distribution: known values, and what must hold of any.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atLeast, atMost } from '../../../../src/domain/silence/poisson.ts';

const mean = fc.double({ min: 0.01, max: 5_000, noNaN: true });
const count = fc.nat(5_000);

test.each([
  [0, 2, 0.135335283],
  [1, 2, 0.40600585],
  [3, 10, 0.010336051],
  [0, 6.9, 0.001007785],
  [80, 100, 0.022649177],
  [1_000, 1_000, 0.508409367],
])('at most %d of %d', (few, of, probability) => {
  expect(atMost(few, of)).toBeCloseTo(probability, 8);
});

test('both tails make the whole', () => {
  fc.assert(
    fc.property(count, mean, (n, of) => {
      expect(atMost(n, of) + atLeast(n + 1, of)).toBeCloseTo(1, 9);
    }),
  );
});

test('more messages are never less probable to be exceeded: it rises with the count and falls with the mean', () => {
  fc.assert(
    fc.property(count, mean, fc.double({ min: 0, max: 100, noNaN: true }), (n, of, more) => {
      expect(atMost(n + 1, of)).toBeGreaterThanOrEqual(atMost(n, of) - 1e-12);
      expect(atMost(n, of + more)).toBeLessThanOrEqual(atMost(n, of) + 1e-9);
    }),
  );
});

test('it stays a probability, at the ends too', () => {
  expect([atMost(-1, 3), atMost(0, 0), atLeast(0, 3), atLeast(1, 0)]).toEqual([0, 1, 1, 0]);
  fc.assert(
    fc.property(count, mean, (n, of) => {
      expect(atMost(n, of)).toBeGreaterThanOrEqual(-1e-12);
      expect(atMost(n, of)).toBeLessThanOrEqual(1);
    }),
  );
});

// The time of a hostile feed is the same wherever it is sent again from: it says its zone.

import { expect, test } from 'vitest';
import { readOptions } from '../../scripts/torture/options.ts';

const atOf = (at: string): number | undefined => readOptions(['--own', '--at', at]).at;

test.each([
  ['2026-11-28T14:00Z', '2026-11-28T14:00:00.000Z'],
  ['2026-11-28T14:00:30.5Z', '2026-11-28T14:00:30.500Z'],
  ['2026-11-28T09:00-05:00', '2026-11-28T14:00:00.000Z'],
])('--at %s is %s', (given, meant) => {
  expect(atOf(given)).toBe(Date.parse(meant));
});

test.each([
  '2026-11-28T14:00',
  '2026-11-28',
  '2026-11-28 14:00Z',
  '28 Nov 2026 14:00 GMT',
  '2026-02-30T14:00Z',
  '2026-11-28T25:00Z',
])('--at %s is refused, with what would be right', (given) => {
  expect(() => atOf(given)).toThrow('--at should be a time with Z or its offset, such as 2026-11-28T14:00Z');
});

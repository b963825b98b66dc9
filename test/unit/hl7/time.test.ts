// Times as HL7 writes them (v2.5.1 ch. 2.A.22, 2.A.77), and as some senders do.

import { expect, test } from 'vitest';
import { readTime } from '../../../src/hl7/time.ts';

const second = { year: 2026, month: 11, day: 20, hour: 15, minute: 4, second: 5 };

test.each([
  ['2026', { precision: 'year', year: 2026 }],
  ['202611', { precision: 'month', year: 2026, month: 11 }],
  ['20261120', { precision: 'day', year: 2026, month: 11, day: 20 }],
  ['2026112015', { precision: 'hour', year: 2026, month: 11, day: 20, hour: 15 }],
  ['202611201504', { precision: 'minute', year: 2026, month: 11, day: 20, hour: 15, minute: 4 }],
  ['20261120150405', { precision: 'second', ...second }],
  ['20261120150405.6', { precision: 'fraction', ...second, millis: 600 }],
  ['20261120150405.6789', { precision: 'fraction', ...second, millis: 678 }],
  ['20261120150405-0500', { precision: 'second', ...second, offsetMinutes: -300 }],
  ['20261120150405+0530', { precision: 'second', ...second, offsetMinutes: 330 }],
  ['20261120150405-0000', { precision: 'second', ...second, offsetMinutes: 0 }],
  ['20261120+0100', { precision: 'day', year: 2026, month: 11, day: 20, offsetMinutes: 60 }],
  ['20261120150405Z', { precision: 'second', ...second, offsetMinutes: 0 }],
  [' 20261120 ', { precision: 'day', year: 2026, month: 11, day: 20 }],
  ['20261120150405^S', { precision: 'second', ...second }],
  ['2026-11-20T15:04:05', { precision: 'second', ...second }],
  ['2026-11-20T15:04:05.25-05:00', { precision: 'fraction', ...second, millis: 250, offsetMinutes: -300 }],
  ['2026-11-20 15:04', { precision: 'minute', year: 2026, month: 11, day: 20, hour: 15, minute: 4 }],
  ['2026-11-20', { precision: 'day', year: 2026, month: 11, day: 20 }],
  ['20240229', { precision: 'day', year: 2024, month: 2, day: 29 }],
  ['20000229', { precision: 'day', year: 2000, month: 2, day: 29 }],
  ['20261120240000', { precision: 'second', ...second, day: 21, hour: 0, minute: 0, second: 0, isAdjusted: true }],
  ['2026113024', { precision: 'hour', year: 2026, month: 12, day: 1, hour: 0, isAdjusted: true }],
  ['202612312400', { precision: 'minute', year: 2027, month: 1, day: 1, hour: 0, minute: 0, isAdjusted: true }],
  [
    '20261231235960',
    { precision: 'second', year: 2026, month: 12, day: 31, hour: 23, minute: 59, second: 59, isAdjusted: true },
  ],
])('%s', (text, time) => {
  expect(readTime(text)).toEqual({ text, ...time });
});

test.each([
  '',
  '""',
  '0000',
  '00000000',
  '202',
  '20261',
  '2026112',
  '202611201',
  '20261120150',
  '2026112015040',
  '202611201504051',
  '20261300',
  '20260001',
  '20261301',
  '20261132',
  '20261100',
  '20260230',
  '20260431',
  '19000229',
  '2026112025',
  '202611202401',
  '202611201560',
  '20261120150461',
  '20261120150405.',
  '20261120150405+1500',
  '20261120150405+0060',
  '20261120150405+05',
  '2026-13-01',
  '2026/11/20',
  '11/20/2026',
  'today',
  '9'.repeat(100_000),
])('%j is no time', (text) => {
  expect(readTime(text)).toBeUndefined();
});

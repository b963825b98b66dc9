// Stays that nobody ended, and shares of messages that rise.

import { expect, test } from 'vitest';
import { risen } from '../../../../src/domain/silence/share.ts';
import { daysFor, isOverlong, missedEnd, type StayEvent } from '../../../../src/domain/silence/stays.ts';

const day = 86_400_000;
const daysMax = { IMP: 30, OBSENC: 3 };
const stay = (code: string | undefined, ...events: StayEvent[]) => ({
  encounter: 'e',
  class: code,
  startedAt: 0,
  events,
});

test('a stay is overlong by the days of its class; an unknown class is as inpatient', () => {
  expect([daysFor(daysMax, 'OBSENC'), daysFor(daysMax, 'VR'), daysFor(daysMax, undefined)]).toEqual([3, 30, 30]);
  expect([isOverlong(stay('OBSENC'), daysMax, 3 * day - 1), isOverlong(stay('OBSENC'), daysMax, 3 * day)]).toEqual([
    false,
    true,
  ]);
});

const says = (more: Partial<StayEvent>): StayEvent => ({ kind: 'updated', happenedAt: 10 * day, ...more });

test.each([
  ['a planned discharge that passed more than a day ago', [says({ dischargedAt: 12 * day })], 'discharge-time'],
  ['one that passed just a day ago', [says({ dischargedAt: 19 * day })], undefined],
  ['one that was moved', [says({ dischargedAt: 12 * day }), says({ dischargedAt: 30 * day })], undefined],
  ['one that was taken back', [says({ dischargedAt: 12 * day }), says({ dischargedAt: null })], undefined],
  [
    'one before a cancelled discharge',
    [says({ dischargedAt: 12 * day, hasLeft: true }), says({ kind: 'discharge-cancelled' })],
    undefined,
  ],
  [
    'a disposition that stands',
    [says({ hasLeft: true }), says({ hasLeft: true, happenedAt: 19.5 * day })],
    'disposition',
  ],
  ['a disposition that says still a patient', [says({ hasLeft: true }), says({ hasLeft: false })], undefined],
  ['a disposition with a plan for later', [says({ hasLeft: true, dischargedAt: 25 * day })], undefined],
  ['nothing', [says({})], undefined],
])('%s', (_name, events, by) => {
  expect(missedEnd(stay('IMP', ...events), 20 * day)?.by).toBe(by);
});

test('a share rises against the feed’s own history, with enough of them', () => {
  const before = { bad: 10, all: 10_000 };
  expect(risen({ bad: 5, all: 100 }, before)).toMatchObject({ bad: 5, all: 100 });
  expect(risen({ bad: 4, all: 100 }, before)).toBeUndefined();
  expect(risen({ bad: 5, all: 5 }, before)).toBeUndefined();
  expect(risen({ bad: 20, all: 100 }, { bad: 1_500, all: 10_000 })).toBeUndefined();
});

test('with little history one in twenty is usual', () => {
  expect(risen({ bad: 6, all: 100 }, { bad: 0, all: 0 })).toBeUndefined();
  expect(risen({ bad: 40, all: 100 }, { bad: 0, all: 0 })).toBeDefined();
});

// A visit number that comes back: within a year it is the same stay, after a year another (decision 22, F-26).

import { describe, expect, it } from 'vitest';
import type { EncounterEventKind, StayFacts } from '../../../../src/domain/encounter/event.ts';
import { foldStays } from '../../../../src/domain/encounter/timeline.ts';
import { anEvent, hour, inpatient, to } from '../../../support/events.ts';

const first = [anEvent('admitted', 5, inpatient), anEvent('discharged', 50, to('home'))];
const day = 24;
const after = (days: number) => 50 + days * day;
const staysWith = (kind: EncounterEventKind, at: number, facts: StayFacts = {}) =>
  foldStays([...first, anEvent(kind, at, facts)]).length;

describe('after a year', () => {
  it.each(['admitted', 'registered', 'pre-admitted', 'discharged'] as const)('%s begins another stay', (kind) => {
    expect(staysWith(kind, after(366))).toBe(2);
    expect(staysWith(kind, after(364))).toBe(1);
  });

  it.each(['discharged', 'class-changed', 'transferred', 'updated', 'leave-began', 'leave-ended'] as const)(
    '%s that tells a later admission, or a later discharge, is of another stay',
    (kind) => {
      expect(staysWith(kind, after(370), { admittedAt: hour(after(366)) })).toBe(2);
      expect(staysWith(kind, after(370), { dischargedAt: hour(after(369)) })).toBe(2);
      expect(staysWith(kind, after(370), { admittedAt: hour(after(364)) })).toBe(1);
      expect(staysWith(kind, after(370), { admittedAt: hour(5), dischargedAt: hour(after(366)) })).toBe(1);
    },
  );

  it.each(['class-changed', 'transferred', 'updated', 'leave-began', 'doctors-changed'] as const)(
    '%s that tells of no time is a late word on the stay that was',
    (kind) => expect(staysWith(kind, after(400))).toBe(1),
  );

  it.each([
    'discharge-cancelled',
    'admission-cancelled',
    'transfer-cancelled',
    'pre-admission-cancelled',
    'deleted',
  ] as const)('%s concerns the stay that was, whatever it tells', (kind) =>
    expect(staysWith(kind, after(400), { admittedAt: hour(after(399)) })).toBe(1),
  );

  it('the whole of the other stay is one, in whichever order it arrives', () => {
    const next = [
      anEvent('updated', after(401), { admittedAt: hour(after(400)) }),
      anEvent('discharged', after(405), {
        ...to('home'),
        admittedAt: hour(after(400)),
        dischargedAt: hour(after(405)),
      }),
      anEvent('class-changed', after(402), { ...inpatient, admittedAt: hour(after(400)) }),
    ];
    const stays = foldStays([...next, ...first]);
    expect(stays.map(({ status, start, end }) => [status, start, end])).toEqual([
      ['finished', hour(5), hour(50)],
      ['finished', hour(after(400)), hour(after(405))],
    ]);
  });

  it('what straggles in for the stay that was, by its time of admission, does not touch the one that is', () => {
    const next = anEvent('admitted', after(400), inpatient);
    const late = anEvent('updated', after(401), { ...to('snf', '03'), admittedAt: hour(5) });
    const undone = anEvent('discharge-cancelled', after(402), { admittedAt: hour(5) });
    const [was, is] = foldStays([...first, next, late]);
    expect(was).toMatchObject({ status: 'finished', facts: { disposition: { code: '03' } } });
    expect(is).toMatchObject({ status: 'in-progress', start: hour(after(400)), events: [next.id] });
    expect(foldStays([...first, next, undone]).map(({ status }) => status)).toEqual(['in-progress', 'in-progress']);
  });

  it('of a stay that was called off, too', () => {
    const off = [anEvent('pre-admitted', 1), anEvent('pre-admission-cancelled', 2)];
    expect(foldStays([...off, anEvent('admitted', after(400), inpatient)]).map(({ status }) => status)).toEqual([
      'cancelled',
      'in-progress',
    ]);
    expect(foldStays([...off, anEvent('admitted', 20, inpatient)])).toHaveLength(1);
  });

  it('a stay that goes on is one, however long', () => {
    expect(foldStays([anEvent('admitted', 5, inpatient), anEvent('discharged', after(900), to('home'))])).toHaveLength(
      1,
    );
  });
});

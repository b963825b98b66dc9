// The fold of encounter events: statuses, cancels, late, repeated and reordered events.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stay } from '../../../../src/domain/encounter/stay.ts';
import { foldStays } from '../../../../src/domain/encounter/timeline.ts';
import { anEvent, emergency, hour, inpatient, someEvents, to } from '../../../support/events.ts';

const only = (stays: readonly Stay[]): Stay => {
  expect(stays).toHaveLength(1);
  return stays[0] as Stay;
};

describe('the timeline of one visit', () => {
  it('goes from planned to in progress to finished', () => {
    const stay = only(
      foldStays([anEvent('pre-admitted', 0, inpatient), anEvent('admitted', 5), anEvent('discharged', 50, to('home'))]),
    );
    expect(stay.status).toBe('finished');
    expect(stay.statuses.map((span) => span.status)).toEqual(['planned', 'in-progress', 'finished']);
    expect(stay.start).toEqual(hour(5));
    expect(stay.end).toEqual(hour(50));
  });

  it('a late A01 does not take a discharge back', () => {
    const admitted = anEvent('admitted', 5, inpatient);
    const discharged = anEvent('discharged', 50, to('home'));
    expect(foldStays([discharged, admitted])).toEqual(foldStays([admitted, discharged]));
    expect(only(foldStays([discharged, anEvent('admitted', 60, inpatient)])).status).toBe('finished');
  });

  it('A13 revokes the discharge and clears disposition and end; a later A03 is another discharge', () => {
    const story = [
      anEvent('admitted', 5, inpatient),
      anEvent('discharged', 50, to('home')),
      anEvent('discharge-cancelled', 52),
    ];
    const cancelled = only(foldStays(story));
    expect(cancelled.status).toBe('in-progress');
    expect(cancelled.end).toBeUndefined();
    expect(cancelled.facts.disposition).toBeUndefined();
    expect(cancelled.discharges).toMatchObject([{ cancelled: true, cancelledAt: hour(52) }]);
    const again = only(foldStays([...story, anEvent('discharged', 70, to('home'))]));
    expect(again.discharges.map((discharge) => discharge.cancelled)).toEqual([true, false]);
    expect(again.end).toEqual(hour(70));
  });

  it('an update after the discharge without PV1-45 does not reopen', () => {
    expect(
      only(foldStays([anEvent('admitted', 5, inpatient), anEvent('discharged', 50), anEvent('updated', 60)])).status,
    ).toBe('finished');
  });

  it('an update with PV1-45 discharges, unless that discharge was cancelled or is only planned', () => {
    const admitted = anEvent('admitted', 5, inpatient);
    expect(only(foldStays([admitted, anEvent('updated', 60, { dischargedAt: hour(50) })])).status).toBe('finished');
    expect(only(foldStays([admitted, anEvent('updated', 60, { dischargedAt: hour(90) })])).status).toBe('in-progress');
    const stale = [anEvent('discharged', 50, { dischargedAt: hour(50) }), anEvent('discharge-cancelled', 52)];
    expect(only(foldStays([admitted, ...stale, anEvent('updated', 60, { dischargedAt: hour(50) })])).status).toBe(
      'in-progress',
    );
  });

  it('a second A03 corrects the first', () => {
    const stay = only(
      foldStays([
        anEvent('admitted', 5, inpatient),
        anEvent('discharged', 50),
        anEvent('discharged', 51, { dischargedAt: hour(48) }),
      ]),
    );
    expect(stay.discharges).toHaveLength(1);
    expect(stay.end).toEqual(hour(48));
  });

  it('A11 cancels the stay', () => {
    expect(only(foldStays([anEvent('admitted', 5, inpatient), anEvent('admission-cancelled', 6)])).status).toBe(
      'cancelled',
    );
  });

  it('a time of discharge with which a cancelled account is closed out discharges nobody', () => {
    const admitted = anEvent('admitted', 5, inpatient);
    const closed = anEvent('updated', 60, { dischargedAt: hour(50), ...to('home') });
    const stay = only(foldStays([closed, anEvent('admission-cancelled', 6), admitted]));
    expect([stay.status, stay.discharges, stay.end]).toEqual(['cancelled', [], undefined]);
    const plan = [anEvent('pre-admitted', 5, inpatient), anEvent('pre-admission-cancelled', 6), closed];
    expect(only(foldStays(plan)).status).toBe('cancelled');
    expect(only(foldStays([...plan, anEvent('admitted', 7), closed])).status).toBe('finished');
  });

  it('a class change keeps the stay and its history of classes', () => {
    const stay = only(foldStays([anEvent('registered', 5, emergency), anEvent('class-changed', 9, inpatient)]));
    expect(stay.classes.map((span) => span.class.code)).toEqual(['EMER', 'IMP']);
    expect(stay.start).toEqual(hour(5));
  });

  it('`""` deletes and absence keeps', () => {
    const service = { code: 'CAR' };
    const story = [anEvent('admitted', 5, { ...inpatient, service }), anEvent('updated', 6)];
    expect(only(foldStays(story)).facts.service).toEqual(service);
    expect(only(foldStays([...story, anEvent('updated', 7, { service: null })])).facts.service).toBeUndefined();
  });

  it('a visit number that comes back after a year is another stay', () => {
    const year = 24 * 366;
    const story = [
      anEvent('admitted', 5, inpatient),
      anEvent('discharged', 50),
      anEvent('admitted', 60 + year, inpatient),
    ];
    expect(foldStays(story).map((stay) => stay.status)).toEqual(['finished', 'in-progress']);
  });

  it('stays without a visit number follow each other', () => {
    const unnumbered = { visit: null };
    const story = [
      anEvent('admitted', 5, inpatient, unnumbered),
      anEvent('discharged', 50, to('home'), unnumbered),
      anEvent('admitted', 100, inpatient, unnumbered),
      anEvent('discharged', 150, to('home'), unnumbered),
    ];
    expect(foldStays(story).map((stay) => [stay.status, stay.end])).toEqual([
      ['finished', hour(50)],
      ['finished', hour(150)],
    ]);
    expect(foldStays([anEvent('updated', 5, {}, unnumbered)])).toEqual([]);
  });

  it('a class change that renames the visit keeps one stay', () => {
    const stay = only(
      foldStays([
        anEvent('registered', 5, emergency, { visit: 'E1' }),
        anEvent('class-changed', 9, inpatient, { visit: 'I1', former: 'E1' }),
        anEvent('updated', 10, {}, { visit: 'E1' }),
      ]),
    );
    expect(stay.formerVisits.map((visit) => visit.value)).toEqual(
      ['E1', 'I1'].filter((value) => value !== stay.visit?.value),
    );
  });
});

describe('the fold, for any events', () => {
  it('gives the same stays for any order and any repetition', () => {
    fc.assert(
      fc.property(
        someEvents.chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })),
        ),
        ([events, shuffled]) => {
          expect(foldStays(shuffled)).toEqual(foldStays(events));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('tells statuses in time order, each ending where the next begins', () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        for (const stay of foldStays(events)) {
          for (const [at, span] of stay.statuses.entries()) {
            const next = stay.statuses[at + 1];
            expect(span.to).toEqual(next?.from);
            if (next) expect(next.from.at).toBeGreaterThanOrEqual(span.from.at);
          }
          expect(stay.statuses.at(-1)?.status).toBe(stay.status);
        }
      }),
    );
  });
});

// Cases decided from the timeline: the same for every order in which the events arrive, one case per discharge.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Id, NewId } from '../../../../src/base/id.ts';
import type { Instant } from '../../../../src/base/instant.ts';
import { readOrganisations } from '../../../../src/catalog/organisations.ts';
import { readProtocols } from '../../../../src/catalog/protocols.ts';
import { advance } from '../../../../src/domain/advance.ts';
import type { Case } from '../../../../src/domain/case/case.ts';
import type { Chart } from '../../../../src/domain/chart.ts';
import type { EncounterEvent } from '../../../../src/domain/encounter/event.ts';
import type { Demographics, PatientRecord } from '../../../../src/domain/patient/record.ts';
import type { Practice } from '../../../../src/domain/practice.ts';
import { aRecord, said } from '../../../support/charts.ts';
import { anEvent, emergency, hour, inpatient, someEvents, to } from '../../../support/events.ts';

const { protocols } = readProtocols('profiles/protocols');
const practice = [...readOrganisations('profiles/organisations').organisations][0] as Practice;
const patient = aRecord();

/** Takes the events in groups, as batches would bring them, and advances the chart after each. */
function after(groups: readonly (readonly EncounterEvent[])[], now: Instant = hour(500).at, record = patient): Chart {
  let count = 0;
  const newId: NewId = <Name extends string>() => `id-${++count}` as Id<Name>;
  const nothing = { encounters: [], cases: [], episodes: [], documents: [], appointments: [] };
  let chart: Chart = { patient: record, retired: [], events: [], ...nothing };
  for (const group of groups)
    chart = advance({ ...chart, events: [...chart.events, ...group] }, { practice, protocols, now, newId });
  return chart;
}

const cases = (...events: EncounterEvent[]): readonly Case[] => after([events]).cases;
const admitted = anEvent('admitted', 5, inpatient);
const home = anEvent('discharged', 50, to('home'));

describe('a case under transitional-care', () => {
  it('opens on a discharge home with four tasks, each owned and due', () => {
    const [opened] = cases(admitted, home);
    expect(opened).toMatchObject({ state: 'open', start: '2026-11-04', end: '2026-12-03', flags: [] });
    expect(opened?.tasks.map((task) => [task.code, task.status, task.due.date])).toEqual([
      ['first-contact', 'ready', '2026-11-06'],
      ['follow-up-visit', 'ready', '2026-11-18'],
      ['medication-reconciliation', 'ready', '2026-11-18'],
      ['discharge-information', 'ready', '2026-11-06'],
    ]);
    expect(opened?.tasks.every((task) => task.owner !== '' && task.due.explanation !== '')).toBe(true);
  });

  it('does not open on the end of an ED or outpatient visit, a transfer or a death', () => {
    expect(cases(anEvent('registered', 5, emergency), home)).toEqual([]);
    const outpatient = { class: { ...inpatient.class, code: 'AMB' } };
    expect(cases(anEvent('registered', 5, outpatient), home)).toEqual([]);
    expect(cases(admitted, anEvent('discharged', 50, to('transfer', '02')))).toEqual([]);
    expect(cases(admitted, anEvent('discharged', 50, to('expired', '20')))).toEqual([]);
  });

  it('opens flagged when the disposition is unknown, and closes when a late one does not qualify', () => {
    const unknown = anEvent('discharged', 50);
    expect(cases(admitted, unknown)[0]).toMatchObject({ state: 'open', flags: ['disposition-unknown'] });
    const late = cases(admitted, unknown, anEvent('updated', 60, to('snf', '03')))[0];
    expect(late).toMatchObject({ state: 'closed', closedAs: 'not-qualifying' });
    expect(late?.tasks.every((task) => task.status === 'cancelled')).toBe(true);
  });

  it('a cancelled discharge withdraws it; a later A03 opens another with a new due date', () => {
    const cancelled = anEvent('discharge-cancelled', 52);
    const again = cases(admitted, home, cancelled, anEvent('discharged', 100, to('home')));
    expect(again.map((item) => [item.state, item.closedAs, item.start])).toEqual([
      ['withdrawn', 'entered-in-error', '2026-11-04'],
      ['open', undefined, '2026-11-06'],
    ]);
    expect(again[1]?.follows).toBe(again[0]?.id);
  });

  it('a readmission suspends it and links it; the next discharge continues it', () => {
    const back = anEvent('admitted', 100, inpatient, { visit: 'V2' });
    const [suspended] = cases(admitted, home, back);
    expect(suspended).toMatchObject({ state: 'suspended' });
    expect(suspended?.tasks.every((task) => task.status === 'on-hold')).toBe(true);
    const both = cases(admitted, home, back, anEvent('discharged', 150, to('home'), { visit: 'V2' }));
    expect(both.map((item) => item.state)).toEqual(['suspended', 'open']);
    expect(both[1]?.follows).toBe(both[0]?.id);
  });

  it('a readmission that is cancelled resumes it', () => {
    const back = anEvent('admitted', 100, inpatient, { visit: 'V2' });
    expect(cases(admitted, home, back, anEvent('admission-cancelled', 101, {}, { visit: 'V2' }))[0]).toMatchObject({
      state: 'open',
    });
  });

  it('a death cancels all open tasks at once', () => {
    const dead = aRecord({ statements: said({ deceased: true }, '2026-11-20') });
    const [closed] = after([[admitted, home]], hour(500).at, dead).cases;
    expect(closed).toMatchObject({ state: 'closed', closedAs: 'deceased' });
    expect(closed?.tasks.map((task) => task.status)).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled']);
  });

  describe('a death', () => {
    const period = { last: Date.parse('2026-12-03T23:59:59-05:00') as Instant };
    const later = (period.last + 200 * 86_400_000) as Instant;
    const died = (demographics: Demographics) => aRecord({ statements: said(demographics, '2027-01-20') });
    const at = (hours: number) => died({ deceased: true, deceasedAt: hour(hours) });
    const standing = ({ cases: [one] }: Chart) => [one?.state, one?.closedAs, one?.tasks[0]?.status];
    const finished = ['closed', 'finished', 'failed'];
    const deceased = ['closed', 'deceased', 'cancelled'];
    const over = after([[admitted, home]], later);

    /** Takes the same chart on to another moment and another record. */
    const goOn = (chart: Chart, now: Instant, record: PatientRecord, ...more: EncounterEvent[]): Chart =>
      advance(
        { ...chart, patient: record, events: [...chart.events, ...more] },
        { practice, protocols, now, newId: <Name extends string>() => 'another' as Id<Name> },
      );

    it('after the period leaves a finished case as it was', () => {
      expect(standing(over)).toEqual(finished);
      expect(goOn(over, later, at(50 + 31 * 24)).cases).toEqual(over.cases);
      expect(standing(after([[admitted, home]], later, at(50 + 31 * 24)))).toEqual(finished);
    });

    it('inside the period closes the case, however late it is told', () => {
      expect(standing(goOn(over, later, at(100)))).toEqual(deceased);
      expect(standing(after([[admitted, home]], later, at(100)))).toEqual(deceased);
    });

    it('without a time counts if it is told while the case is open, and goes on to count', () => {
      const record = died({ deceased: true });
      const told = after([[admitted, home]], period.last, record);
      expect(standing(told)).toEqual(deceased);
      expect(goOn(told, later, record).cases).toEqual(told.cases);
      expect(standing(goOn(told, later, died({ deceased: false })))).toEqual(finished);
      expect(standing(goOn(told, later, at(50 + 31 * 24)))).toEqual(finished);
    });

    it('without a time does not count if it is told when the period is over', () => {
      expect(standing(goOn(over, later, died({ deceased: true })))).toEqual(finished);
      expect(standing(after([[admitted, home]], later, died({ deceased: true })))).toEqual(finished);
    });

    it('in another stay lies before the end of that', () => {
      const back = [anEvent('registered', 100, emergency, { visit: 'V2' })];
      const end = (hours: number) => anEvent('discharged', hours, to('expired', '20'), { visit: 'V2' });
      for (const [hours, wanted] of [
        [110, deceased],
        [50 + 31 * 24, finished],
      ] as const) {
        expect(standing(after([[admitted, home, ...back, end(hours)]], later))).toEqual(wanted);
        expect(standing(after([[end(hours)], back, [home], [admitted]], later))).toEqual(wanted);
      }
    });
  });

  it('closes when day 30 is over, and work left undone is failed, not lost', () => {
    const lastMinute = Date.parse('2026-12-03T23:59:59-05:00') as Instant;
    expect(after([[admitted, home]], lastMinute).cases[0]?.state).toBe('open');
    const [closed] = after([[admitted, home]], (lastMinute + 1_000) as Instant).cases;
    expect(closed).toMatchObject({ state: 'closed', closedAs: 'finished' });
    expect(closed?.tasks.every((task) => task.status === 'failed' && task.statusReason)).toBe(true);
  });
});

describe('what is no discharge, and what undoes one', () => {
  const left = anEvent('leave-began', 20);

  it('a leave of absence opens no case and changes none', () => {
    expect(cases(admitted, left)).toEqual([]);
    expect(cases(admitted, left, anEvent('leave-ended', 30))).toEqual([]);
    const [opened] = cases(admitted, home);
    const [after] = cases(admitted, home, anEvent('leave-began', 60), anEvent('leave-ended', 70));
    expect({ ...after, encounter: '' }).toEqual({ ...opened, encounter: '' });
  });

  it('a discharge out of a leave opens one', () => {
    expect(cases(admitted, left, home)).toMatchObject([{ state: 'open', start: '2026-11-04' }]);
  });

  it('a stay on leave is a readmission still', () => {
    const back = anEvent('admitted', 100, inpatient, { visit: 'V2' });
    expect(cases(admitted, home, back, anEvent('leave-began', 110, {}, { visit: 'V2' }))).toMatchObject([
      { state: 'suspended' },
    ]);
  });

  it('a deleted visit withdraws its case, and no longer counts as a readmission', () => {
    const [gone] = cases(admitted, home, anEvent('deleted', 60));
    expect(gone).toMatchObject({ state: 'withdrawn', closedAs: 'entered-in-error', closedAt: hour(60).at });
    expect(gone?.tasks.map((task) => task.status)).toEqual(Array(4).fill('entered-in-error'));
    const back = anEvent('admitted', 100, inpatient, { visit: 'V2' });
    expect(cases(admitted, home, back, anEvent('deleted', 110, {}, { visit: 'V2' }))).toMatchObject([
      { state: 'open' },
    ]);
  });

  it('a stay begun under the number of a deleted one has a case of its own', () => {
    const again = [anEvent('admitted', 70, inpatient), anEvent('discharged', 100, to('home'))];
    expect(cases(admitted, home, anEvent('deleted', 60), ...again).map((item) => item.state)).toEqual([
      'withdrawn',
      'open',
    ]);
  });

  it('a visit number used again after a year has a case of its own (F-26)', () => {
    const year = 24 * 370;
    const again = anEvent('discharged', 50 + year, { ...inpatient, ...to('home'), admittedAt: hour(20 + year) });
    const { cases: found } = after([[admitted, home], [again]], hour(60 + year).at);
    expect(found.map((item) => [item.state, item.dischargedAt.at])).toEqual([
      ['closed', hour(50).at],
      ['open', hour(50 + year).at],
    ]);
    expect(new Set(found.map((item) => item.encounter)).size).toBe(2);
  });
});

describe('a cancelled stay that is closed out with a time of discharge', () => {
  it('opens no case, whatever comes first and however it is grouped', () => {
    const story = [
      admitted,
      anEvent('admission-cancelled', 6),
      anEvent('updated', 60, { dischargedAt: hour(50), ...to('home') }),
    ];
    const groupings = fc.tuple(fc.shuffledSubarray(story, { minLength: 3 }), fc.nat({ max: 3 }), fc.nat({ max: 3 }));
    fc.assert(
      fc.property(groupings, ([shuffled, ...cuts]) => {
        const [from = 0, to = 0] = cuts.sort();
        const chart = after([shuffled.slice(0, from), shuffled.slice(from, to), shuffled.slice(to)]);
        expect(chart.encounters.map((stay) => stay.status)).toEqual(['cancelled']);
        expect(essence(chart).cases).toEqual([]);
        expect(essence(chart)).toEqual(essence(after([story])));
      }),
    );
  });
});

describe('a change of class re-evaluates', () => {
  const registered = anEvent('registered', 5, emergency);

  it('an emergency visit that became an inpatient stay before its discharge opens a case', () => {
    expect(cases(registered, home)).toEqual([]);
    const changed = anEvent('class-changed', 10, inpatient);
    expect(cases(registered, changed, home)).toMatchObject([{ state: 'open' }]);
    expect(after([[registered], [home], [changed]]).cases).toMatchObject([{ state: 'open' }]);
  });

  it('told after the discharge, too, in either direction', () => {
    expect(cases(registered, home, anEvent('class-changed', 60, inpatient))).toMatchObject([{ state: 'open' }]);
    const [closed] = cases(admitted, home, anEvent('class-changed', 60, emergency));
    expect(closed).toMatchObject({ state: 'closed', closedAs: 'not-qualifying' });
    expect(closed?.tasks.map((task) => task.status)).toEqual(Array(4).fill('cancelled'));
  });

  it('with a new visit number, under both', () => {
    const was = anEvent('registered', 5, emergency, { visit: 'E1' });
    const renamed = anEvent('class-changed', 10, inpatient, { visit: 'I1', former: 'E1' });
    const out = anEvent('discharged', 50, to('home'), { visit: 'I1' });
    const found = after([[was], [out], [renamed]]);
    expect(found.cases.filter((item) => item.state !== 'withdrawn')).toMatchObject([{ state: 'open' }]);
    expect(essence(found)).toEqual(essence(after([[was, renamed, out]])));
  });
});

describe('a cancel that arrives last', () => {
  it('leaves no second case where the first discharge did not qualify', () => {
    const snf = anEvent('discharged', 50, to('snf', '03'));
    const later = anEvent('discharged', 70, to('home'));
    const { cases: found } = after([[admitted], [snf], [later], [anEvent('discharge-cancelled', 60)]]);
    expect(found.map((item) => [item.state, item.dischargedAt.at])).toEqual([['open', hour(70).at]]);
  });
});

/**
 * What must not depend on arrival: everything but ids, and but the trace of cases and stays that were seen in what was
 * known and withdrawn when an earlier event came in; in the order of events they would never have been.
 */
function essence(chart: Chart) {
  const stays = new Map(chart.encounters.map((stay) => [stay.id, stay.events.join(' ')]));
  const days = new Map(chart.cases.map((item) => [item.id, `${stays.get(item.encounter)} ${item.dischargedAt.at}`]));
  return {
    stays: chart.encounters
      .filter((stay) => stay.events.length > 0)
      .map(({ id: _id, ...stay }) => stay)
      .sort((a, b) => (a.events.join() < b.events.join() ? -1 : 1)),
    cases: chart.cases
      .filter((item) => !(item.state === 'withdrawn' && item.closedAs === 'not-qualifying'))
      .map((item) => ({
        about: days.get(item.id),
        state: item.state,
        closedAs: item.closedAs,
        flags: item.flags,
        suspendedFor: item.suspendedFor && stays.get(item.suspendedFor),
        follows: item.follows && days.get(item.follows),
        tasks: item.tasks.map(({ id: _id, ...task }) => task),
      }))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  };
}

describe('charts, for any events', () => {
  it('end the same whatever the order and the grouping of arrival', () => {
    const arrivals = someEvents.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray(events, { minLength: events.length }),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 14, maxLength: 14 }),
      ),
    );
    fc.assert(
      fc.property(arrivals, ([events, shuffled, sizes]) => {
        const groups: EncounterEvent[][] = [];
        const left = [...shuffled];
        for (const size of sizes) groups.push(left.splice(0, size));
        expect(essence(after(groups))).toEqual(essence(after([events])));
      }),
      { numRuns: 400 },
    );
  });

  it('do not change when they are advanced again', () => {
    fc.assert(
      fc.property(someEvents, (events) => {
        expect(after([events, []])).toEqual(after([events]));
      }),
    );
  });
});

// Due dates and the sentences that explain them.

import { describe, expect, it } from 'vitest';
import { localDate, type Moment } from '../../../../src/base/instant.ts';
import { momentFrom } from '../../../../src/base/moment.ts';
import { formatWithOffset } from '../../../../src/base/time.ts';
import type { Practice } from '../../../../src/domain/practice.ts';
import { closesOn, periodOf } from '../../../../src/domain/protocol/closes.ts';
import { dueDates } from '../../../../src/domain/protocol/due.ts';
import { opensOn } from '../../../../src/domain/protocol/opens.ts';
import type { DueRule, Facts, Protocol } from '../../../../src/domain/protocol/protocol.ts';

const practice: Practice = {
  id: 'riverside-practice',
  name: 'Riverside Family Practice',
  timeZone: 'America/New_York',
  holidays: 'us-federal',
  closures: [],
  closuresExtend: false,
  phone: '555-0142',
  roles: [],
};
const facts: Facts = { 'encounter.class-known': false, 'encounter.destination': 'home', 'patient.deceased': false };
const twoBusinessDays: DueRule = { days: 2, of: 'business', from: 'discharged' };

function aProtocol(dues: Readonly<Record<string, DueRule | readonly DueRule[]>>): Protocol {
  return {
    id: 'on-trial',
    version: '1.0.0',
    title: 'On trial',
    source: 'a test',
    open: { on: 'discharged', if: { fact: 'encounter.destination', is: 'home' } },
    flags: [
      { flag: 'class-unknown', if: { fact: 'encounter.class-known', is: false } },
      { flag: 'very-old', if: { fact: 'patient.age', 'at-least': 90 } },
    ],
    close: [
      { on: 'deceased', as: 'deceased' },
      { on: 'admitted', suspend: true, classes: ['IMP'], as: 'readmitted' },
      { after: { days: 29, from: 'discharged' }, as: 'finished' },
    ],
    tasks: Object.entries(dues).map(([id, due]) => ({
      id,
      title: id === 'visit' ? 'Follow-up visit' : id,
      kind: 'review',
      owner: 'nurse',
      due: [due].flat(),
    })),
  };
}

/** `2026-11-20T23:50` in Denver, with as many digits as are given. */
function discharged(text: string, zone = 'America/Denver'): Moment {
  const [year, month, day, hour, minute] = text.split(/[-T:]/).map(Number);
  const precision = (['year', 'month', 'day', 'hour', 'minute'] as const)[text.split(/[-T:]/).length - 1]!;
  const moment = momentFrom({ text, precision, year: year!, month, day, hour, minute }, { zone });
  if (moment === 'zone-missing') throw new Error('the zone is missing');
  return moment;
}

function dueOf(rule: DueRule | readonly DueRule[], at: Moment, who: Practice = practice) {
  return dueDates(
    aProtocol({ visit: { days: 14, of: 'calendar', from: 'discharged' }, task: rule }),
    facts,
    at,
    who,
  ).get('task');
}

describe('a due date', () => {
  it('is the last second of its day in the practice’s zone, counted from the day where the patient left', () => {
    expect(dueOf(twoBusinessDays, discharged('2026-11-20T23:50'))).toEqual({
      date: '2026-11-24',
      at: Date.parse('2026-11-25T04:59:59Z'),
      text: '2026-11-24T23:59:59-05:00',
      from: '2026-11-20T23:50:00-07:00',
      explanation:
        'discharged Fri 20 Nov 2026 23:50 America/Denver; business day 1 = Mon 23 Nov; business day 2 = Tue 24 Nov; ' +
        'due by the end of Tue 24 Nov 2026 in America/New_York',
    });
  });

  it.each([
    ['2026-10-30T12:00', '2026-11-03', '2026-11-03T23:59:59-05:00'],
    ['2026-11-01T01:30', '2026-11-03', '2026-11-03T23:59:59-05:00'],
    ['2026-03-06T12:00', '2026-03-10', '2026-03-10T23:59:59-04:00'],
    ['2028-02-25T12:00', '2028-02-29', '2028-02-29T23:59:59-05:00'],
  ])('after %s over a change of the clock or a leap day is %s', (at, date, text) => {
    expect(dueOf(twoBusinessDays, discharged(at))).toMatchObject({ date, text });
  });

  it.each([
    ['Asia/Kolkata', '2026-11-24T23:59:59+05:30'],
    ['Pacific/Chatham', '2026-11-24T23:59:59+13:45'],
    ['America/Phoenix', '2026-11-24T23:59:59-07:00'],
  ])('ends in %s when the practice is there', (timeZone, text) => {
    const there = { ...practice, timeZone, holidays: 'none' } as const;
    expect(dueOf(twoBusinessDays, discharged('2026-11-20T23:50'), there)?.text).toBe(text);
  });

  it('follows the first rule whose condition holds', () => {
    const rules: DueRule[] = [
      { if: { fact: 'case.complexity', is: 'high' }, days: 7, of: 'calendar', from: 'discharged' },
      { days: 14, of: 'calendar', from: 'discharged' },
    ];
    const protocol = aProtocol({ visit: rules });
    const at = discharged('2026-11-20T12:00');
    expect(dueDates(protocol, facts, at, practice).get('visit')?.date).toBe('2026-12-04');
    expect(dueDates(protocol, { ...facts, 'case.complexity': 'high' }, at, practice).get('visit')?.date).toBe(
      '2026-11-27',
    );
  });

  it('is that of another task, also of one that comes later', () => {
    const protocol = aProtocol({ first: { with: 'second' }, second: { with: 'third' }, third: twoBusinessDays });
    const dues = dueDates(protocol, facts, discharged('2026-11-20T12:00'), practice);
    expect([...dues].map(([id, due]) => [id, due.date])).toEqual([
      ['first', '2026-11-24'],
      ['second', '2026-11-24'],
      ['third', '2026-11-24'],
    ]);
  });

  it('is none where no rule holds', () => {
    const rule: DueRule = { if: { fact: 'case.complexity', is: 'high' }, ...twoBusinessDays };
    expect(dueOf(rule, discharged('2026-11-20T12:00'))).toBeUndefined();
  });
});

describe('an explanation', () => {
  const explain = (rule: DueRule, at: Moment, who?: Practice): string | undefined => dueOf(rule, at, who)?.explanation;

  it('names the holidays it skips', () => {
    expect(explain(twoBusinessDays, discharged('2026-11-25T09:05'))).toBe(
      'discharged Wed 25 Nov 2026 09:05 America/Denver; Thu 26 Nov is Thanksgiving Day; business day 1 = Fri 27 Nov; ' +
        'business day 2 = Mon 30 Nov; due by the end of Mon 30 Nov 2026 in America/New_York',
    );
    expect(explain(twoBusinessDays, discharged('2027-12-30T09:05'))).toContain(
      "; Fri 31 Dec is New Year's Day (observed); business day 1 = Mon 3 Jan;",
    );
  });

  it('names closures where they count', () => {
    const closed = { ...practice, closures: [localDate('2026-11-23')], closuresExtend: true };
    expect(explain(twoBusinessDays, discharged('2026-11-20T12:00'), closed)).toContain(
      'Mon 23 Nov is a day on which the practice is closed; business day 1 = Tue 24 Nov',
    );
  });

  it('counts calendar days', () => {
    expect(explain({ days: 14, of: 'calendar', from: 'discharged' }, discharged('2026-11-20T23:50'))).toBe(
      'discharged Fri 20 Nov 2026 23:50 America/Denver; 14 calendar days after Fri 20 Nov 2026 = Fri 4 Dec 2026; ' +
        'due by the end of Fri 4 Dec 2026 in America/New_York',
    );
    expect(explain({ days: 1, of: 'calendar', from: 'discharged' }, discharged('2026-11-20'))).toContain(
      '1 calendar day after',
    );
  });

  it('names the task it goes with', () => {
    expect(explain({ with: 'visit' }, discharged('2026-11-20T23:50'))).toBe(
      'discharged Fri 20 Nov 2026 23:50 America/Denver; by the day of the follow-up visit: ' +
        '14 calendar days after Fri 20 Nov 2026 = Fri 4 Dec 2026; due by the end of Fri 4 Dec 2026 in America/New_York',
    );
  });

  it.each([
    ['2026-11-20', 'discharged Fri 20 Nov 2026 America/Denver; '],
    ['2026-11-20T23', 'discharged Fri 20 Nov 2026, in the hour from 23:00, America/Denver; '],
    ['2026-11', 'discharged Sun 1 Nov 2026 America/Denver (only the month was sent; its first day is taken); '],
    [
      '2026-11-01T01:30',
      'discharged Sun 1 Nov 2026 01:30 America/Denver (the clock showed this hour twice; the earlier one is taken); ',
    ],
    [
      '2026-03-08T02:30',
      'discharged Sun 8 Mar 2026 02:30 America/Denver (the clock skipped this hour; the time is read by the clock before the change); ',
    ],
  ])('of a discharge at %s says what is known and what was assumed', (at, expected) => {
    expect(explain(twoBusinessDays, discharged(at))?.startsWith(expected)).toBe(true);
  });

  it('says when the time is estimated', () => {
    const estimated = { ...discharged('2026-11-20T23:50'), note: 'estimated' };
    expect(explain(twoBusinessDays, estimated)).toContain(
      'America/Denver (estimated from when the message was sent); business day 1',
    );
  });

  it('a window that starts on a day of which no time was sent starts with that day', () => {
    expect(dueOf(twoBusinessDays, discharged('2026-11-20'))?.from).toBe('2026-11-20');
  });
});

describe('opening and closing', () => {
  const protocol = aProtocol({ visit: twoBusinessDays });

  it('flags what a person should look at, on open cases only', () => {
    expect(opensOn(protocol, facts)).toEqual({ opens: true, flags: ['class-unknown'] });
    expect(opensOn(protocol, { ...facts, 'patient.age': 95 }).flags).toEqual(['class-unknown', 'very-old']);
    expect(opensOn(protocol, { ...facts, 'encounter.destination': 'snf' })).toEqual({ opens: false, flags: [] });
  });

  it('a change closes, suspends, or does nothing', () => {
    expect(closesOn(protocol, { name: 'deceased' })).toEqual({ suspends: false, as: 'deceased' });
    expect(closesOn(protocol, { name: 'admitted', class: 'IMP' })).toEqual({ suspends: true, as: 'readmitted' });
    expect(closesOn(protocol, { name: 'admitted', class: 'EMER' })).toBeUndefined();
    expect(closesOn(protocol, { name: 'admitted' })).toBeUndefined();
    expect(closesOn(protocol, { name: 'discharge-cancelled' })).toBeUndefined();
  });

  it('the period ends with its last day in the practice’s zone: day 30 is D+29 (CMS TCM)', () => {
    const period = periodOf(protocol, discharged('2026-11-20T23:50'), practice);
    expect(period).toMatchObject({ start: '2026-11-20', end: '2026-12-19', as: 'finished' });
    expect(formatWithOffset(period.endsAt, practice.timeZone)).toBe('2026-12-20T00:00:00-05:00');
  });
});

// Days and business days; holidays against dates that were looked up, not computed.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addBusinessDays,
  addDays,
  type Calendar,
  calendarOf,
  countBusinessDays,
  daysBetween,
  federalHolidays,
  formatDay,
  holidayOn,
  isBusinessDay,
  weekday,
} from '../../../src/base/calendar.ts';
import { type LocalDate, localDate } from '../../../src/base/instant.ts';

const federal: Calendar = calendarOf({ holidays: 'us-federal', closures: [], closuresExtend: false });
const aDate = fc.integer({ min: 0, max: 40_000 }).map((days) => addDays(localDate('1990-01-01'), days));

describe('days', () => {
  it('are added over month ends, leap days and years', () => {
    expect(addDays(localDate('2028-02-28'), 1)).toBe('2028-02-29');
    expect(addDays(localDate('2026-12-31'), 1)).toBe('2027-01-01');
    expect(addDays(localDate('2026-03-08'), -8)).toBe('2026-02-28');
  });

  it('between two dates are what was added', () => {
    fc.assert(
      fc.property(aDate, fc.integer({ min: -5000, max: 5000 }), (date, days) => {
        expect(daysBetween(date, addDays(date, days))).toBe(days);
      }),
    );
  });

  it('are written for people', () => {
    expect(formatDay(localDate('2026-11-23'))).toBe('Mon 23 Nov 2026');
    expect(formatDay(localDate('2026-12-04'))).toBe('Fri 4 Dec 2026');
  });
});

describe('US federal holidays', () => {
  it.each([
    [2021, 'Juneteenth National Independence Day', '2021-06-18'],
    [2021, 'Independence Day', '2021-07-05'],
    [2022, "New Year's Day", '2021-12-31'],
    [2022, 'Christmas Day', '2022-12-26'],
    [2023, "New Year's Day", '2023-01-02'],
    [2026, 'Independence Day', '2026-07-03'],
    [2026, 'Thanksgiving Day', '2026-11-26'],
    [2027, 'Juneteenth National Independence Day', '2027-06-18'],
    [2028, "New Year's Day", '2027-12-31'],
  ])('in %i %s is observed on %s (5 U.S.C. 6103)', (year, name, observed) => {
    expect(federalHolidays(year).find((holiday) => holiday.name === name)?.observed).toBe(observed);
    expect(isBusinessDay(localDate(observed), federal)).toBe(false);
  });

  it('of 2026 are these eleven', () => {
    expect(federalHolidays(2026).map((holiday) => holiday.observed)).toEqual([
      '2026-01-01',
      '2026-01-19',
      '2026-02-16',
      '2026-05-25',
      '2026-06-19',
      '2026-07-03',
      '2026-09-07',
      '2026-10-12',
      '2026-11-11',
      '2026-11-26',
      '2026-12-25',
    ]);
  });

  it('have their names, also on the day that stands in for them', () => {
    expect(holidayOn(localDate('2026-11-26'))).toBe('Thanksgiving Day');
    expect(holidayOn(localDate('2026-07-03'))).toBe('Independence Day (observed)');
    expect(holidayOn(localDate('2027-12-31'))).toBe("New Year's Day (observed)");
    expect(holidayOn(localDate('2026-11-27'))).toBeUndefined();
  });

  it('begin when the law made them: Martin Luther King Day 1986, Juneteenth 2021', () => {
    expect(holidayOn(localDate('1985-01-21'))).toBeUndefined();
    expect(holidayOn(localDate('1986-01-20'))).toBe('Birthday of Martin Luther King, Jr.');
    expect(holidayOn(localDate('2020-06-19'))).toBeUndefined();
  });

  it('leave Inauguration Day a business day', () => {
    expect(isBusinessDay(localDate('2021-01-20'), federal)).toBe(true);
  });
});

describe('business days', () => {
  /** The slow way: step by step, asking the calendar each day. */
  function stepped(from: LocalDate, days: number, calendar: Calendar): LocalDate {
    let date = from;
    for (let left = days; left > 0; ) {
      date = addDays(date, 1);
      const isWeekend = ['Sat', 'Sun'].includes(weekday(date));
      const year = Number(date.slice(0, 4));
      const observed = [...federalHolidays(year), ...federalHolidays(year + 1)].some((each) => each.observed === date);
      if (!isWeekend && !(calendar.holidays === 'us-federal' && observed) && !calendar.closed.has(date)) left -= 1;
    }
    return date;
  }

  it('are those of the slow way, after the day itself, business days, and later for more days', () => {
    fc.assert(
      fc.property(
        aDate,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom<Calendar['holidays']>('us-federal', 'none'),
        fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 5 }),
        (date, days, holidays, closures) => {
          const closed = closures.map((after) => addDays(date, after));
          const calendar = calendarOf({ holidays, closures: closed, closuresExtend: true });
          const found = addBusinessDays(date, days, calendar);
          expect(found).toBe(stepped(date, days, calendar));
          expect(found > date).toBe(true);
          expect(isBusinessDay(found, calendar)).toBe(true);
          expect(addBusinessDays(date, days + 1, calendar) > found).toBe(true);
          expect(addBusinessDays(addDays(date, 1), days, calendar) >= found).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keep what they counted and what they skipped, and why', () => {
    expect(countBusinessDays(localDate('2026-11-25'), 2, federal)).toEqual({
      date: '2026-11-30',
      counted: ['2026-11-27', '2026-11-30'],
      skipped: [
        { date: '2026-11-26', why: 'Thanksgiving Day' },
        { date: '2026-11-28', why: 'weekend' },
        { date: '2026-11-29', why: 'weekend' },
      ],
    });
  });

  it('none of them is the day itself', () => {
    expect(addBusinessDays(localDate('2026-11-21'), 0, federal)).toBe('2026-11-21');
  });

  it('a practice’s closures count only when it chose so', () => {
    const closures = [localDate('2026-11-23')];
    const display = calendarOf({ holidays: 'us-federal', closures, closuresExtend: false });
    const extending = calendarOf({ holidays: 'us-federal', closures, closuresExtend: true });
    expect(addBusinessDays(localDate('2026-11-20'), 2, display)).toBe('2026-11-24');
    expect(addBusinessDays(localDate('2026-11-20'), 2, extending)).toBe('2026-11-25');
  });
});

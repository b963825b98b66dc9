// Zones by example and by property: what a wall clock shows, and the instant it means.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../src/base/calendar.ts';
import { instant, localDate } from '../../../src/base/instant.ts';
import {
  endOfDay,
  formatInstant,
  formatWithOffset,
  isZone,
  localDateAt,
  offsetMinutesAt,
  parseInstant,
  resolveLocal,
  startOfDay,
} from '../../../src/base/time.ts';

const zones = [
  'America/New_York',
  'America/Denver',
  'America/Phoenix',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Europe/London',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Africa/Cairo',
  'America/Havana',
  'UTC',
];

/** `2026-11-01T01:30` in a zone, as FHIR dateTime with what had to be assumed. */
function resolved(text: string, zone: string): string {
  const [date, time] = text.split('T');
  const [year, month, day] = date!.split('-').map(Number);
  const [hour, minute] = time!.split(':').map(Number);
  const local = { year: year!, month: month!, day: day!, hour: hour!, minute: minute!, second: 0, millis: 0 };
  const { at, offsetMinutes, note } = resolveLocal(local, zone);
  expect(offsetMinutes).toBe(offsetMinutesAt(at, zone));
  return `${formatWithOffset(at, zone)}${note === undefined ? '' : ` ${note}`}`;
}

const aDate = fc.integer({ min: 0, max: 36_500 }).map((days) => addDays(localDate('1975-01-01'), days));
const aZone = fc.constantFrom(...zones);

describe('resolving a local time', () => {
  it.each([
    ['2026-11-20T23:50', 'America/Denver', '2026-11-20T23:50:00-07:00'],
    ['2026-07-01T12:00', 'America/Denver', '2026-07-01T12:00:00-06:00'],
    ['2026-07-01T12:00', 'America/Phoenix', '2026-07-01T12:00:00-07:00'],
    ['2026-02-28T12:00', 'Asia/Kolkata', '2026-02-28T12:00:00+05:30'],
    ['2028-02-29T23:59', 'Asia/Kathmandu', '2028-02-29T23:59:00+05:45'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(resolved(text, zone)).toBe(expected);
  });

  it.each([
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T01:30:00-04:00 repeated-hour'],
    ['2026-11-01T01:30', 'America/Los_Angeles', '2026-11-01T01:30:00-07:00 repeated-hour'],
    ['2026-10-25T01:30', 'Europe/London', '2026-10-25T01:30:00+01:00 repeated-hour'],
    ['2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-05T01:45:00+11:00 repeated-hour'],
  ])('%s in %s happens twice: the earlier is taken (RFC 5545 §3.3.5)', (text, zone, expected) => {
    expect(resolved(text, zone)).toBe(expected);
  });

  it.each([
    ['2026-03-08T02:30', 'America/New_York', '2026-03-08T03:30:00-04:00 missing-hour'],
    ['2026-03-08T02:00', 'America/New_York', '2026-03-08T03:00:00-04:00 missing-hour'],
    ['2026-03-29T01:15', 'Europe/London', '2026-03-29T02:15:00+01:00 missing-hour'],
    ['2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-04T02:45:00+11:00 missing-hour'],
  ])('%s in %s never happens: it is read by the clock before the change (RFC 5545 §3.3.5)', (text, zone, expected) => {
    expect(resolved(text, zone)).toBe(expected);
  });

  it.each([
    ['2026-03-08T01:59', '2026-03-08T01:59:00-05:00'],
    ['2026-03-08T03:00', '2026-03-08T03:00:00-04:00'],
    ['2026-11-01T00:59', '2026-11-01T00:59:00-04:00'],
    ['2026-11-01T01:00', '2026-11-01T01:00:00-04:00 repeated-hour'],
    ['2026-11-01T01:59', '2026-11-01T01:59:00-04:00 repeated-hour'],
    ['2026-11-01T02:00', '2026-11-01T02:00:00-05:00'],
  ])('the edges of the changed hours in New York: %s is %s', (text, expected) => {
    expect(resolved(text, 'America/New_York')).toBe(expected);
  });

  it('a facility whose zone moved keeps the offset of its day', () => {
    expect(resolved('2011-12-29T12:00', 'Pacific/Apia')).toBe('2011-12-29T12:00:00-10:00');
    expect(resolved('2011-12-31T12:00', 'Pacific/Apia')).toBe('2011-12-31T12:00:00+14:00');
    expect(resolved('2011-12-30T12:00', 'Pacific/Apia')).toBe('2011-12-31T12:00:00+14:00 missing-hour');
  });

  it('years before 100 are not taken for those of the twentieth century', () => {
    expect(resolved('0050-01-01T00:00', 'UTC')).toBe('0050-01-01T00:00:00+00:00');
  });

  it('formats back to itself, or is flagged as a time that never happened', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(aDate, minute, aZone, (date, minutes, zone) => {
        const text = `${date}T${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
        const answer = resolved(text, zone);
        expect(answer.endsWith(' missing-hour') || answer.startsWith(text)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('any instant is found again from its wall clock, or its earlier twin is', () => {
    const anInstant = fc.integer({ min: 157_766_400, max: 3_281_817_600 }).map((seconds) => instant(seconds * 1000));
    fc.assert(
      fc.property(anInstant, aZone, (at, zone) => {
        const wall = formatWithOffset(at, zone);
        const [year, month, day, hour, minute, second] = wall.slice(0, 19).split(/[-T:]/).map(Number) as number[];
        const found = resolveLocal(
          { year: year!, month: month!, day: day!, hour: hour!, minute: minute!, second: second!, millis: 0 },
          zone,
        );
        if (found.note === 'repeated-hour') expect(found.at).toBeLessThanOrEqual(at);
        else expect(found.at).toBe(at);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('offsets', () => {
  it('are those that Intl gives, hour after hour through both changes', () => {
    for (const zone of zones) {
      const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      for (const start of ['2026-03-07T00:00:00Z', '2026-10-03T00:00:00Z', '2026-10-31T00:00:00Z']) {
        for (let minutes = 0; minutes < 72 * 60; minutes += 15) {
          const at = instant(Date.parse(start) + minutes * 60_000);
          expect(formatWithOffset(at, zone).slice(0, 19).replace('T', ' ')).toBe(wall.format(at));
        }
      }
    }
  });

  it('change in the middle of an hour where the zone does', () => {
    expect(offsetMinutesAt(parseInstant('2026-10-03T15:29:59Z')!, 'Australia/Lord_Howe')).toBe(630);
    expect(offsetMinutesAt(parseInstant('2026-10-03T15:30:00Z')!, 'Australia/Lord_Howe')).toBe(660);
  });

  it('are read from fixed zones', () => {
    expect(offsetMinutesAt(instant(0), 'UTC-07:00')).toBe(-420);
    expect(offsetMinutesAt(instant(0), 'UTC+05:45')).toBe(345);
  });

  it('cost at most a microsecond once known', () => {
    const at = parseInstant('2026-11-20T00:00:00Z')!;
    const rounds = 200_000;
    let best = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const start = process.hrtime.bigint();
      for (let round = 0; round < rounds; round += 1) {
        offsetMinutesAt(instant(at + (round % 1000) * 60_000), 'America/New_York');
      }
      best = Math.min(best, Number(process.hrtime.bigint() - start) / rounds);
    }
    expect(best).toBeLessThan(1000);
  });

  it('of an unknown zone throw', () => {
    expect(() => offsetMinutesAt(instant(0), 'Mars/Base')).toThrow(RangeError);
  });
});

describe('days', () => {
  it('end with their last second, in the practice’s zone', () => {
    expect(formatWithOffset(endOfDay(localDate('2026-11-24'), 'America/New_York'), 'America/New_York')).toBe(
      '2026-11-24T23:59:59-05:00',
    );
  });

  it('start after midnight where the clock jumps over it', () => {
    const day = localDate('2018-11-04');
    expect(formatWithOffset(startOfDay(day, 'America/Sao_Paulo'), 'America/Sao_Paulo')).toBe(
      '2018-11-04T01:00:00-02:00',
    );
  });

  it('end with the later last second where the clock repeats it', () => {
    const day = localDate('2018-02-17');
    expect(formatWithOffset(endOfDay(day, 'America/Sao_Paulo'), 'America/Sao_Paulo')).toBe('2018-02-17T23:59:59-03:00');
  });

  it('that a zone left out end when the day before does', () => {
    const day = localDate('2011-12-30');
    expect(endOfDay(day, 'Pacific/Apia')).toBe(endOfDay(localDate('2011-12-29'), 'Pacific/Apia'));
    expect(startOfDay(day, 'Pacific/Apia')).toBe(startOfDay(localDate('2011-12-31'), 'Pacific/Apia'));
  });

  it('hold their own start and end, and nothing of their neighbours, in every zone and at every change', () => {
    for (const zone of zones) {
      for (let index = 0; index < 366 * 2; index += 1) {
        const date = addDays(localDate('2025-12-31'), index);
        const start = startOfDay(date, zone);
        const end = endOfDay(date, zone);
        expect(localDateAt(start, zone)).toBe(date);
        expect(localDateAt(end, zone)).toBe(date);
        expect(localDateAt(instant(start - 1), zone)).toBe(addDays(date, -1));
        expect(localDateAt(instant(end + 1000), zone)).toBe(addDays(date, 1));
      }
    }
  });

  it('meet without gap', () => {
    fc.assert(
      fc.property(aDate, aZone, (date, zone) => {
        const gap = startOfDay(addDays(date, 1), zone) - endOfDay(date, zone);
        // In St. John's the clock once went back a minute after midnight, so that a day began twice.
        expect(zone === 'America/St_Johns' || gap === 1000).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('texts', () => {
  it('of instants hold milliseconds always, of dateTimes only where there are any', () => {
    expect(formatInstant(instant(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(formatWithOffset(instant(1), -420)).toBe('1969-12-31T17:00:00.001-07:00');
    expect(formatWithOffset(instant(-1000), 0)).toBe('1969-12-31T23:59:59+00:00');
  });

  it.each([
    ['2026-11-24T23:59:59-05:00', '2026-11-25T04:59:59.000Z'],
    ['2026-11-24T23:59:59.1234567Z', '2026-11-24T23:59:59.123Z'],
    ['2024-02-29T00:00:00+14:00', '2024-02-28T10:00:00.000Z'],
  ])('%s is read as %s', (text, expected) => {
    expect(formatInstant(parseInstant(text)!)).toBe(expected);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-11-24T24:00:00Z',
    '2026-11-24T23:59:60Z',
    '2026-11-24T23:59Z',
    '2026-11-24T23:59:59',
    '2026-11-24',
    '2026-11-24T23:59:59+15:00',
    'now',
    '',
  ])('%j is no instant', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('what is a zone', () => {
    expect(['America/New_York', 'UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires'].filter(isZone)).toHaveLength(4);
    expect(['Mars/Base', 'UTC-07:00', '-07:00', '', 'america/new_york', '__proto__'].filter(isZone)).toEqual([]);
  });
});

// Times that are doubtful: hours that clocks repeat or skip, clocks that cannot be right, forms that are none. Each has
// one defined meaning, and a flag where something had to be assumed (F-32, F-39, F-57, F-58).

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant } from '../../../../src/base/instant.ts';
import { parse } from '../../../../src/hl7/parse.ts';
import type { Dialect } from '../../../../src/translate/from-hl7/dialect.ts';
import { readNotice } from '../../../../src/translate/from-hl7/notice.ts';
import { aFeedLanguage } from '../../../support/feed-language.ts';
import { aDischarge } from '../../../support/hl7.ts';

/** A discharge read as if it had arrived then; by default a feed that says nothing of clocks. */
function arriving(text: string, at: string | undefined, dialect: Partial<Dialect> = {}) {
  const { clock: _, ...plain } = aFeedLanguage().dialect;
  const language = { ...aFeedLanguage(), dialect: { ...plain, ...dialect } };
  const receivedAt = at === undefined ? undefined : instant(Date.parse(at));
  const notice = readNotice(parse(text), language, {
    digest: 'digest',
    ...(receivedAt !== undefined && { receivedAt }),
  });
  if (notice.kind !== 'encounter') throw new Error(`expected an encounter, got ${notice.kind}`);
  return notice;
}

const flags = (notice: { readonly warnings: readonly { code: string; field?: string }[] }): string[] =>
  notice.warnings.map(({ code, field }) => `${code}:${field}`);
const utc = (moment: { readonly at: number } | null | undefined): string =>
  moment ? new Date(moment.at).toISOString() : 'none';

describe('a change of the clock', () => {
  test.each([
    ['America/New_York', '20261101013000', 'time-repeated', '2026-11-01T05:30:00.000Z'],
    ['America/New_York', '20260308023000', 'time-missing', '2026-03-08T07:30:00.000Z'],
    ['Europe/Berlin', '20261025023000', 'time-repeated', '2026-10-25T00:30:00.000Z'],
    ['Europe/Berlin', '20260329023000', 'time-missing', '2026-03-29T01:30:00.000Z'],
    ['Australia/Lord_Howe', '20260405014500', 'time-repeated', '2026-04-04T14:45:00.000Z'],
    ['Australia/Lord_Howe', '20261004021500', 'time-missing', '2026-10-03T15:45:00.000Z'],
  ])('in %s at %s is flagged %s, never guessed in silence', (timeZone, dischargedAt, flag, at) => {
    const notice = arriving(aDischarge({ at: dischargedAt, sentAt: '', dischargedAt }), undefined, { timeZone });
    expect(utc(notice.event.facts.dischargedAt)).toBe(at);
    expect(flags(notice)).toEqual([`${flag}:EVN-2`, `${flag}:PV1-45`]);
  });

  test('an offset says which of the two hours it is, so nothing is flagged', () => {
    const notice = arriving(aDischarge({ at: '20261101013000-0500' }), undefined, { timeZone: 'America/New_York' });
    expect(utc(notice.happenedAt)).toBe('2026-11-01T06:30:00.000Z');
    expect(flags(notice)).toEqual([]);
  });

  test.each([
    ['Asia/Kolkata', '20260228233000', '2026-02-28T18:00:00.000Z'],
    ['Australia/Adelaide', '20280229120000', '2028-02-29T01:30:00.000Z'],
    ['America/St_Johns', '20261231233000', '2027-01-01T03:00:00.000Z'],
  ])('half-hour zones, 29 February and the end of the year: %s %s', (timeZone, at, expected) => {
    const notice = arriving(aDischarge({ at, sentAt: at }), undefined, { timeZone });
    expect(utc(notice.happenedAt)).toBe(expected);
    expect(flags(notice)).toEqual([]);
  });
});

describe('a facility that moved to another zone', () => {
  const facilityZones = {
    GH: [{ zone: 'America/Chicago' }, { from: '2026-07-01' as never, zone: 'America/New_York' }],
  };

  test.each([
    ['20260630235900', '2026-07-01T04:59:00.000Z', 'America/Chicago'],
    ['20260701000000', '2026-07-01T04:00:00.000Z', 'America/New_York'],
  ])('%s is read in the zone of that day', (at, expected, zone) => {
    const { happenedAt } = arriving(aDischarge({ at, sentAt: '' }), undefined, { facilityZones });
    expect(utc(happenedAt)).toBe(expected);
    expect(happenedAt.zone).toBe(zone);
  });

  test('also where MSH-7 carries the offset of the new zone and the time is older than the move', () => {
    const text = aDischarge({ at: '20260630120000', sentAt: '20260702120000-0400' });
    expect(utc(arriving(text, undefined, { facilityZones }).happenedAt)).toBe('2026-06-30T17:00:00.000Z');
  });

  test('an offset of MSH-7 that is not the facility’s counts as it stands', () => {
    const text = aDischarge({ at: '20260630120000', sentAt: '20260702120000-0700' });
    expect(utc(arriving(text, undefined, { facilityZones }).happenedAt)).toBe('2026-06-30T19:00:00.000Z');
  });
});

describe('a sender’s clock', () => {
  const now = '2026-11-22T15:00:00Z';
  const text = (at: string, more: Parameters<typeof aDischarge>[0] = {}) => aDischarge({ at, ...more });

  test('that is right, or as far off as agreed, is believed', () => {
    for (const at of ['20261122100000-0500', '20261122105900-0500', '20251030000000-0500']) {
      const notice = arriving(text(at), now);
      expect(flags(notice)).toEqual([]);
      expect(notice.happenedAt.note).toBeUndefined();
    }
  });

  test.each([
    ['a day ahead', '20261123100100-0500'],
    ['three years behind', '20231122100000-0500'],
  ])('%s: ordered and dated by arrival, flagged', (_, at) => {
    const notice = arriving(text(at), now);
    expect(flags(notice)).toEqual(['clock-implausible:MSH-7', 'clock-implausible:EVN-2']);
    expect(notice.order).toBe('2026-11-22T15:00:00.000Z|2026-11-22T15:00:00.000Z|000000000000000|digest');
    expect(notice.happenedAt).toMatchObject({ local: '2026-11-22T10:00:00', note: 'arrived' });
  });

  test('two hours ahead: MSH-7 is not believed, nor an event time from the same clock', () => {
    const notice = arriving(text('20261122120000-0500'), now);
    expect(flags(notice)).toEqual(['clock-implausible:MSH-7', 'clock-implausible:EVN-2']);
  });

  test('wrong in MSH-7 alone: the event keeps its time', () => {
    const notice = arriving(text('20261122090000-0500', { sentAt: '20301122100000-0500' }), now);
    expect(flags(notice)).toEqual(['clock-implausible:MSH-7']);
    expect(notice.order).toBe('2026-11-22T14:00:00.000Z|2026-11-22T15:00:00.000Z|000000000000000|digest');
  });

  test('right in MSH-7: an event of the day after tomorrow did not happen yet', () => {
    const notice = arriving(text('20261124100000-0500', { sentAt: '20261122100000-0500' }), now);
    expect(flags(notice)).toEqual(['clock-implausible:EVN-2']);
    expect(utc(notice.happenedAt)).toBe('2026-11-22T15:00:00.000Z');
  });

  test('right in MSH-7: history keeps its own times, however old', () => {
    const notice = arriving(text('19991122100000-0500', { sentAt: '20261122100000-0500' }), now);
    expect(flags(notice)).toEqual([]);
    expect(utc(notice.happenedAt)).toBe('1999-11-22T15:00:00.000Z');
  });

  test('is judged by the limits of the partner file', () => {
    const lenient = { clock: { aheadMaxMinutes: 1440, behindMaxDays: 36_500 } };
    expect(flags(arriving(text('20261123090000-0500'), now, lenient))).toEqual([]);
    expect(flags(arriving(text('19880520090000-0500'), now, lenient))).toEqual([]);
    const strict = { clock: { aheadMaxMinutes: 1, behindMaxDays: 1 } };
    expect(flags(arriving(text('20261120090000-0500'), now, strict))).toContain('clock-implausible:MSH-7');
  });

  test('within its limits, arrival decides nothing: the order is that of the events', () => {
    const minute = 60_000;
    fc.assert(
      fc.property(
        fc.integer({ min: -400 * 24 * 60 + 1, max: 60 }),
        fc.integer({ min: 0, max: 59 }),
        (ahead, second) => {
          const received = Date.parse(now);
          const sent = new Date(received + ahead * minute).toISOString().replace(/[-:T]/g, '').slice(0, 12);
          const message = text(`${sent}${String(ahead === 60 ? 0 : second).padStart(2, '0')}+0000`);
          expect(arriving(message, now).order).toBe(arriving(message, undefined).order);
        },
      ),
    );
  });

  test('beyond them, the later to arrive stands later, whatever it says', () => {
    const years = fc.constantFrom('1970', '2010', '2024', '2028', '2099', '2199');
    const hour = fc.integer({ min: 0, max: 23 });
    fc.assert(
      fc.property(years, years, hour, hour, (one, other, first, second) => {
        fc.pre(first !== second);
        const at = (hours: number) => `2026-11-22T${String(hours).padStart(2, '0')}:00:00Z`;
        const a = arriving(text(`${one}0620100000+0000`), at(first)).order;
        const b = arriving(text(`${other}0620100000+0000`), at(second)).order;
        expect(a < b).toBe(first < second);
      }),
    );
  });

  test('the same message that arrived at the same time has the same order, whenever it is read', () => {
    expect(arriving(text('20301122100000-0500'), now).order).toBe(arriving(text('20301122100000-0500'), now).order);
  });
});

describe('forms of times', () => {
  const of = (dischargedAt: string, dialect: Partial<Dialect> = {}) =>
    arriving(aDischarge({ dischargedAt }), '2026-11-22T15:00:00Z', dialect);

  test.each([
    ['2026', 'year', '2026-01-01T05:00:00.000Z', []],
    ['202611', 'month', '2026-11-01T04:00:00.000Z', []],
    ['20261120', 'day', '2026-11-20T05:00:00.000Z', []],
    ['2026112014', 'hour', '2026-11-20T19:00:00.000Z', []],
    ['202611201455', 'minute', '2026-11-20T19:55:00.000Z', []],
    ['20261120145530.1234', 'fraction', '2026-11-20T19:55:30.123Z', []],
    ['20261120145530.123456789-0500', 'fraction', '2026-11-20T19:55:30.123Z', []],
    ['20261120240000', 'second', '2026-11-21T05:00:00.000Z', ['time-adjusted:PV1-45']],
    ['20261120235960', 'second', '2026-11-21T04:59:59.000Z', ['time-adjusted:PV1-45']],
  ])('%s is precise to the %s and means one instant', (sent, precision, at, expected) => {
    const notice = of(sent);
    expect(notice.event.facts.dischargedAt).toMatchObject({ precision });
    expect(utc(notice.event.facts.dischargedAt)).toBe(at);
    expect(flags(notice)).toEqual(expected);
  });

  test.each([
    '20',
    '20261',
    '2026112',
    '202611201',
    '00000000',
    '00001120',
    '20261320',
    '20260229',
    '20261120250000',
    '20261120146000',
    '20261120145561',
    '20261120145530+9900',
    'now',
    '1'.repeat(50),
  ])('%s is no time: flagged and not sent, never now', (sent) => {
    const notice = of(sent);
    expect(notice.event.facts.dischargedAt).toBeUndefined();
    expect(flags(notice)).toEqual(['time-unreadable:PV1-45']);
    expect(utc(notice.happenedAt)).toBe('2026-11-20T20:00:00.000Z');
  });

  test('trailing zeros are midnight, or no time where the partner says so', () => {
    for (const sent of ['202611200000', '20261120000000', '20261120000000.000-0500', '2026-11-20T00:00:00']) {
      expect(of(sent).event.facts.dischargedAt?.precision).not.toBe('day');
      const bare = of(sent, { trailingZeros: 'no-time' }).event.facts.dischargedAt;
      expect(bare).toMatchObject({ precision: 'day', local: '2026-11-20' });
      expect(utc(bare)).toBe('2026-11-20T05:00:00.000Z');
    }
    const midnight = of('202611192400', { trailingZeros: 'no-time' }).event.facts.dischargedAt;
    expect(midnight?.precision).toBe('minute');
    expect(of('20261120000001', { trailingZeros: 'no-time' }).event.facts.dischargedAt?.precision).toBe('second');
  });
});

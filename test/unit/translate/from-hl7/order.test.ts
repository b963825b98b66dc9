// When an event happened, and the key that puts messages in the order of events (HL7 v2.9 ch. 3, EVN-2 and EVN-6).

import { describe, expect, test } from 'vitest';
import { aFeedLanguage, understand, understandAs } from '../../../support/feed-language.ts';
import { aCancelledDischarge, aDischarge, anAdmission, anAdt, aTransfer } from '../../../support/hl7.ts';

const at = '20261120150000-0500';
const keyOf = (text: string, digest = 'digest'): string =>
  understandAs('encounter', text, aFeedLanguage(), digest).order;
const utc = (text: string): string => new Date(understandAs('encounter', text).happenedAt.at).toISOString();

describe('the event time', () => {
  test('is EVN-6 where it is sent', () => {
    expect(utc(aDischarge({ at, occurredAt: '20261120140000-0500' }))).toBe('2026-11-20T19:00:00.000Z');
  });

  test('else EVN-2', () => {
    expect(utc(aDischarge({ at, sentAt: '20261120160000-0500' }))).toBe('2026-11-20T20:00:00.000Z');
  });

  test('else MSH-7, and then it is an estimate', () => {
    const { happenedAt } = understandAs('encounter', aDischarge({ at: '', sentAt: '20261120160000-0500' }));
    expect(happenedAt).toMatchObject({ at: Date.parse('2026-11-20T21:00:00Z'), note: 'estimated' });
  });

  test.each(['A11', 'A12', 'A13', 'A27', 'A38', 'A52', 'A53', 'A55', 'A62'])(
    'is never EVN-6 on the cancel %s',
    (event) => {
      expect(utc(anAdt({ event, at, occurredAt: '20261119090000-0500' }))).toBe('2026-11-20T20:00:00.000Z');
    },
  );

  test.each(['A05', 'A14'])(
    'of a plan, %s, is no later than its record: EVN-6 may be that for which it is planned',
    (event) => {
      expect(utc(anAdt({ event, at, occurredAt: '20261201090000-0500' }))).toBe('2026-11-20T20:00:00.000Z');
      expect(utc(anAdt({ event, at, occurredAt: '20261119090000-0500' }))).toBe('2026-11-19T14:00:00.000Z');
      expect(utc(anAdt({ event, at: '', occurredAt: '20261119090000-0500' }))).toBe('2026-11-19T14:00:00.000Z');
    },
  );

  test('EVN-6 as "" counts as not sent', () => {
    expect(utc(aDischarge({ at, occurredAt: '""' }))).toBe('2026-11-20T20:00:00.000Z');
  });

  test.each(['11/20/2026', '20261320', '20260230', '00000101', '99991231', 'today'])(
    '%s is no time: noted, and not sent',
    (bad) => {
      const notice = understandAs('encounter', aDischarge({ at, occurredAt: bad }));
      expect(new Date(notice.happenedAt.at).toISOString()).toBe('2026-11-20T20:00:00.000Z');
      expect(notice.warnings).toEqual([{ code: 'time-unreadable', field: 'EVN-6' }]);
    },
  );

  test('without any: hl7.time-missing', () => {
    expect(() => understand(aDischarge({ at: '', sentAt: '' }))).toThrow(
      expect.objectContaining({ code: 'hl7.time-missing' }),
    );
    expect(() => understand(aDischarge({ at: 'x', sentAt: 'y' }))).toThrow(
      expect.objectContaining({ code: 'hl7.time-missing' }),
    );
  });
});

describe('the zone of a time', () => {
  const zoneOf = (text: string, language = aFeedLanguage()): string =>
    new Date(understandAs('encounter', text, language).happenedAt.at).toISOString().slice(11, 16);

  test('is the offset of the field', () => {
    expect(zoneOf(aDischarge({ at: '20261120120000-0700', sentAt: '20261120120000-0500' }))).toBe('19:00');
  });

  test('else the offset of MSH-7', () => {
    expect(zoneOf(aDischarge({ at: '20261120120000', sentAt: '20261120120500-0600', facility: 'GH-DENVER' }))).toBe(
      '18:00',
    );
  });

  test('else the zone of the facility in MSH-4', () => {
    expect(zoneOf(aDischarge({ at: '20261120120000', facility: 'GH-DENVER' }))).toBe('19:00');
  });

  test('else the zone of the partner', () => {
    expect(zoneOf(aDischarge({ at: '20261120120000', facility: 'ELSEWHERE' }))).toBe('17:00');
    expect(zoneOf(aDischarge({ at: '20261120120000', facility: 'constructor' }))).toBe('17:00');
  });

  test('without any zone: hl7.time-zone-missing', () => {
    const language = aFeedLanguage({ timeZone: undefined as unknown as string });
    expect(() => understand(aDischarge({ at: '20261120120000' }), language)).toThrow(
      expect.objectContaining({ code: 'hl7.time-zone-missing' }),
    );
  });
});

describe('the order key', () => {
  test('has fixed widths: event time, sent time, sequence number, digest', () => {
    const text = aDischarge({ at, sentAt: '20261120150500.25-0500', sequence: '42' });
    expect(keyOf(text)).toBe('2026-11-20T20:00:00.000Z|2026-11-20T20:05:00.250Z|000000000000042|digest');
  });

  test('takes the event time for a sent time that is missing', () => {
    const notice = understandAs('encounter', aDischarge({ at, sentAt: '' }));
    expect(notice.order).toBe('2026-11-20T20:00:00.000Z|2026-11-20T20:00:00.000Z|000000000000000|digest');
  });

  test('puts events of different offsets in the order in which they happened', () => {
    const keys = [
      keyOf(anAdmission({ at: '20261120010000+0100' })),
      keyOf(aTransfer({ at: '20261119193000-0500' })),
      keyOf(aDischarge({ at: '20261120003100+0000' })),
    ];
    expect([...keys].sort()).toEqual(keys);
  });

  test('of the same event time: by sent time, then sequence number, then digest', () => {
    const keys = [
      keyOf(aDischarge({ at, sentAt: at })),
      keyOf(aDischarge({ at, sentAt: '20261120150001-0500', sequence: '9' })),
      keyOf(aDischarge({ at, sentAt: '20261120150001-0500', sequence: '10' }), 'a'),
      keyOf(aDischarge({ at, sentAt: '20261120150001-0500', sequence: '10' }), 'b'),
    ];
    expect([...keys].sort()).toEqual(keys);
  });

  test('a cancel sorts after the discharge that it cancels', () => {
    const discharge = keyOf(aDischarge({ at }));
    const cancel = keyOf(aCancelledDischarge({ at: '20261120170000-0500', occurredAt: at }));
    expect([cancel, discharge].sort()).toEqual([discharge, cancel]);
  });

  test('a sequence number that is none counts as zero', () => {
    for (const sequence of ['-1', 'abc', '1234567890123456']) {
      expect(keyOf(aDischarge({ at, sequence }))).toContain('|000000000000000|');
    }
  });
});

// Moments: how a field's digits become an instant, and which zone they are read in.

import { describe, expect, it } from 'vitest';
import type { Moment } from '../../../src/base/instant.ts';
import { formatMoment, type MomentParts, type MomentZones, momentFrom } from '../../../src/base/moment.ts';
import { formatInstant, formatWithOffset, parseInstant } from '../../../src/base/time.ts';

const precisions = ['year', 'month', 'day', 'hour', 'minute', 'second', 'fraction'] as const;

/** Parts as the reader of HL7 times gives them: as many as are passed. */
function parts(...values: readonly number[]): MomentParts {
  const [year, month, day, hour, minute, second, millis] = values;
  return { text: '', precision: precisions[values.length - 1]!, year: year!, month, day, hour, minute, second, millis };
}

function moment(given: MomentParts, zones: MomentZones): Moment {
  const found = momentFrom(given, zones);
  if (found === 'zone-missing') throw new Error('the zone is missing');
  return found;
}

describe('the zone of a moment', () => {
  const november = parts(2026, 11, 20, 23, 50);

  it('is the field’s own offset before any other', () => {
    const found = moment({ ...november, offsetMinutes: -480 }, { messageOffsetMinutes: -300, zone: 'America/Denver' });
    expect(formatInstant(found.at)).toBe('2026-11-21T07:50:00.000Z');
    expect(found).toMatchObject({
      zone: 'UTC-08:00',
      offsetMinutes: -480,
      date: '2026-11-20',
      local: '2026-11-20T23:50',
    });
  });

  it('is then the offset of MSH-7', () => {
    expect(moment(november, { messageOffsetMinutes: -300, zone: 'America/Denver' })).toMatchObject({
      zone: 'UTC-05:00',
      offsetMinutes: -300,
      date: '2026-11-20',
    });
  });

  it('is then the partner’s', () => {
    expect(moment(november, { zone: 'America/Denver' })).toMatchObject({ zone: 'America/Denver', offsetMinutes: -420 });
  });

  it('is missing when nobody names one', () => {
    expect(momentFrom(november, {})).toBe('zone-missing');
  });

  it('has the partner’s name when the offset is the partner’s at that time', () => {
    expect(moment({ ...november, offsetMinutes: -420 }, { zone: 'America/Denver' }).zone).toBe('America/Denver');
    expect(moment(november, { messageOffsetMinutes: -420, zone: 'America/Denver' }).zone).toBe('America/Denver');
    expect(moment(november, { messageOffsetMinutes: 0 }).zone).toBe('UTC+00:00');
  });

  it('of a July time in a December message is summer time, where MSH-7 speaks in the partner’s zone', () => {
    const sent = { messageOffsetMinutes: -420, messageSentAt: parseInstant('2026-12-01T12:00:00-07:00')! };
    const july = parts(2026, 7, 1, 12, 0);
    expect(moment(july, { ...sent, zone: 'America/Denver' })).toMatchObject({
      offsetMinutes: -360,
      zone: 'America/Denver',
    });
    expect(moment(july, { ...sent, zone: 'America/New_York' })).toMatchObject({
      offsetMinutes: -420,
      zone: 'UTC-07:00',
    });
    expect(moment(july, sent)).toMatchObject({ offsetMinutes: -420, zone: 'UTC-07:00' });
  });
});

describe('the digits of a moment', () => {
  const zones = { zone: 'America/Denver' };

  it.each([
    [parts(2026), '2026', '2026-01-01', '2026-01-01T00:00:00-07:00', 'precision'],
    [parts(2026, 7), '2026-07', '2026-07-01', '2026-07-01T00:00:00-06:00', 'precision'],
    [parts(2026, 11, 20), '2026-11-20', '2026-11-20', '2026-11-20T00:00:00-07:00', 'precision'],
    [parts(2026, 11, 20, 23), '2026-11-20T23', '2026-11-20', '2026-11-20T23:00:00-07:00', undefined],
    [parts(2026, 11, 20, 23, 50), '2026-11-20T23:50', '2026-11-20', '2026-11-20T23:50:00-07:00', undefined],
    [parts(2026, 11, 20, 23, 50, 9), '2026-11-20T23:50:09', '2026-11-20', '2026-11-20T23:50:09-07:00', undefined],
    [
      parts(2026, 11, 20, 23, 50, 9, 70),
      '2026-11-20T23:50:09.070',
      '2026-11-20',
      '2026-11-20T23:50:09.070-07:00',
      undefined,
    ],
  ])('%j keep their precision', (given, local, date, at, note) => {
    const found = moment(given, zones);
    expect(found).toMatchObject({ local, date, precision: given.precision });
    expect(formatWithOffset(found.at, found.offsetMinutes)).toBe(at);
    expect(found.note).toBe(note);
  });

  it('as FHIR dateTime say no more than was sent, and no hour without minutes', () => {
    const texts = [parts(2026), parts(2026, 7), parts(2026, 7, 1), parts(2026, 7, 1, 9), parts(2026, 7, 1, 9, 5)].map(
      (given) => formatMoment(moment(given, zones)),
    );
    expect(texts).toEqual(['2026', '2026-07', '2026-07-01', '2026-07-01', '2026-07-01T09:05:00-06:00']);
  });

  it('of a repeated or missing hour carry a note', () => {
    expect(moment(parts(2026, 11, 1, 1, 30), zones)).toMatchObject({ note: 'repeated-hour', offsetMinutes: -360 });
    expect(moment(parts(2026, 3, 8, 2, 30), zones)).toMatchObject({
      note: 'missing-hour',
      offsetMinutes: -360,
      local: '2026-03-08T02:30',
    });
  });
});

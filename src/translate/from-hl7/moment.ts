// Times of a message as moments. Zone: the field's offset, else that of MSH-7, else the facility's zone, else the
// partner's; never the server's. What a change of the clock makes doubtful is noted, not guessed in silence.

import { Fault } from '../../base/fault.ts';
import type { Instant, Moment } from '../../base/instant.ts';
import { momentFrom } from '../../base/moment.ts';
import { offsetMinutesAt } from '../../base/time.ts';
import type { Segment, Value } from '../../hl7/parse.ts';
import { readTime, type Time } from '../../hl7/time.ts';
import type { DatedZone, FeedLanguage } from './dialect.ts';
import { type Clock, type Notes, warn } from './reading.ts';
import { own, text } from './sent.ts';

/** Outside these years a time is a slip of the keyboard; within them its ISO text has a fixed width. */
const firstYear = 1800;
const lastYear = 2200;

/** Undefined when nothing was sent, or nothing that is a time: that is noted, and the field counts as not sent. */
export function momentOf(reading: Clock & Notes, value: Value, field: string): Moment | undefined {
  const sent = text(value);
  if (sent === undefined) return undefined;
  const read = readTime(sent);
  if (read === undefined || read.year < firstYear || read.year > lastYear) {
    warn(reading, 'time-unreadable', field);
    return undefined;
  }
  const time = reading.dropsZeros ? withoutZeros(read) : read;
  const zones =
    reading.datedZones === undefined ? reading.zones : { ...reading.zones, zone: zoneOn(reading.datedZones, time) };
  const moment = momentFrom(time, zones);
  if (moment === 'zone-missing') throw new Fault('hl7.time-zone-missing', { detail: field });
  if (time.isAdjusted) warn(reading, 'time-adjusted', field);
  if (moment.note === 'repeated-hour') warn(reading, 'time-repeated', field);
  if (moment.note === 'missing-hour') warn(reading, 'time-missing', field);
  if (reading.trace !== undefined) reading.trace.time(field, moment, zoneSource(reading, time));
  return moment;
}

/**
 * MSH-7, and the clock for all other times of its message (HL7 v2.9 ch. 2.A, DTM: its offset is their default). Where
 * MSH-7 speaks in the facility's own zone, times of the message take that zone, each as of its own day.
 */
export function readClock(
  header: Segment | undefined,
  facility: string | undefined,
  { dialect, trace }: FeedLanguage,
  notes: Notes,
): Clock & { readonly sentAt: Moment | undefined } {
  const named = facility === undefined ? undefined : own(dialect.facilityZones, facility);
  const datedZones = typeof named === 'object' ? named : undefined;
  const zone = (typeof named === 'string' ? named : undefined) ?? dialect.timeZone;
  const clock: Clock = {
    zones: { zone },
    zoneFrom: named === undefined ? 'the partner' : 'the facility',
    dropsZeros: dialect.trailingZeros === 'no-time',
    ...(datedZones !== undefined && { datedZones }),
    ...(trace !== undefined && { trace }),
  };
  const value = header?.get(7);
  const sentAt = momentOf({ ...clock, warnings: notes.warnings }, value, 'MSH-7');
  if (sentAt !== undefined && trace !== undefined) trace.fact('sent-at', 'MSH-7', header?.field(7) ?? '', sentAt);
  const time = sentAt === undefined ? undefined : readTime(text(value) ?? '');
  const messageOffsetMinutes = time?.offsetMinutes;
  if (datedZones === undefined || time === undefined || sentAt === undefined) {
    return { ...clock, sentAt, zones: { zone, messageOffsetMinutes, messageSentAt: sentAt?.at } };
  }
  const speaksInZone = offsetMinutesAt(sentAt.at, zoneOn(datedZones, time)) === messageOffsetMinutes;
  return { ...clock, sentAt, zones: { zone, ...(!speaksInZone && { messageOffsetMinutes }) } };
}

/** The moment at which a message arrived, to the second, as it reads in a zone. */
export function arrival(at: Instant, zone: string): Moment {
  const offsetMinutes = offsetMinutesAt(at, zone);
  const wall = new Date(at + offsetMinutes * 60_000).toISOString();
  return {
    at,
    local: wall.slice(0, 19),
    date: wall.slice(0, 10) as Moment['date'],
    zone,
    offsetMinutes,
    precision: 'second',
    note: 'arrived',
  };
}

/** The zone of a facility on the day that a time names. */
function zoneOn(dated: readonly DatedZone[], { year, month = 1, day = 1 }: Time): string {
  const date = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const held = dated.findLast(({ from }) => from === undefined || from <= date) ?? dated[0];
  return held?.zone ?? 'UTC';
}

/** `202611200000` as the day alone. Hour 24 was written on purpose and stays a midnight. */
function withoutZeros(time: Time): Time {
  const { text: sent, year, month, day, hour, minute, second = 0, millis = 0, offsetMinutes } = time;
  if (
    time.isAdjusted ||
    hour !== 0 ||
    minute !== 0 ||
    second !== 0 ||
    millis !== 0 ||
    month === undefined ||
    day === undefined
  )
    return time;
  return { text: sent, precision: 'day', year, month, day, ...(offsetMinutes !== undefined && { offsetMinutes }) };
}

function zoneSource({ zones, zoneFrom }: Clock, time: Time): 'the field' | 'MSH-7' | Clock['zoneFrom'] {
  if (time.offsetMinutes !== undefined) return 'the field';
  const { messageOffsetMinutes, messageSentAt, zone } = zones;
  if (messageOffsetMinutes === undefined) return zoneFrom;
  const isZones =
    zone !== undefined && messageSentAt !== undefined && offsetMinutesAt(messageSentAt, zone) === messageOffsetMinutes;
  return isZones ? zoneFrom : 'MSH-7';
}

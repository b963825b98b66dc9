// Times of a message as moments. Zone: the field's offset, else that of MSH-7, else the facility's zone, else the
// partner's; never the server's. Trailing zeros mean midnight.

import { Fault } from '../../base/fault.ts';
import type { Moment } from '../../base/instant.ts';
import { momentFrom } from '../../base/moment.ts';
import type { Segment, Value } from '../../hl7/parse.ts';
import { readTime } from '../../hl7/time.ts';
import type { Dialect } from './dialect.ts';
import { type Clock, type Notes, warn } from './reading.ts';
import { own, text } from './sent.ts';

/** Outside these years a time is a slip of the keyboard; within them its ISO text has a fixed width. */
const firstYear = 1800;
const lastYear = 2200;

/** Undefined when nothing was sent, or nothing that is a time: that is noted, and the field counts as not sent. */
export function momentOf(reading: Clock & Notes, value: Value, field: string): Moment | undefined {
  const sent = text(value);
  if (sent === undefined) return undefined;
  const time = readTime(sent);
  if (time === undefined || time.year < firstYear || time.year > lastYear) {
    warn(reading, 'time-unreadable', field);
    return undefined;
  }
  const moment = momentFrom(time, reading.zones);
  if (moment === 'zone-missing') throw new Fault('hl7.time-zone-missing', { detail: field });
  return moment;
}

/** MSH-7, and the clock for all other times of its message (HL7 v2.9 ch. 2.A, DTM: its offset is their default). */
export function readClock(
  header: Segment | undefined,
  facility: string | undefined,
  dialect: Dialect,
  notes: Notes,
): Clock & { readonly sentAt: Moment | undefined } {
  const zone = (facility === undefined ? undefined : own(dialect.facilityZones, facility)) ?? dialect.timeZone;
  const sentAt = momentOf({ zones: { zone }, warnings: notes.warnings }, header?.get(7), 'MSH-7');
  const messageOffsetMinutes = sentAt === undefined ? undefined : readTime(text(header?.get(7)) ?? '')?.offsetMinutes;
  return { sentAt, zones: { zone, messageOffsetMinutes, messageSentAt: sentAt?.at } };
}

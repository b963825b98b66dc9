// Moments: the time in a field, with as many digits as were sent, made an instant. Zone order: the field's offset, the
// offset of MSH-7, the partner's zone; never the server's (HL7 v2.5.1 ch. 2 §2.15.9.7).

import { type Instant, instant, type Moment } from './instant.ts';
import {
  formatWithOffset,
  type LocalTime,
  localDateAt,
  offsetMinutesAt,
  offsetText,
  resolveLocal,
  wallTime,
} from './time.ts';

/** A time as a field gives it, its parts already checked to be in range. */
export interface MomentParts {
  readonly text: string;
  readonly precision: Moment['precision'];
  readonly year: number;
  readonly month?: number | undefined;
  readonly day?: number | undefined;
  readonly hour?: number | undefined;
  readonly minute?: number | undefined;
  readonly second?: number | undefined;
  readonly millis?: number | undefined;
  readonly offsetMinutes?: number | undefined;
}

export interface MomentZones {
  /** The offset that MSH-7 carries. */
  readonly messageOffsetMinutes?: number | undefined;
  /** When the message was sent (MSH-7): tells whether its offset is that of `zone` in that season. */
  readonly messageSentAt?: Instant | undefined;
  /** The partner's IANA zone. */
  readonly zone?: string | undefined;
}

/**
 * The moment that a field means. A field without an offset takes that of MSH-7; but where MSH-7 speaks in the
 * partner's own zone, it takes that zone, so that a July time in a December message keeps its summer time.
 */
export function momentFrom(parts: MomentParts, zones: MomentZones): Moment | 'zone-missing' {
  const wall: LocalTime = {
    year: parts.year,
    month: parts.month ?? 1,
    day: parts.day ?? 1,
    hour: parts.hour ?? 0,
    minute: parts.minute ?? 0,
    second: parts.second ?? 0,
    millis: parts.millis ?? 0,
  };
  const fixed = parts.offsetMinutes ?? (speaksInZone(zones) ? undefined : zones.messageOffsetMinutes);
  if (fixed === undefined && zones.zone === undefined) return 'zone-missing';
  const resolved =
    fixed === undefined
      ? resolveLocal(wall, zones.zone!)
      : { at: instant(wallTime(wall) - fixed * 60_000), offsetMinutes: fixed };
  const note = parts.hour === undefined ? 'precision' : 'note' in resolved ? resolved.note : undefined;
  return {
    at: resolved.at,
    local: localDigits(wall, parts.precision),
    date: localDateAt(resolved.at, resolved.offsetMinutes),
    zone: zoneLabel(resolved.at, resolved.offsetMinutes, zones.zone),
    offsetMinutes: resolved.offsetMinutes,
    precision: parts.precision,
    ...(note === undefined ? {} : { note }),
  };
}

/**
 * The moment as FHIR dateTime, no more precise than it was sent. FHIR has no time without minutes, so a moment that is
 * precise to the hour is given as its day.
 */
export function formatMoment(moment: Moment): string {
  switch (moment.precision) {
    case 'year':
    case 'month':
    case 'day':
      return moment.local;
    case 'hour':
      return moment.date;
    case 'minute':
    case 'second':
    case 'fraction':
      return formatWithOffset(moment.at, moment.offsetMinutes);
  }
}

function speaksInZone({ zone, messageOffsetMinutes, messageSentAt }: MomentZones): boolean {
  if (zone === undefined || messageOffsetMinutes === undefined || messageSentAt === undefined) return false;
  return offsetMinutesAt(messageSentAt, zone) === messageOffsetMinutes;
}

function zoneLabel(at: Instant, offsetMinutes: number, zone: string | undefined): string {
  const isZones = zone !== undefined && offsetMinutesAt(at, zone) === offsetMinutes;
  return isZones ? zone : `UTC${offsetText(offsetMinutes)}`;
}

/** How many characters of `2026-11-20T23:50:00.000` each precision keeps. */
const digits = { year: 4, month: 7, day: 10, hour: 13, minute: 16, second: 19, fraction: 23 } as const;

function localDigits(wall: LocalTime, precision: Moment['precision']): string {
  const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
  const day = `${pad(wall.year, 4)}-${pad(wall.month)}-${pad(wall.day)}`;
  const time = `${pad(wall.hour)}:${pad(wall.minute)}:${pad(wall.second)}.${pad(wall.millis, 3)}`;
  return `${day}T${time}`.slice(0, digits[precision]);
}

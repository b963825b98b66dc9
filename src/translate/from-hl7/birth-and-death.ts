// Birth and death of a person: PID-7, PID-24, PID-25, PID-29 and PID-30 (HL7 v2.5.1 ch. 3.4.2).

import { formatMoment, momentFrom } from '../../base/moment.ts';
import type { Demographics } from '../../domain/patient/record.ts';
import { readTime, type Time } from '../../hl7/time.ts';
import { momentOf } from './moment.ts';
import { type Found, factOf, type Segments, valueAt } from './path.ts';
import { type Reading, warn } from './reading.ts';
import { sent, text } from './sent.ts';
import { yesOrNo } from './yes-or-no.ts';

/** The field gives date and time together, so a date alone takes back a time that was known. */
export function readBirth(reading: Reading, segments: Segments): Pick<Demographics, 'birthDate' | 'birthTime'> {
  const time = factOf(reading.language, 'birth-date', segments, (found) => birthOf(reading, found));
  if (time === undefined) return {};
  if (time === null) return { birthDate: null, birthTime: null };
  return { birthDate: dayOf(time), birthTime: timeOf(time) };
}

/** PID-29 implies death, whatever PID-30 says; a person who is not dead has no time of death. */
export function readDeath(reading: Reading, segments: Segments): Pick<Demographics, 'deceased' | 'deceasedAt'> {
  const { language } = reading;
  const deceased = factOf(language, 'deceased', segments, (found) => yesOrNo(reading, found));
  const deceasedAt = factOf(language, 'deceased-at', segments, (found) =>
    momentOf(reading, valueAt(found), found.path.name),
  );
  if (deceasedAt === undefined || deceasedAt === null) {
    return sent({ deceased, deceasedAt: deceased === false ? null : deceasedAt });
  }
  if (deceased === false) warn(reading, 'death-contradicted', 'PID-30');
  return { deceased: true, deceasedAt };
}

/** The order of birth where it is known, else whether there were several. */
export function readMultipleBirth(reading: Reading, segments: Segments): Demographics['multipleBirth'] {
  const { language } = reading;
  const multiple = factOf(language, 'multiple-birth', segments, (found) => yesOrNo(reading, found));
  if (multiple === false || multiple === null) return multiple;
  const order = factOf(language, 'birth-order', segments, (found) => text(valueAt(found)));
  return typeof order === 'string' && /^[1-9]\d?$/.test(order) ? Number(order) : multiple;
}

function birthOf(reading: Reading, found: Found): Time | undefined {
  const value = text(valueAt(found));
  const time = value === undefined ? undefined : readTime(value);
  if (value !== undefined && time === undefined) warn(reading, 'time-unreadable', found.path.name);
  return time;
}

/** FHIR date, as precise as it was sent. */
function dayOf({ year, month, day }: Time): string {
  const parts = [String(year).padStart(4, '0'), two(month), two(day)];
  return parts.filter((part) => part !== undefined).join('-');
}

/** Only with an offset: the sender's zone is not where the person was born, and zeros mostly mean no time at all. */
function timeOf(time: Time): string | null {
  if (time.minute === undefined || time.offsetMinutes === undefined) return null;
  const moment = momentFrom(time, {});
  return moment === 'zone-missing' ? null : formatMoment(moment);
}

const two = (part: number | undefined): string | undefined =>
  part === undefined ? undefined : String(part).padStart(2, '0');

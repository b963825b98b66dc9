// One FHIR message while it is read: what the readers of its parts share, and what they noticed on the way.

import { localDate, type Moment } from '../../base/instant.ts';
import { momentFrom } from '../../base/moment.ts';
import { isDay } from '../../base/time.ts';
import type { Code } from '../../domain/code.ts';
import type { Warning } from '../../domain/notice.ts';
import type { Find } from '../../fhir/message.ts';
import { codingsOf, type Part, partOf, textOf } from '../../fhir/part.ts';
import type { FeedLanguage } from '../from-hl7/dialect.ts';
import { sent } from '../from-hl7/sent.ts';

export interface FhirReading {
  readonly language: FeedLanguage;
  readonly find: Find;
  readonly warnings: Warning[];
  readonly unmapped: { readonly table: string; readonly code: string }[];
}

/** Notes something about an element, once. */
export function note(reading: Pick<FhirReading, 'warnings'>, code: string, field: string): void {
  if (!reading.warnings.some((known) => known.code === code && known.field === field))
    reading.warnings.push({ code, field });
}

const dateTime = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** A FHIR date, dateTime or instant; days are those of the partner's zone. What is none is noted. */
export function momentOf(reading: FhirReading, value: unknown, place: string): Moment | undefined {
  const text = textOf(value);
  if (text === undefined) return undefined;
  const [, year, month, day, hour, minute, second, fraction, offset] = dateTime.exec(text) ?? [];
  const isTime = hour === undefined || (Number(hour) < 24 && Number(minute) < 60 && Number(second ?? 0) < 61);
  if (year === undefined || !isTime || !isDay(`${year}-${month ?? '01'}-${day ?? '01'}`)) {
    note(reading, 'time-unreadable', place);
    return undefined;
  }
  const number = (part: string | undefined) => (part === undefined ? undefined : Number(part));
  const moment = momentFrom(
    {
      text,
      precision: precisionOf({ month, day, hour, second, fraction }),
      year: Number(year),
      month: number(month),
      day: number(day),
      hour: number(hour),
      minute: number(minute),
      second: number(second),
      millis: fraction === undefined ? undefined : Number(fraction.padEnd(3, '0').slice(0, 3)),
      offsetMinutes: offset === undefined ? undefined : minutesOf(offset),
    },
    { zone: reading.language.dialect.timeZone },
  );
  return moment === 'zone-missing' ? undefined : moment;
}

function precisionOf(parts: Readonly<Record<'month' | 'day' | 'hour' | 'second' | 'fraction', string | undefined>>) {
  if (parts.fraction !== undefined) return 'fraction';
  if (parts.second !== undefined) return 'second';
  if (parts.hour !== undefined) return 'minute';
  if (parts.day !== undefined) return 'day';
  return parts.month === undefined ? 'year' : 'month';
}

function minutesOf(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  return offset.startsWith('-') ? -minutes : minutes;
}

/** A coding as a code. */
export const codeFrom = (coding: Part | undefined, text?: string): Code | undefined => {
  const code = sent({
    system: textOf(coding?.system),
    code: textOf(coding?.code),
    text: text ?? textOf(coding?.display),
  });
  return Object.keys(code).length === 0 ? undefined : code;
};

/** A concept by its first coding, with its own wording before that of the coding. */
export const conceptFrom = (concept: unknown): Code | undefined =>
  codeFrom(codingsOf(concept)[0], textOf(partOf(concept)?.text));

export const dateOf = (value: unknown): string | undefined => {
  const text = textOf(value);
  return text !== undefined && /^\d{4}(-\d\d(-\d\d)?)?$/.test(text) ? localDate(text) : undefined;
};

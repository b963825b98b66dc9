// One message while it is read: what the readers of its parts share, and what they noticed on the way.

import type { Instant, Moment } from '../../base/instant.ts';
import type { MomentZones } from '../../base/moment.ts';
import type { Warning } from '../../domain/notice.ts';
import type { Message } from '../../hl7/parse.ts';
import type { DatedZone, FeedLanguage } from './dialect.ts';
import type { Trace } from './trace.ts';

export interface Reading extends Notes, Clock {
  readonly message: Message;
  readonly language: FeedLanguage;
  /** MSH-4: namespace, else universal id. */
  readonly facility: string | undefined;
  /** MSH-7; when the message arrived, where the sender's clock cannot be right. */
  readonly sentAt: Moment | undefined;
  /** When the message arrived, where that is known. */
  readonly receivedAt: Instant | undefined;
  /** MSH-7 cannot be right: the sender's clock is ahead, or behind. */
  readonly clockIs: 'ahead' | 'behind' | undefined;
  readonly unmapped: { readonly table: string; readonly code: string }[];
}

/** What turns a time into a moment. */
export interface Clock {
  readonly zones: MomentZones;
  /** Where the facility has changed its zone: which one holds depends on the day of the time itself. */
  readonly datedZones?: readonly DatedZone[];
  readonly zoneFrom: 'the facility' | 'the partner';
  /** A time of 00:00 is a day without a time. */
  readonly dropsZeros: boolean;
  readonly trace?: Trace;
}

export interface Notes {
  readonly warnings: Warning[];
}

/** More repetitions or segments than this are a fault of an interface; what is beyond is left out, and noted. */
const listLengthMax = 100;

export function limited<Type>(notes: Notes, values: readonly Type[], field: string): readonly Type[] {
  if (values.length <= listLengthMax) return values;
  warn(notes, 'list-too-long', field);
  return values.slice(0, listLengthMax);
}

/** Notes something about a field, once. */
export function warn(notes: Notes, code: string, field?: string): void {
  if (notes.warnings.some((warning) => warning.code === code && warning.field === field)) return;
  notes.warnings.push({ code, ...(field !== undefined && { field }) });
}

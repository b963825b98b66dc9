// When an event happened and where its message stands among all messages: by event time, then sent time (MSH-7), then
// sequence number (MSH-13), then digest (HL7 v2.9 ch. 3, EVN-2 and EVN-6); by arrival only where the clock of the sender
// cannot be right.

import { Fault } from '../../base/fault.ts';
import type { Moment } from '../../base/instant.ts';
import { formatInstant } from '../../base/time.ts';
import type { OrderKey } from '../../domain/patient/record.ts';
import { isImpossible } from './clock.ts';
import { arrival, momentOf } from './moment.ts';
import { pathsOf } from './path.ts';
import { type Reading, warn } from './reading.ts';
import { text } from './sent.ts';

/** On a cancel EVN-6 is the time of the event that is cancelled, so cancels have a list of fields of their own. */
const cancels = new Set(['A11', 'A12', 'A13', 'A25', 'A26', 'A27', 'A32', 'A33', 'A38', 'A52', 'A53', 'A55', 'A62']);

/** On these EVN-6 may be the time for which something is planned: it happened no later than it was recorded. */
const plans = new Set(['A05', 'A14']);

type TimeFact = 'cancel-time' | 'event-time';

interface TimeFound {
  readonly fact: TimeFact;
  readonly field: string;
  readonly raw: string;
  readonly moment: Moment;
}

/** The first of the mapping's fields that holds a readable time; `estimated` when that is only when it was sent. */
export function readEventTime(reading: Reading, trigger: string): Moment {
  const recorded = cancels.has(trigger) || plans.has(trigger) ? readFirst(reading, 'cancel-time') : undefined;
  const happened = cancels.has(trigger) ? undefined : readFirst(reading, 'event-time');
  const found = happened && recorded && recorded.moment.at < happened.moment.at ? recorded : (happened ?? recorded);
  if (found === undefined) {
    const fact = cancels.has(trigger) ? 'cancel-time' : 'event-time';
    throw new Fault('hl7.time-missing', { detail: pathsOf(reading.language, fact)[0]?.name ?? 'EVN-2' });
  }
  const believed = believe(reading, found.moment, found.field);
  reading.language.trace?.fact(found.fact, found.field, found.raw, believed);
  return believed;
}

function readFirst(reading: Reading, fact: TimeFact): TimeFound | undefined {
  for (const path of pathsOf(reading.language, fact)) {
    const segment = reading.message.first(path.segment);
    const value = segment?.get(path.field, path.component ?? 1, path.subcomponent ?? 1);
    const moment = momentOf(reading, value, path.name);
    if (moment !== undefined) return { fact, field: path.name, raw: segment?.field(path.field) ?? '', moment };
  }
  return undefined;
}

/** When it was sent only estimates when it happened; where the clock cannot be right, when it arrived estimates both. */
function believe(reading: Reading, moment: Moment, field: string): Moment {
  const { receivedAt, clockIs, language } = reading;
  if (receivedAt !== undefined && isImpossible(moment, receivedAt, clockIs, language.dialect.clock)) {
    warn(reading, 'clock-implausible', field);
    return arrival(receivedAt, language.dialect.timeZone);
  }
  return field === 'MSH-7' ? { ...moment, note: 'estimated' } : moment;
}

/** Fixed widths throughout, so that keys sort as text. Where MSH-7 is missing the event time stands for it. */
export function readOrder(reading: Reading, happenedAt: Moment, digest: string): OrderKey {
  const sentAt = reading.sentAt ?? happenedAt;
  return `${formatInstant(happenedAt.at)}|${formatInstant(sentAt.at)}|${sequence(reading)}|${digest}`;
}

/** MSH-13, up to the fifteen digits an NM may have; anything else counts as none. */
function sequence(reading: Reading): string {
  const number = text(reading.message.first('MSH')?.get(13)) ?? '';
  return (/^\d{1,15}$/.test(number) ? number : '').padStart(15, '0');
}

// A message as a notice: who, which stay, what, when. What each trigger event does stands in mappings/hl7v2/adt.yaml.

import { Fault } from '../../base/fault.ts';
import type { Instant } from '../../base/instant.ts';
import type { Notice, NoticeBase } from '../../domain/notice.ts';
import type { Message } from '../../hl7/parse.ts';
import { errs } from './clock.ts';
import type { EventEffect, FeedLanguage } from './dialect.ts';
import { concernsStay, readEvent } from './event.ts';
import { readIdentity } from './identity.ts';
import { arrival, readClock } from './moment.ts';
import { readEventTime, readOrder } from './order.ts';
import { readOther } from './other-notice.ts';
import { type Notes, type Reading, warn } from './reading.ts';
import { own, text } from './sent.ts';
import { readSubject } from './subject.ts';
import { readSwap } from './swap.ts';

export interface ReadContext {
  readonly digest: string;
  /** When the message arrived, as stored: a sender's clock is judged by it. Absent: every clock is believed. */
  readonly receivedAt?: Instant;
}

/**
 * Throws a Fault, with the place as its detail, when the message cannot be understood: type, segment, identifier or
 * time missing, merge incomplete.
 * `digest` identifies the message by its content: the same message is the same event, however often it comes.
 */
export function readNotice(message: Message, language: FeedLanguage, context: ReadContext): Notice {
  const header = message.first('MSH');
  const type = text(header?.get(9))?.toUpperCase();
  if (type === undefined) throw new Fault('hl7.type-missing', { detail: 'MSH-9' });
  const sentTrigger = text(header?.get(9, 2)) ?? text(message.first('EVN')?.get(1));
  const trigger = shown(sentTrigger?.toUpperCase() ?? '');
  if (type !== 'ADT')
    return (
      readOther(language, {
        message,
        type,
        trigger,
        digest: context.digest,
        start: (spoken) => startReading(message, spoken, context),
      }) ?? ignored(trigger, `message type ${/^[A-Z][A-Z0-9]{2}$/.test(type) ? type : 'of that name'} is not used here`)
    );
  if (trigger === '') return ignored(trigger, 'the message names no event');
  const effect = own(language.mapping.events, trigger);
  if (effect === undefined)
    return ignored(trigger, `event ${/^[A-Z]\d{2}$/.test(trigger) ? trigger : 'of that name'} has no meaning here`);
  if (effect.effect === 'ignored') return ignored(trigger, effect.reason);
  return readEffect(startReading(message, language, context), effect, trigger, context.digest);
}

function readEffect(
  reading: Reading,
  effect: Exclude<EventEffect, { readonly effect: 'ignored' }>,
  trigger: string,
  digest: string,
): Notice {
  const event = text(reading.message.first('EVN')?.get(1))?.toUpperCase();
  if (event !== undefined && event !== trigger) warn(reading, 'event-contradicted', 'EVN-1');
  const happenedAt = readEventTime(reading, trigger);
  const order = readOrder(reading, happenedAt, digest);
  const base: NoticeBase = { trigger, order, happenedAt, warnings: reading.warnings, unmapped: reading.unmapped };
  if (withdrawn.has(trigger)) warn(reading, 'event-withdrawn', 'MSH-9');
  switch (effect.effect) {
    case 'person-deleted':
      return { ...base, kind: 'person', subject: { ...readSubject(reading), demographics: { deleted: true } } };
    case 'swap':
      return { ...base, kind: 'several', notices: readSwap(reading, base, digest) };
    case 'person':
      return { ...base, kind: 'person', subject: readSubject(reading) };
    case 'encounter': {
      const subject = readSubject(reading);
      const told = readEvent(reading, subject, { kind: effect.kind, trigger, digest, order, happenedAt });
      const isPersonal = effect.kind === 'updated' && !concernsStay(reading, told);
      if (isPersonal && (told.facts.diagnoses || told.facts.diagnosisActions))
        warn(reading, 'diagnosis-without-stay', 'DG1-3');
      return isPersonal ? { ...base, kind: 'person', subject } : { ...base, kind: 'encounter', subject, event: told };
    }
    default:
      return readIdentity(reading, effect.effect, base, digest);
  }
}

/** Kept by HL7 for compatibility until v2.7 and withdrawn then; their senders should know (v2.9 ch. 3.3). */
const withdrawn = new Set(['A18', 'A30', 'A34', 'A35', 'A36', 'A39', 'A46', 'A48']);

function startReading(message: Message, language: FeedLanguage, { receivedAt }: ReadContext): Reading {
  const header = message.first('MSH');
  const facility = text(header?.get(4)) ?? text(header?.get(4, 2));
  const notes: Notes & Pick<Reading, 'unmapped'> = { warnings: [], unmapped: [] };
  for (const { kind, segment } of message.warnings) warn(notes, kind, message.segments[segment]?.name);
  if (text(header?.get(9, 2)) === undefined && text(message.first('EVN')?.get(1)) !== undefined)
    warn(notes, 'event-from-evn', 'MSH-9');
  const clock = readClock(header, facility, language, notes);
  const clockIs = clock.sentAt && errs(clock.sentAt.at, receivedAt, language.dialect.clock);
  if (clockIs === undefined) return { message, language, facility, receivedAt, clockIs, ...notes, ...clock };
  warn(notes, 'clock-implausible', 'MSH-7');
  const sentAt = receivedAt && arrival(receivedAt, language.dialect.timeZone);
  return { message, language, facility, receivedAt, clockIs, ...notes, ...clock, sentAt };
}

const ignored = (trigger: string, reason: string): Notice => ({ kind: 'ignored', trigger, reason });

/** Codes go into reasons and logs: nothing but the letters of a code may pass. */
const shown = (code: string): string => code.replace(/[^A-Z0-9_]/g, '').slice(0, 10);

// Messages other than ADT: documents (MDM) and appointments (SIU) become notices by their own mappings; every other
// type is kept and counted, without effect.

import type { Notice, NoticeBase } from '../../domain/notice.ts';
import type { Message } from '../../hl7/parse.ts';
import type { FeedLanguage } from './dialect.ts';
import { readEventTime, readOrder } from './order.ts';
import type { AppointmentAct, OtherMapping } from './other-fact.ts';
import { readAppointment } from './read-appointment.ts';
import { readDocument } from './read-document.ts';
import type { Reading } from './reading.ts';
import { own } from './sent.ts';
import { readSubject } from './subject.ts';

export interface Other {
  readonly message: Message;
  readonly type: string;
  readonly trigger: string;
  readonly digest: string;
  readonly start: (language: FeedLanguage) => Reading;
}

const ignored = (trigger: string, reason: string): Notice => ({ kind: 'ignored', trigger, reason });

/** Undefined for a type that is not used here. */
export function readOther(language: FeedLanguage, other: Other): Notice | undefined {
  const { mdm, siu } = language.others;
  if (other.type === 'MDM')
    return decided(mdm, other, (act) => {
      const { reading, base } = begin(language, mdm, other);
      const subject = readSubject(reading);
      return {
        ...base,
        kind: 'document',
        subject,
        event: readDocument(reading, subject, { ...base, digest: other.digest, act }),
      };
    });
  if (other.type !== 'SIU') return undefined;
  return decided<AppointmentAct>(siu, other, (act) => {
    if (other.message.first('PID') === undefined) return ignored(other.trigger, 'the appointment names no patient');
    const { reading, base } = begin(language, siu, other);
    const subject = readSubject(reading);
    return {
      ...base,
      kind: 'appointment',
      subject,
      event: readAppointment(reading, subject, { ...base, digest: other.digest, act }),
    };
  });
}

function decided<Act extends string>(
  mapping: OtherMapping<Act>,
  { trigger }: Other,
  read: (act: Act) => Notice,
): Notice {
  if (trigger === '') return ignored(trigger, 'the message names no event');
  const effect = own(mapping.events, trigger);
  if (effect === undefined)
    return ignored(trigger, `event ${/^[A-Z]\d{2}$/.test(trigger) ? trigger : 'of that name'} has no meaning here`);
  return typeof effect === 'string' ? read(effect) : ignored(trigger, effect.ignored);
}

/** The fields of ADT serve for who and which stay. */
function begin(
  language: FeedLanguage,
  { fields }: OtherMapping<string>,
  other: Other,
): { readonly reading: Reading; readonly base: NoticeBase } {
  const reading = other.start({
    ...language,
    mapping: { ...language.mapping, fields: { ...language.mapping.fields, ...fields } },
  });
  const happenedAt = readEventTime(reading, other.trigger);
  const order = readOrder(reading, happenedAt, other.digest);
  const { warnings, unmapped } = reading;
  return { reading, base: { trigger: other.trigger, order, happenedAt, warnings, unmapped } };
}

// An appointment event: what an SIU message says of one appointment (SCH, TQ1, AIS, AIP and AIL, HL7 v2.9 ch. 10.6).

import { Fault } from '../../base/fault.ts';
import type { AppointmentEvent, AppointmentFacts, AppointmentStatus } from '../../domain/appointment/event.ts';
import { type Identifier, identifierKey } from '../../domain/code.ts';
import { type NoticeBase, type Subject, toldUnder } from '../../domain/notice.ts';
import { coded, cweAt, lookUp } from './code.ts';
import { entityIdentifier } from './entity-identifier.ts';
import { visitIdentifier } from './identifier.ts';
import { momentOf } from './moment.ts';
import type { AppointmentAct, OtherFactName } from './other-fact.ts';
import { type Found, factOf, valueAt } from './path.ts';
import { readPlace } from './place.ts';
import { readPractitioners } from './practitioner.ts';
import type { Reading } from './reading.ts';
import { sent, text } from './sent.ts';

type Say = <Type>(fact: OtherFactName, read: (found: Found) => Type | undefined) => Type | undefined;

/** Throws `hl7.appointment-unnumbered`: without a number a later message could not move or cancel it. */
export function readAppointment(
  reading: Reading,
  subject: Subject,
  told: NoticeBase & { readonly digest: string; readonly act: AppointmentAct },
): AppointmentEvent {
  const { language, message, facility } = reading;
  const say: Say = (fact, read) => factOf(language, fact, message.first, read) ?? undefined;
  const numbered = (fact: OtherFactName): Identifier | undefined =>
    say(fact, (found) => entityIdentifier(reading, found, 'appointment'));
  const appointment = numbered('appointment-number');
  if (appointment === undefined) throw new Fault('hl7.appointment-unnumbered', { detail: 'SCH-1' });
  const other = numbered('other-appointment-number');
  const isOther = other && identifierKey(other) !== identifierKey(appointment);
  const visit = factOf(language, 'visit-number', message.first, (found) => visitIdentifier(reading, found));
  const status = statusOf(reading, say, told.act);
  return {
    id: told.digest,
    kind: 'appointment',
    trigger: told.trigger,
    ...(status && { status }),
    order: told.order,
    happenedAt: told.happenedAt,
    appointment,
    otherIdentifiers: isOther ? [other] : [],
    ...(visit && { visit }),
    ...toldUnder(subject),
    facts: readFacts(reading, say),
    partner: language.dialect.partner,
    ...(facility !== undefined && { facility }),
  };
}

/** An event that ends an appointment says so itself; otherwise the filler's status, where the table holds it. */
function statusOf(reading: Reading, say: Say, act: AppointmentAct): AppointmentStatus | undefined {
  if (act === 'cancelled' || act === 'noshow' || act === 'entered-in-error') return act;
  const told = say('appointment-status', (found) => {
    const code = text(valueAt(found));
    return code === undefined ? undefined : (lookUp(reading, 'appointment-status', code) as AppointmentStatus);
  });
  return told ?? (act === 'modified' ? undefined : act);
}

function readFacts(reading: Reading, say: Say): AppointmentFacts {
  const moment = (fact: OtherFactName) => say(fact, (found) => momentOf(reading, valueAt(found), found.path.name));
  const type = say('appointment-type', (found) => coded(reading, cweAt(found)));
  return sent({
    start: moment('appointment-start'),
    end: moment('appointment-end'),
    minutes: minutesOf(say),
    type,
    reason: say('appointment-reason', (found) => coded(reading, cweAt(found))),
    practitioners: say('appointment-practitioners', (found) => readPractitioners(reading, found)),
    place: say('appointment-place', readPlace),
    isFollowUp: followsUp(reading, type?.code ?? type?.text),
  });
}

const followsUp = (reading: Reading, type: string | undefined): boolean | undefined =>
  type === undefined ? undefined : lookUp(reading, 'appointment-type', type) !== 'other';

/** SCH-9 in the unit of SCH-10, minutes where it names none. */
function minutesOf(say: Say): number | undefined {
  const length = Number(say('appointment-duration', (found) => text(valueAt(found))) ?? Number.NaN);
  const unit = say('appointment-duration-unit', (found) => text(valueAt(found)))?.toLowerCase() ?? 'min';
  const each = /^h/.test(unit) ? 60 : /^s/.test(unit) ? 1 / 60 : 1;
  const minutes = Math.round(length * each);
  return minutes > 0 && minutes <= 100_000 ? minutes : undefined;
}

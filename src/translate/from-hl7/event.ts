// An encounter event: what happened to which stay, with what the message says of it (HL7 v2.9 ch. 3.3).

import type { Moment } from '../../base/instant.ts';
import { identifierKey } from '../../domain/code.ts';
import type { EncounterEvent, EncounterEventKind, StayFacts } from '../../domain/encounter/event.ts';
import type { Subject } from '../../domain/notice.ts';
import type { OrderKey } from '../../domain/patient/record.ts';
import { readNumbers } from './numbers.ts';
import { find } from './path.ts';
import { type Reading, warn } from './reading.ts';
import { readStay } from './stay.ts';

const dayMs = 24 * 60 * 60 * 1000;

export interface Occurrence {
  readonly kind: EncounterEventKind;
  readonly trigger: string;
  readonly digest: string;
  readonly order: OrderKey;
  readonly happenedAt: Moment;
}

/**
 * A message without PV1 still tells that something happened. A discharge of someone who is still a patient is none; a
 * time of discharge beside that disposition, in any message, is that of an interim bill.
 * On a cancelled discharge PV1-36 and PV1-45 can only describe the discharge that never was.
 */
export function readEvent(reading: Reading, subject: Subject, occurrence: Occurrence): EncounterEvent {
  const { language, facility } = reading;
  const { digest, trigger, order, happenedAt } = occurrence;
  const read = readStay(reading);
  const isStill = read.disposition?.destination === 'still-patient';
  const isNone = occurrence.kind === 'discharged' && isStill;
  if (isNone || (isStill && read.dischargedAt)) warn(reading, 'still-patient', 'PV1-36');
  const kind = isNone ? 'updated' : occurrence.kind;
  const [first] = subject.identifiers;
  if (!isStill) warnOfFuture(reading, read, happenedAt);
  const facts = withoutDischarge(read, {
    code: isStill || kind === 'discharge-cancelled' || kind === 'doctors-changed',
    time: isStill || kind === 'discharge-cancelled' || kind === 'doctors-changed',
  });
  warnOfReversal(reading, facts);
  return {
    id: digest,
    kind,
    trigger,
    order,
    happenedAt,
    ...readNumbers(reading, kind),
    ...(first && { told: identifierKey(first) }),
    facts,
    partner: language.dialect.partner,
    ...(facility !== undefined && { facility }),
  };
}

/**
 * Whether an update concerns a stay at all: PV1 gives its number or any fact but the class `N`, not applicable,
 * with which messages about persons fill the segment.
 */
export function concernsStay(reading: Reading, event: EncounterEvent): boolean {
  const { message, language } = reading;
  if (message.first('PV1') === undefined) return false;
  const number = find(language, 'visit-number', message.first);
  if (event.visit !== undefined && number?.path.segment === 'PV1') return true;
  const { class: patientClass, diagnoses, diagnosisActions, reason, ...others } = event.facts;
  return Object.keys(others).length > 0 || (patientClass !== undefined && patientClass?.code !== 'N');
}

/** Still a patient is no disposition: kept, it would stand for that of a later discharge that gives none. */
function withoutDischarge(facts: StayFacts, drop: { readonly code: boolean; readonly time: boolean }): StayFacts {
  if (!drop.code && !drop.time) return facts;
  const { disposition, dischargedAt, ...others } = facts;
  return {
    ...others,
    ...(!drop.code && disposition !== undefined && { disposition }),
    ...(!drop.time && dischargedAt !== undefined && { dischargedAt }),
  };
}

/** A discharge more than a day after the message was sent is taken as sent, and noted. */
function warnOfFuture(reading: Reading, { dischargedAt }: StayFacts, happenedAt: Moment): void {
  const sentAt = reading.sentAt ?? happenedAt;
  if (dischargedAt && dischargedAt.at > sentAt.at + dayMs) warn(reading, 'discharge-in-future', 'PV1-45');
}

/** No stay ends before it begins: the time of admission will not be taken for its start. A day is its first minute. */
function warnOfReversal(reading: Reading, { admittedAt, dischargedAt }: StayFacts): void {
  if (admittedAt && dischargedAt && admittedAt.at > dischargedAt.at) warn(reading, 'stay-times-reversed', 'PV1-44');
}

// Appointments as their events fold: the latest word on each, whatever the order of arrival. One that was booked before
// the filler gave it a number is the filler's from then on.

import type { PatientId } from '../../base/id.ts';
import { type Identifier, identifierKey } from '../code.ts';
import type { OrderKey } from '../patient/record.ts';
import type { AppointmentEvent, AppointmentFacts, AppointmentStatus } from './event.ts';
import { fillerNumbers } from './filler-numbers.ts';

export interface Appointment {
  readonly identifier: Identifier;
  readonly otherIdentifiers: readonly Identifier[];
  /** Under which it was told of before, each with the record: what was published of those does not stand. */
  readonly formerNames: readonly FormerName[];
  /** The records it was told of; the first names the resource. */
  readonly toldOf: readonly PatientId[];
  readonly status: AppointmentStatus;
  readonly facts: AppointmentFacts;
  readonly order: OrderKey;
  readonly partner: string;
  readonly facility?: string;
}

export interface FormerName {
  readonly identifier: Identifier;
  readonly toldOf?: PatientId;
}

/** Any order and any repetition of the same events gives the same appointments. */
export function foldAppointments(events: readonly AppointmentEvent[]): Appointment[] {
  const ordered = [...new Map(events.map((event) => [event.id, event])).values()].sort(byOrder);
  const numberOf = fillerNumbers(ordered);
  const groups = new Map<string, Named[]>();
  for (const event of ordered) {
    const identifier = numberOf(event);
    const key = identifierKey(identifier);
    const group = groups.get(key);
    if (group) group.push({ event, identifier });
    else groups.set(key, [{ event, identifier }]);
  }
  const told = [...groups.values()].map(fold);
  const names = new Set(told.flatMap(({ identifier, toldOf }) => toldOf.map((record) => nameKey(identifier, record))));
  return told.map((one) => ({
    ...one,
    formerNames: one.formerNames.filter(({ identifier, toldOf }) => {
      const key = nameKey(identifier, toldOf);
      return !names.has(key) && names.add(key);
    }),
  }));
}

interface Named {
  readonly event: AppointmentEvent;
  /** What the appointment is called now. */
  readonly identifier: Identifier;
}

const nameKey = (identifier: Identifier, record: PatientId | undefined): string =>
  `${record ?? ''}|${identifierKey(identifier)}`;

function fold(named: readonly Named[]): Appointment {
  const events = named.map(({ event }) => event);
  const last = events.at(-1) as AppointmentEvent;
  const { identifier } = named.at(-1) as Named;
  const key = identifierKey(identifier);
  const others = new Map(
    events
      .flatMap((event) => [event.appointment, ...event.otherIdentifiers])
      .flatMap((other) => (identifierKey(other) === key ? [] : [[identifierKey(other), other] as const])),
  );
  const former = events.filter((event) => identifierKey(event.appointment) !== key);
  const facility = events.findLast((event) => event.facility !== undefined)?.facility;
  return {
    identifier,
    otherIdentifiers: [...others].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, other]) => other),
    formerNames: former.map(({ appointment, toldOf }) => ({ identifier: appointment, ...(toldOf && { toldOf }) })),
    toldOf: [...new Set(events.flatMap((event) => event.toldOf ?? []))].sort(),
    status: events.findLast((event) => event.status)?.status ?? 'booked',
    facts: events.reduce<AppointmentFacts>(overlay, {}),
    order: last.order,
    partner: last.partner,
    ...(facility !== undefined && { facility }),
  };
}

/** A new time that is told without its end, or without its length, does not keep those of the old one. */
function overlay(known: AppointmentFacts, { facts }: AppointmentEvent): AppointmentFacts {
  if (!facts.start || facts.start.at === known.start?.at) return { ...known, ...facts };
  const { end: _end, minutes: _minutes, ...rest } = known;
  return { ...rest, ...facts };
}

const byOrder = (a: AppointmentEvent, b: AppointmentEvent): number =>
  a.order < b.order ? -1 : a.order > b.order ? 1 : 0;

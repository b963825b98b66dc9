// Appointments as their events fold: the latest word on each, whatever the order of arrival.

import type { PatientId } from '../../base/id.ts';
import { type Identifier, identifierKey } from '../code.ts';
import type { OrderKey } from '../patient/record.ts';
import type { AppointmentEvent, AppointmentFacts, AppointmentStatus } from './event.ts';

export interface Appointment {
  readonly identifier: Identifier;
  readonly otherIdentifiers: readonly Identifier[];
  /** The records it was told of; the first names the resource. */
  readonly toldOf: readonly PatientId[];
  readonly status: AppointmentStatus;
  readonly facts: AppointmentFacts;
  readonly order: OrderKey;
  readonly partner: string;
  readonly facility?: string;
}

/** Any order and any repetition of the same events gives the same appointments. */
export function foldAppointments(events: readonly AppointmentEvent[]): Appointment[] {
  const ordered = [...new Map(events.map((event) => [event.id, event])).values()].sort(byOrder);
  const groups = new Map<string, AppointmentEvent[]>();
  for (const event of ordered) {
    const key = identifierKey(event.appointment);
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  return [...groups.values()].map(fold);
}

function fold(events: readonly AppointmentEvent[]): Appointment {
  const last = events.at(-1) as AppointmentEvent;
  const others = new Map(
    events.flatMap((event) => event.otherIdentifiers.map((other) => [identifierKey(other), other] as const)),
  );
  const facility = events.findLast((event) => event.facility !== undefined)?.facility;
  return {
    identifier: last.appointment,
    otherIdentifiers: [...others].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, other]) => other),
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

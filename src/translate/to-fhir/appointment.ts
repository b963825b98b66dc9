// Appointment: a visit that a scheduling system booked for the patient (FHIR R4 appointment.html).

import type { Appointment, AppointmentParticipant } from 'fhir/r4.js';
import type { Moment } from '../../base/instant.ts';
import { formatWithOffset } from '../../base/time.ts';
import type { Appointment as Booked } from '../../domain/appointment/appointment.ts';
import type { EvidenceName } from '../../domain/case/case.ts';
import type { Chart } from '../../domain/chart.ts';
import type { Identifier } from '../../domain/code.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { concept, identifier, listed } from './datatype.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';
import { locationId, placeName } from './location.ts';
import { practitionerReference } from './practitioner.ts';

export const appointmentId = (
  context: Pick<ExpressContext, 'idFor'>,
  { authority, value }: Identifier,
  toldOf: EvidenceName['toldOf'],
): string => context.idFor('appointment', authority, value, toldOf ?? '');

/**
 * One for each record it was told of before they were merged, and for each name it had; the first stands, the others are
 * withdrawn.
 */
export function expressAppointment(chart: Chart, booked: Booked, context: ExpressContext): Expressed<Appointment>[] {
  const [first, ...others] = booked.toldOf.length === 0 ? [undefined] : booked.toldOf;
  return [
    expressOne(chart, booked, appointmentId(context, booked.identifier, first), context),
    ...others.map((other) =>
      expressOne(
        chart,
        { ...booked, status: 'entered-in-error' },
        appointmentId(context, booked.identifier, other),
        context,
      ),
    ),
    ...booked.formerNames.map(({ identifier, toldOf }) =>
      expressOne(
        chart,
        { ...booked, identifier, otherIdentifiers: [booked.identifier], status: 'entered-in-error' },
        appointmentId(context, identifier, toldOf),
        context,
      ),
    ),
  ];
}

function expressOne(chart: Chart, booked: Booked, id: string, context: ExpressContext): Expressed<Appointment> {
  const { facts } = booked;
  const reason = concept(facts.reason);
  // Not for a no-show: R4's rule (app-4) means it too, but misspells its code.
  const isOff = booked.status === 'cancelled';
  return ofPatient(chart.patient.id, {
    resourceType: 'Appointment',
    id,
    identifier: [identifier(booked.identifier), ...booked.otherIdentifiers.map((other) => identifier(other))],
    status: statusOf(booked),
    cancelationReason: isOff ? reason : undefined,
    appointmentType: concept(facts.type),
    reasonCode: isOff || reason === undefined ? undefined : [reason],
    ...timesOf(facts),
    participant: [{ actor: referenceTo('Patient', chart.patient.id), status: 'accepted' }, ...others(booked, context)],
  });
}

/** R4 knows no booked appointment without a time (app-3). */
function statusOf({ status, facts }: Booked): Appointment['status'] {
  if (facts.start !== undefined || status === 'waitlist' || status === 'cancelled') return status;
  return status === 'noshow' || status === 'entered-in-error' ? 'cancelled' : 'proposed';
}

/** R4 wants both or neither (app-2): where a sender gives no end and no length, the end is the start. */
function timesOf({ start, end, minutes }: Booked['facts']): Pick<Appointment, 'start' | 'end' | 'minutesDuration'> {
  if (start === undefined) return {};
  const endAt = end !== undefined && end.at > start.at ? end.at : start.at + (minutes ?? 0) * 60_000;
  return {
    start: instantText(start),
    end: instantText({ ...start, at: endAt as Moment['at'] }),
    minutesDuration: minutes !== undefined && minutes > 0 ? minutes : undefined,
  };
}

const instantText = ({ at, offsetMinutes }: Pick<Moment, 'at' | 'offsetMinutes'>): string =>
  formatWithOffset(at, offsetMinutes);

function others({ facts, partner }: Booked, context: ExpressContext): AppointmentParticipant[] {
  const people = (facts.practitioners ?? []).flatMap((name) => practitionerReference(context, name) ?? []);
  const name = facts.place === undefined ? undefined : placeName(facts.place);
  const places =
    facts.place === undefined || name === undefined
      ? []
      : [referenceTo('Location', locationId(context, partner, facts.place), name)];
  return (listed([...people, ...places]) ?? []).map((actor) => ({ actor, status: 'accepted' }));
}

// What can be told of a patient, one event a message: something happened to a stay, a document or an appointment.

import type { AppointmentEvent } from './appointment/event.ts';
import type { DocumentEvent } from './document/event.ts';
import type { EncounterEvent } from './encounter/event.ts';

export type ChartEvent = EncounterEvent | DocumentEvent | AppointmentEvent;

export interface EventsByKind {
  readonly encounters: readonly EncounterEvent[];
  readonly documents: readonly DocumentEvent[];
  readonly appointments: readonly AppointmentEvent[];
}

export function splitEvents(events: readonly ChartEvent[]): EventsByKind {
  const documents: DocumentEvent[] = [];
  const appointments: AppointmentEvent[] = [];
  const encounters: EncounterEvent[] = [];
  for (const event of events) {
    if (event.kind === 'document') documents.push(event);
    else if (event.kind === 'appointment') appointments.push(event);
    else encounters.push(event);
  }
  return { encounters, documents, appointments };
}

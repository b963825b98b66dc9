// By which number an appointment goes: what a scheduling system told under the placer's number alone (SCH-1), before the
// filler had given one (SCH-2), belongs to the filler's number that a message of the same sender tells with it.

import { type Identifier, identifierKey } from '../code.ts';
import type { AppointmentEvent } from './event.ts';

/**
 * `ordered`: events in the order they happened. A placer's number may come with one filler's number after another: the
 * latest before an event counts, else the first after it. An event that tells both numbers is the filler's as it stands.
 */
export function fillerNumbers(ordered: readonly AppointmentEvent[]): (event: AppointmentEvent) => Identifier {
  const fillers = new Map<string, AppointmentEvent[]>();
  for (const event of ordered) {
    for (const other of event.otherIdentifiers) {
      const key = keyOf(event, other);
      const known = fillers.get(key);
      if (known) known.push(event);
      else fillers.set(key, [event]);
    }
  }
  return (event) => {
    if (event.otherIdentifiers.length > 0) return event.appointment;
    const known = fillers.get(keyOf(event, event.appointment)) ?? [];
    const told = known.findLast(({ order }) => order < event.order) ?? known[0];
    return (told ?? event).appointment;
  };
}

const keyOf = ({ partner }: AppointmentEvent, identifier: Identifier): string =>
  `${partner}|${identifierKey(identifier)}`;

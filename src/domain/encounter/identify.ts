// Which published encounter a stay is: the one that shares an event with it. Later events may split a stay or find it
// under another visit number; its id stays.

import type { EncounterId, NewId } from '../../base/id.ts';
import type { Encounter, Stay } from './stay.ts';

/** Stays with their ids. A known encounter that no stay tells of any more is entered in error, never dropped. */
export function identify(stays: readonly Stay[], known: readonly Encounter[], newId: NewId): Encounter[] {
  const byEvent = new Map<string, Encounter>();
  for (const encounter of known) for (const event of encounter.events) byEvent.set(event, encounter);
  const taken = new Set<EncounterId>();
  const encounters = stays.map((stay): Encounter => {
    const before = stay.events.map((event) => byEvent.get(event)).find((match) => match && !taken.has(match.id));
    const id = before?.id ?? newId<'encounter'>();
    taken.add(id);
    return { id, ...stay };
  });
  for (const encounter of known) {
    if (!taken.has(encounter.id))
      encounters.push({ ...encounter, events: [], discharges: [], status: 'entered-in-error' });
  }
  return encounters;
}

// Where the patient is (PL, HL7 v2.5.1 ch. 2.A.53).

import type { Place } from '../../domain/encounter/event.ts';
import { readPl } from '../../hl7/datatypes.ts';
import type { Found } from './path.ts';
import { sent, text } from './sent.ts';

/** Undefined when it names no place. */
export function readPlace(found: Found): Place | undefined {
  const pl = readPl(found.segment, found.path.field);
  if (pl === undefined) return undefined;
  const place = sent({
    pointOfCare: text(pl.pointOfCare),
    room: text(pl.room),
    bed: text(pl.bed),
    facility: text(pl.facility.namespace) ?? text(pl.facility.universalId),
    building: text(pl.building),
    floor: text(pl.floor),
  });
  return Object.keys(place).length === 0 ? undefined : place;
}

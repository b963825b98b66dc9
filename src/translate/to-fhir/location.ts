// Location: the most granular place that PV1-3 names, within its hospital (US Core Location).

import type { Coding, Location } from 'fhir/r4.js';
import type { Place } from '../../domain/encounter/event.ts';
import type { OrderKey } from '../../domain/patient/record.ts';
import { system } from '../../fhir/system.ts';
import { claims, usCore } from '../../fhir/us-core.ts';
import { type ExpressContext, type Expressed, ofAll } from './expressed.ts';
import { hospitalReference } from './organization.ts';

/** `ward 4 West, room 12, bed A`; nothing where the place is empty. */
export function placeName(place: Place): string | undefined {
  const parts = [
    place.pointOfCare,
    place.room === undefined ? undefined : `room ${place.room}`,
    place.bed === undefined ? undefined : `bed ${place.bed}`,
  ].filter((part) => part !== undefined);
  if (parts.length > 0) return parts.join(', ');
  const around = [place.building, place.floor === undefined ? undefined : `floor ${place.floor}`, place.facility];
  return around.filter((part) => part !== undefined).join(', ') || undefined;
}

export function locationId(context: ExpressContext, partner: string, place: Place): string {
  const { building = '', floor = '', pointOfCare = '', room = '', bed = '' } = place;
  return context.idFor('location', partner, place.facility ?? '', building, floor, pointOfCare, room, bed);
}

export function expressLocation(
  context: ExpressContext,
  partner: string,
  place: Place,
  name: string,
  orderKey: OrderKey | undefined,
): Expressed<Location> {
  return ofAll(
    {
      resourceType: 'Location',
      id: locationId(context, partner, place),
      meta: claims(usCore.Location),
      status: 'active',
      name,
      mode: 'instance',
      physicalType: { coding: [physicalType(place)] },
      managingOrganization: hospitalReference(context, partner, place.facility),
    },
    orderKey,
  );
}

function physicalType(place: Place): Coding {
  const of = (code: string, display: string): Coding => ({ system: system.locationType, code, display });
  if (place.bed !== undefined) return of('bd', 'Bed');
  if (place.room !== undefined) return of('ro', 'Room');
  if (place.pointOfCare !== undefined) return of('wa', 'Ward');
  if (place.floor !== undefined) return of('lvl', 'Level');
  if (place.building !== undefined) return of('bu', 'Building');
  return of('si', 'Site');
}

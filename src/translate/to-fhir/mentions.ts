// What a message mentions beside the patient: the hospital, the professionals, the place. Each mention is expressed from
// the message itself, so what is known of them depends on what was said and not on which message came last.

import type { PractitionerName } from '../../domain/code.ts';
import { placeOf } from '../../domain/encounter/event.ts';
import { subjectsOf, type Understood } from '../../domain/notice.ts';
import type { OrderKey } from '../../domain/patient/record.ts';
import type { ExpressContext, Expressed } from './expressed.ts';
import { expressLocation, placeName } from './location.ts';
import { hospitalOrganizations } from './organization.ts';
import { expressPractitioner } from './practitioner.ts';

export function expressMentions(notice: Understood, context: ExpressContext): Expressed[] {
  if (notice.kind === 'several') return notice.notices.flatMap((part) => expressMentions(part, context));
  const named: PractitionerName[] = subjectsOf(notice).flatMap(
    (subject) => subject.demographics.generalPractitioners ?? [],
  );
  if (notice.kind === 'document' || notice.kind === 'appointment')
    return [...practitioners(named, notice.order, context), ...mentionsOf(notice, context)];
  if (notice.kind !== 'encounter') return practitioners(named, notice.order, context);
  const { facts, partner, facility } = notice.event;
  named.push(
    ...(facts.attending ?? []),
    ...(facts.referring ?? []),
    ...(facts.consulting ?? []),
    ...(facts.admitting ?? []),
  );
  const found = [...hospitalOrganizations(context, partner, facility), ...practitioners(named, notice.order, context)];
  const place = placeOf(notice.event);
  const name = place ? placeName(place) : undefined;
  if (!place || name === undefined) return found;
  if (place.facility !== undefined && place.facility !== facility)
    found.push(...hospitalOrganizations(context, partner, place.facility));
  return [...found, expressLocation(context, partner, place, name, notice.order)];
}

/** Who wrote a document, and whom and where an appointment is to be seen. */
function mentionsOf(
  { event, order }: Extract<Understood, { kind: 'document' | 'appointment' }>,
  context: ExpressContext,
): Expressed[] {
  const { partner, facility, facts } = event;
  const named = ('authors' in facts ? facts.authors : undefined) ?? [];
  const seen = ('practitioners' in facts ? facts.practitioners : undefined) ?? [];
  const place = 'place' in facts ? facts.place : undefined;
  const name = place ? placeName(place) : undefined;
  return [
    ...hospitalOrganizations(context, partner, facility),
    ...(place?.facility === undefined ? [] : hospitalOrganizations(context, partner, place.facility)),
    ...practitioners([...named, ...seen], order, context),
    ...(place && name !== undefined ? [expressLocation(context, partner, place, name, order)] : []),
  ];
}

const practitioners = (names: readonly PractitionerName[], order: OrderKey, context: ExpressContext): Expressed[] =>
  names.flatMap((name) => expressPractitioner(context, name, order) ?? []);

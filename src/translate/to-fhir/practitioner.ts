// Practitioner: a professional as messages name them (US Core Practitioner, where identifier and family name allow it).

import type { Practitioner, Reference } from 'fhir/r4.js';
import type { PractitionerName } from '../../domain/code.ts';
import type { OrderKey } from '../../domain/patient/record.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { system } from '../../fhir/system.ts';
import { claims, isNationalProvider, usCore } from '../../fhir/us-core.ts';
import { humanName, identifier, nameText } from './datatype.ts';
import { type ExpressContext, type Expressed, ofAll } from './expressed.ts';

/** Known by identifier; without one, by name within the feed that names them. */
export function practitionerId(context: ExpressContext, from: PractitionerName, scope: string): string {
  if (from.identifier !== undefined) {
    return context.idFor('practitioner', from.identifier.authority, from.identifier.value);
  }
  return context.idFor(
    'practitioner',
    scope,
    from.name.family ?? '',
    from.name.given.join(' '),
    from.name.suffix ?? '',
  );
}

export function practitionerReference(context: ExpressContext, from: PractitionerName, scope: string): Reference {
  return referenceTo('Practitioner', practitionerId(context, from, scope), nameText(from.name) || undefined);
}

export function expressPractitioner(
  context: ExpressContext,
  from: PractitionerName,
  scope: string,
  orderKey: OrderKey | undefined,
): Expressed<Practitioner> {
  const id = practitionerId(context, from, scope);
  const name = humanName(from.name);
  return ofAll(
    {
      resourceType: 'Practitioner',
      id,
      meta: conforms(from) ? claims(usCore.Practitioner) : undefined,
      identifier: from.identifier === undefined ? undefined : [identifier(from.identifier)],
      active: true,
      name: name === undefined ? undefined : [name],
    },
    orderKey,
  );
}

/** US Core demands an identifier and one family name, and a National Provider Identifier that is one. */
function conforms(from: PractitionerName): boolean {
  if (from.identifier === undefined || from.name.family === undefined) return false;
  return from.identifier.authority !== system.nationalProvider || isNationalProvider(from.identifier.value);
}

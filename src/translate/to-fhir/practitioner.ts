// Practitioner: a professional as messages name them (US Core Practitioner, where identifier and family name allow it).

import type { Practitioner, Reference } from 'fhir/r4.js';
import type { Identifier, PractitionerName } from '../../domain/code.ts';
import type { OrderKey } from '../../domain/patient/record.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { system } from '../../fhir/system.ts';
import { claims, isNationalProvider, usCore } from '../../fhir/us-core.ts';
import { humanName, identifier, nameText } from './datatype.ts';
import { type ExpressContext, type Expressed, ofAll } from './expressed.ts';

const practitionerId = (context: Pick<ExpressContext, 'idFor'>, { authority, value }: Identifier): string =>
  context.idFor('practitioner', authority, value);

/** A professional without an identifier is only named: two of one name are not one person. */
export function practitionerReference(context: ExpressContext, from: PractitionerName): Reference | undefined {
  const display = nameText(from.name) || undefined;
  if (from.identifier === undefined) return display === undefined ? undefined : { display };
  return referenceTo('Practitioner', practitionerId(context, from.identifier), display);
}

/** Nothing for one whom no identifier tells apart. */
export function expressPractitioner(
  context: ExpressContext,
  from: PractitionerName,
  orderKey: OrderKey | undefined,
): Expressed<Practitioner> | undefined {
  if (from.identifier === undefined) return undefined;
  const name = humanName(from.name);
  return ofAll(
    {
      resourceType: 'Practitioner',
      id: practitionerId(context, from.identifier),
      meta: conforms(from) ? claims(usCore.Practitioner) : undefined,
      identifier: [identifier(from.identifier)],
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

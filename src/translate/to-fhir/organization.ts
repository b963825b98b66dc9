// Organizations: the practice, and the hospitals and facilities that its feeds speak for (US Core Organization).

import type { Organization, Reference } from 'fhir/r4.js';
import type { Practice } from '../../domain/practice.ts';
import { facilityIdentifierSystem } from '../../fhir/canonical.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { system } from '../../fhir/system.ts';
import { claims, usCore } from '../../fhir/us-core.ts';
import { address, listed } from './datatype.ts';
import { type ExpressContext, type Expressed, ofAll } from './expressed.ts';

export const practiceReference = (practice: Practice): Reference =>
  referenceTo('Organization', practice.id, practice.name);

export function practiceOrganization(practice: Practice): Expressed<Organization> {
  const at = practice.address === undefined ? undefined : address(practice.address);
  return ofAll({
    resourceType: 'Organization',
    id: practice.id,
    meta: claims(usCore.Organization),
    active: true,
    type: [{ coding: [{ system: system.organizationType, code: 'prov', display: 'Healthcare Provider' }] }],
    name: practice.name,
    telecom: [{ system: 'phone', value: practice.phone, use: 'work' }],
    address: listed(at === undefined ? [] : [at]),
  });
}

type Naming = Pick<ExpressContext, 'idFor' | 'feedName'>;

export const hospitalId = (context: Naming, partner: string, facility?: string): string =>
  facility === undefined ? context.idFor('organization', partner) : context.idFor('organization', partner, facility);

/** The facility a message names (MSH-4), else the feed's own organization. */
export const hospitalReference = (context: Naming, partner: string, facility?: string): Reference =>
  referenceTo('Organization', hospitalId(context, partner, facility), facility ?? context.feedName(partner));

/** The organization of a feed and, where given, of one facility in it. */
export function hospitalOrganizations(
  context: ExpressContext,
  partner: string,
  facility: string | undefined,
): Expressed<Organization>[] {
  const whole = hospital(hospitalId(context, partner), context.feedName(partner));
  if (facility === undefined) return [whole];
  const identified = { system: facilityIdentifierSystem(context.canonicalBase, partner), value: facility };
  return [
    whole,
    hospital(hospitalId(context, partner, facility), facility, identified, hospitalReference(context, partner)),
  ];
}

function hospital(
  id: string,
  name: string,
  identifier?: { readonly system: string; readonly value: string },
  partOf?: Reference,
): Expressed<Organization> {
  return ofAll({
    resourceType: 'Organization',
    id,
    meta: claims(usCore.Organization),
    identifier: identifier === undefined ? undefined : [identifier],
    active: true,
    type: [{ coding: [{ system: system.organizationType, code: 'prov', display: 'Healthcare Provider' }] }],
    name,
    partOf,
  });
}

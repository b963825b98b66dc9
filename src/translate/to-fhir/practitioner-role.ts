// PractitionerRole: a role of the practice, which owns tasks whoever fills it (US Core PractitionerRole).

import type { PractitionerRole, Reference } from 'fhir/r4.js';
import type { Practice, Role } from '../../domain/practice.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { claims, usCore } from '../../fhir/us-core.ts';
import { concept } from './datatype.ts';
import { type Expressed, ofAll } from './expressed.ts';
import { practiceReference } from './organization.ts';

export const roleId = (practice: Practice, role: string): string => `${practice.id}-${role}`;

export const roleOf = (practice: Practice, role: string): Role | undefined =>
  practice.roles.find((known) => known.id === role);

export const roleReference = (practice: Practice, role: string): Reference =>
  referenceTo('PractitionerRole', roleId(practice, role), roleOf(practice, role)?.title ?? role);

/** The role as a concept; its title is the text. */
export function roleConcept(practice: Practice, role: string): NonNullable<ReturnType<typeof concept>> {
  const known = roleOf(practice, role);
  return { ...(known === undefined ? {} : concept(known.code)), text: known?.title ?? role };
}

export function expressRole(practice: Practice, role: Role): Expressed<PractitionerRole> {
  return ofAll({
    resourceType: 'PractitionerRole',
    id: roleId(practice, role.id),
    meta: claims(usCore.PractitionerRole),
    active: true,
    organization: practiceReference(practice),
    code: [roleConcept(practice, role.id)],
    telecom: [{ system: 'phone', value: practice.phone, use: 'work' }],
  });
}

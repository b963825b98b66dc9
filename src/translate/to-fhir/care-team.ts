// CareTeam: the roles that a case needs, one participant each (US Core CareTeam). It has the id of its case.

import type { CareTeam, CareTeamParticipant } from 'fhir/r4.js';
import type { Case, CaseState } from '../../domain/case/case.ts';
import type { Chart } from '../../domain/chart.ts';
import type { Protocol } from '../../domain/protocol/protocol.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { claims, usCore } from '../../fhir/us-core.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';
import { practiceReference } from './organization.ts';
import { roleConcept, roleReference } from './practitioner-role.ts';

const statuses: Readonly<Record<CaseState, NonNullable<CareTeam['status']>>> = {
  open: 'active',
  suspended: 'suspended',
  closed: 'inactive',
  withdrawn: 'entered-in-error',
};

export function expressCareTeam(
  chart: Chart,
  one: Case,
  protocol: Protocol | undefined,
  context: ExpressContext,
): Expressed<CareTeam> {
  const { practice } = context;
  return ofPatient(chart.patient.id, {
    resourceType: 'CareTeam',
    id: one.id,
    meta: claims(usCore.CareTeam),
    status: statuses[one.state],
    name: `Care team: ${protocol?.title ?? one.protocol.id}`,
    subject: referenceTo('Patient', chart.patient.id),
    encounter: referenceTo('Encounter', one.encounter),
    period: { start: one.start, end: one.end },
    participant: participants(one, protocol, context),
    managingOrganization: [practiceReference(practice)],
  });
}

/** US Core demands a participant: where no task names a role, the practice itself takes part. */
function participants(one: Case, protocol: Protocol | undefined, context: ExpressContext): CareTeamParticipant[] {
  const { practice } = context;
  const roles = new Set<string>();
  for (const task of one.tasks) roles.add(task.owner);
  for (const task of protocol?.tasks ?? []) roles.add(task.owner);
  if (roles.size === 0) return [{ role: [{ text: 'Care coordination' }], member: practiceReference(practice) }];
  return [...roles].map((role) => ({ role: [roleConcept(practice, role)], member: roleReference(practice, role) }));
}

// ServiceRequest: what a task asks others to do, such as the follow-up visit (US Core ServiceRequest).

import type { CodeableConcept, ServiceRequest } from 'fhir/r4.js';
import { formatMoment } from '../../base/moment.ts';
import type { Case, Referral } from '../../domain/case/case.ts';
import type { Chart } from '../../domain/chart.ts';
import type { Protocol } from '../../domain/protocol/protocol.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { system } from '../../fhir/system.ts';
import { claims, usCore } from '../../fhir/us-core.ts';
import { conditionReferences } from './condition.ts';
import { concept, listed } from './datatype.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';
import { practiceReference } from './organization.ts';

export function expressServiceRequest(
  chart: Chart,
  one: Case,
  referral: Referral,
  protocol: Protocol | undefined,
  context: ExpressContext,
): Expressed<ServiceRequest> {
  const ordered = protocol?.tasks.find((known) => known.id === referral.task)?.referral?.code;
  const code: CodeableConcept = ordered === undefined ? {} : { coding: [{ ...ordered }] };
  const stay = chart.encounters.find((encounter) => encounter.id === one.encounter);
  const reason = concept(stay?.facts.reason);
  return ofPatient(chart.patient.id, {
    resourceType: 'ServiceRequest',
    id: referral.id,
    meta: claims(usCore.ServiceRequest),
    basedOn: [referenceTo('CarePlan', one.id)],
    status: referral.status,
    intent: 'order',
    category: [{ coding: [{ system: system.snomed, code: '386053000', display: 'Evaluation procedure (procedure)' }] }],
    code: { ...code, text: referral.title },
    subject: referenceTo('Patient', chart.patient.id),
    encounter: referenceTo('Encounter', one.encounter),
    occurrencePeriod: { start: referral.due.from, end: referral.due.text },
    authoredOn: formatMoment(one.dischargedAt),
    requester: practiceReference(context.practice),
    reasonCode: reason === undefined ? undefined : [reason],
    reasonReference: stay === undefined ? undefined : listed(conditionReferences(stay, context)),
  });
}

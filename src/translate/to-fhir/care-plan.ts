// CarePlan: a case as people and partners see it (US Core CarePlan). Activities are references, never details, so that
// the status of each has one home (MCC eCare Plan).

import type { CarePlan, CodeableConcept, Reference } from 'fhir/r4.js';
import { formatMoment } from '../../base/moment.ts';
import type { Case, CloseReason } from '../../domain/case/case.ts';
import type { Chart } from '../../domain/chart.ts';
import type { Protocol } from '../../domain/protocol/protocol.ts';
import { caseFlagCodeSystem, caseIdentifierSystem, protocolCanonical } from '../../fhir/canonical.ts';
import { narrative } from '../../fhir/narrative.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { system } from '../../fhir/system.ts';
import { claims, usCore } from '../../fhir/us-core.ts';
import { conditionReferences } from './condition.ts';
import { listed } from './datatype.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';
import { practiceReference } from './organization.ts';

export function expressCarePlan(
  chart: Chart,
  one: Case,
  protocol: Protocol | undefined,
  context: ExpressContext,
): Expressed<CarePlan> {
  const { canonicalBase, practice } = context;
  const title = protocol?.title ?? one.protocol.id;
  const status = planStatus(one);
  const reason = reasonOf(one);
  const stay = chart.encounters.find((encounter) => encounter.id === one.encounter);
  return ofPatient(chart.patient.id, {
    resourceType: 'CarePlan',
    id: one.id,
    meta: claims(usCore.CarePlan),
    text: narrative(`${title}, ${one.start} to ${one.end}: ${status}.`, [
      ...(reason === undefined ? [] : [reason]),
      ...one.tasks.map((task) => `${task.title}: due ${task.due.date}, ${task.status}`),
    ]),
    identifier: [{ system: caseIdentifierSystem(canonicalBase), value: one.id }],
    instantiatesCanonical: [protocolCanonical(canonicalBase, one.protocol.id, one.protocol.version)],
    replaces: one.follows === undefined ? undefined : [referenceTo('CarePlan', one.follows)],
    status,
    intent: 'plan',
    category: categories(flagsOf(chart, one), canonicalBase),
    title,
    description: protocol?.description,
    subject: referenceTo('Patient', chart.patient.id),
    encounter: referenceTo('Encounter', one.encounter),
    period: { start: one.start, end: one.end },
    created: formatMoment(one.dischargedAt),
    author: practiceReference(practice),
    careTeam: [referenceTo('CareTeam', one.id)],
    addresses: stay === undefined ? undefined : listed(conditionReferences(stay, context)),
    supportingInfo: supportingInfo(one),
    activity: listed(
      [
        ...one.tasks.map((task) => referenceTo('Task', task.id)),
        ...one.referrals.map((referral) => referenceTo('ServiceRequest', referral.id)),
      ].map((reference) => ({ reference })),
    ),
    note: reason === undefined ? undefined : [{ text: reason }],
  });
}

function planStatus(one: Case): CarePlan['status'] {
  switch (one.state) {
    case 'open':
      return 'active';
    case 'suspended':
      return 'on-hold';
    case 'closed':
      return closedStatuses[one.closedAs ?? 'finished'];
    case 'withdrawn':
      return 'entered-in-error';
  }
}

const closedStatuses: Readonly<Record<CloseReason, CarePlan['status']>> = {
  finished: 'completed',
  readmitted: 'revoked',
  deceased: 'revoked',
  'not-qualifying': 'revoked',
  'entered-in-error': 'entered-in-error',
};

const closings: Readonly<Record<CloseReason, string>> = {
  finished: 'Closed: the period has ended.',
  readmitted: 'Closed: the patient was readmitted.',
  deceased: 'Closed: the patient has died.',
  'not-qualifying': 'Closed: the discharge does not qualify.',
  'entered-in-error': 'Withdrawn: the discharge was cancelled or told in error.',
};

/** R4 has no statusReason for a CarePlan; a note says it. */
function reasonOf(one: Case): string | undefined {
  switch (one.state) {
    case 'open':
      return undefined;
    case 'suspended':
      return 'On hold: the patient is in hospital again.';
    case 'withdrawn':
      return closings[one.closedAs ?? 'entered-in-error'].replace('Closed', 'Withdrawn');
    case 'closed':
      return closings[one.closedAs ?? 'finished'];
  }
}

/** Work of someone who has opted out stands; its owner decides about it, and must know. */
const flagsOf = (chart: Chart, one: Case): readonly string[] => {
  const isRunning = one.state === 'open' || one.state === 'suspended';
  const isOptedOut = isRunning && [chart.patient, ...chart.retired].some((record) => record.optedOut);
  return isOptedOut ? [...one.flags, 'opted-out'] : one.flags;
};

const categories = (flags: readonly string[], base: string): CodeableConcept[] => [
  { coding: [{ system: system.carePlanCategory, code: 'assess-plan', display: 'Assessment and Plan of Treatment' }] },
  ...flags.map((flag) => ({ coding: [{ system: caseFlagCodeSystem(base), code: flag }] })),
];

const supportingInfo = (one: Case): Reference[] => [
  referenceTo('EpisodeOfCare', one.episode),
  ...(one.suspendedFor === undefined ? [] : [referenceTo('Encounter', one.suspendedFor)]),
];

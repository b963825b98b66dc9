// Communication: word to the owners of a case that the hospital has moved it from one patient to another (US Core has no
// profile of it). It names no patient beyond its subject, and carries nothing clinical.

import type { Communication } from 'fhir/r4.js';
import type { PatientId } from '../../base/id.ts';
import type { Instant, Moment } from '../../base/instant.ts';
import { formatMoment } from '../../base/moment.ts';
import { formatInstant } from '../../base/time.ts';
import type { Case } from '../../domain/case/case.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { system } from '../../fhir/system.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';
import { practiceReference } from './organization.ts';
import { roleReference } from './practitioner-role.ts';

export interface MovedCase {
  readonly case: Case;
  readonly from: PatientId;
  readonly to: PatientId;
}

const open = new Set(['ready', 'in-progress', 'on-hold']);

export function expressMoveNotice(
  { case: one, to }: MovedCase,
  told: { readonly id: string; readonly trigger: string; readonly happenedAt: Moment; readonly now: Instant },
  context: ExpressContext,
): Expressed<Communication> {
  const owners = one.tasks.filter(({ status }) => open.has(status)).map(({ owner }) => owner);
  const roles = [...new Set(owners.length > 0 ? owners : one.tasks.map(({ owner }) => owner))];
  return ofPatient(to, {
    resourceType: 'Communication',
    id: told.id,
    status: 'completed',
    category: [{ coding: [{ system: system.communicationCategory, code: 'alert' }], text: 'Wrong-patient repair' }],
    priority: 'urgent',
    subject: referenceTo('Patient', to),
    about: [referenceTo('CarePlan', one.id)],
    encounter: referenceTo('Encounter', one.encounter),
    sent: formatInstant(told.now),
    recipient: roles.map((role) => roleReference(context.practice, role)),
    sender: practiceReference(context.practice),
    payload: [
      {
        contentString: `The hospital moved this stay, and the case with it, from another patient's record (${told.trigger}, ${formatMoment(told.happenedAt)}). Check what was done and said before, and to whom.`,
      },
    ],
  });
}

// Task: one thing one role must do by a day (FHIR R4 task.html). Due dates and statuses are decided in domain/case/;
// here they only change language.

import type { Task, TaskOutput } from 'fhir/r4.js';
import { type Instant, instant } from '../../base/instant.ts';
import { formatInstant } from '../../base/time.ts';
import type { Case, Task as CaseTask, EvidenceName } from '../../domain/case/case.ts';
import type { Chart } from '../../domain/chart.ts';
import type { Protocol } from '../../domain/protocol/protocol.ts';
import {
  caseIdentifierSystem,
  dueExplanationUrl,
  protocolCanonical,
  taskCodeSystem,
  taskOutputCodeSystem,
  taskProgressCodeSystem,
} from '../../fhir/canonical.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { appointmentId } from './appointment.ts';
import { listed } from './datatype.ts';
import { documentId } from './document-reference.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';
import { practiceReference } from './organization.ts';
import { roleConcept, roleReference } from './practitioner-role.ts';

const ended: ReadonlySet<CaseTask['status']> = new Set(['completed', 'failed', 'cancelled', 'entered-in-error']);

export function expressTask(
  chart: Chart,
  one: Case,
  task: CaseTask,
  protocol: Protocol | undefined,
  context: ExpressContext,
): Expressed<Task> {
  const { canonicalBase, practice } = context;
  const rule = protocol?.tasks.find((known) => known.id === task.code);
  const referral = one.referrals.find((known) => known.task === task.code);
  const { due, endedAt } = task;
  return ofPatient(chart.patient.id, {
    resourceType: 'Task',
    id: task.id,
    extension: [{ url: dueExplanationUrl(canonicalBase), valueString: due.explanation }],
    instantiatesCanonical: protocolCanonical(canonicalBase, one.protocol.id, one.protocol.version),
    basedOn: [referenceTo('CarePlan', one.id)],
    groupIdentifier: { system: caseIdentifierSystem(canonicalBase), value: one.id },
    status: task.status,
    statusReason: task.statusReason === undefined ? undefined : { text: task.statusReason },
    businessStatus:
      task.progress === undefined
        ? undefined
        : {
            coding: [{ system: taskProgressCodeSystem(canonicalBase), code: task.progress.code }],
            text: task.progress.text,
          },
    intent: 'order',
    code: { coding: [{ system: taskCodeSystem(canonicalBase), code: task.code }], text: task.title },
    description: rule?.description ?? task.title,
    focus: referral === undefined ? undefined : referenceTo('ServiceRequest', referral.id),
    for: referenceTo('Patient', chart.patient.id),
    encounter: referenceTo('Encounter', one.encounter),
    executionPeriod: endedAt !== undefined && ended.has(task.status) ? { end: formatInstant(endedAt) } : undefined,
    authoredOn: formatInstant(task.authoredAt),
    lastModified: formatInstant(laterOf(task.authoredAt, endedAt)),
    requester: practiceReference(practice),
    performerType: [roleConcept(practice, task.owner)],
    owner: roleReference(practice, task.owner),
    restriction: { period: { start: due.from, end: due.text } },
    output: listed((task.progress?.by ?? []).map((name) => output(name, context))),
  });
}

function output({ type, identifier, toldOf }: EvidenceName, context: ExpressContext): TaskOutput {
  const isDocument = type === 'DocumentReference';
  const id = isDocument ? documentId(context, identifier, toldOf) : appointmentId(context, identifier, toldOf);
  const code = isDocument ? 'discharge-summary' : 'appointment';
  return {
    type: { coding: [{ system: taskOutputCodeSystem(context.canonicalBase), code }] },
    valueReference: referenceTo(type, id),
  };
}

/** inv-1: a task was last modified no earlier than it was authored. */
const laterOf = (authored: Instant, changed: Instant | undefined): Instant =>
  instant(Math.max(authored, changed ?? authored));

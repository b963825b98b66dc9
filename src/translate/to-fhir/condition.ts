// Condition: each diagnosis a stay was ever given (US Core Condition Encounter Diagnosis). DG1 is a snapshot, so a
// diagnosis that a later one leaves out was said and taken back: it stays readable as entered in error.

import type { Condition, EncounterDiagnosis } from 'fhir/r4.js';
import { formatMoment } from '../../base/moment.ts';
import type { Chart } from '../../domain/chart.ts';
import type { Diagnosis, EncounterEvent, StayFacts } from '../../domain/encounter/event.ts';
import type { Encounter as Stay } from '../../domain/encounter/stay.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { system } from '../../fhir/system.ts';
import { claims, usCore } from '../../fhir/us-core.ts';
import { concept } from './datatype.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';

const category = {
  coding: [{ system: system.conditionCategory, code: 'encounter-diagnosis', display: 'Encounter Diagnosis' }],
};

/** One Condition per stay and code, whatever its role or rank. */
export const conditionId = (context: ExpressContext, stay: Stay, { code }: Diagnosis): string =>
  context.idFor('condition', stay.id, code.system ?? '', code.code ?? code.text ?? '');

/** Encounter.diagnosis: the diagnoses that hold. */
export function diagnosesOf(stay: Stay, context: ExpressContext): EncounterDiagnosis[] {
  return (stay.facts.diagnoses ?? []).filter(named).map((diagnosis) => ({
    condition: referenceTo('Condition', conditionId(context, stay, diagnosis), diagnosis.code.text),
    use:
      diagnosis.role === undefined ? undefined : { coding: [{ system: system.diagnosisRole, code: diagnosis.role }] },
    rank: diagnosis.rank !== undefined && diagnosis.rank > 0 ? diagnosis.rank : undefined,
  }));
}

/** The distinct Conditions that hold for a stay, as references. */
export function conditionReferences(stay: Stay, context: ExpressContext) {
  const ids = new Set((stay.facts.diagnoses ?? []).filter(named).map((one) => conditionId(context, stay, one)));
  return [...ids].map((id) => referenceTo('Condition', id));
}

export function expressConditions(
  chart: Chart,
  stay: Stay,
  events: ReadonlyMap<string, EncounterEvent>,
  context: ExpressContext,
): Expressed<Condition>[] {
  const found = new Map<string, Expressed<Condition>>();
  for (const diagnosis of (stay.facts.diagnoses ?? []).filter(named)) {
    const id = conditionId(context, stay, diagnosis);
    if (!found.has(id)) found.set(id, condition(chart, stay, id, diagnosis, stay.status === 'entered-in-error'));
  }
  const holding = new Set(found.keys());
  for (const event of stay.events) {
    for (const diagnosis of saidIn(events.get(event)?.facts)) {
      if (!named(diagnosis)) continue;
      const id = conditionId(context, stay, diagnosis);
      if (!holding.has(id)) found.set(id, condition(chart, stay, id, diagnosis, true));
    }
  }
  return [...found.values()];
}

/** Diagnoses that a message tells of, as a group or one by one. */
const saidIn = (facts: StayFacts | undefined): readonly Diagnosis[] => [
  ...(facts?.diagnoses ?? []),
  ...(facts?.diagnosisActions ?? []).flatMap(({ diagnosis }) => diagnosis ?? []),
];

const named = ({ code }: Diagnosis): boolean => code.code !== undefined || code.text !== undefined;

function condition(chart: Chart, stay: Stay, id: string, diagnosis: Diagnosis, inError: boolean): Expressed<Condition> {
  const at = diagnosis.recordedAt;
  return ofPatient(chart.patient.id, {
    resourceType: 'Condition',
    id,
    meta: claims(usCore.Condition),
    verificationStatus: inError
      ? { coding: [{ system: system.conditionVerification, code: 'entered-in-error', display: 'Entered in Error' }] }
      : undefined,
    category: [category],
    code: concept(diagnosis.code),
    subject: referenceTo('Patient', chart.patient.id),
    encounter: referenceTo('Encounter', stay.id),
    recordedDate: at === undefined ? undefined : formatMoment(at),
  });
}

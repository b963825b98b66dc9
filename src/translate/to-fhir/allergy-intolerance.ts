// AllergyIntolerance: each allergy a sender ever told of (US Core AllergyIntolerance; HL7 v2-to-FHIR guide, AL1). One
// that was taken back is inactive.

import type { AllergyIntolerance } from 'fhir/r4.js';
import type { Chart } from '../../domain/chart.ts';
import { allergiesOf, type KnownAllergy } from '../../domain/patient/allergies.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { system } from '../../fhir/system.ts';
import { claims, usCore } from '../../fhir/us-core.ts';
import { concept, listed } from './datatype.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';

export const expressAllergies = (chart: Chart, context: ExpressContext): Expressed<AllergyIntolerance>[] => {
  const records = [chart.patient, ...chart.retired];
  if (records.every((record) => record.allergies === undefined)) return [];
  const known = allergiesOf(records);
  const whose = (key: string) => records.filter((record) => record.allergies?.words[key]).map((record) => record.id);
  return known.flatMap((allergy) => {
    const [first, ...others] = whose(allergy.key).sort();
    const id = (record: string | undefined) => context.idFor('allergy', record ?? chart.patient.id, allergy.key);
    return [
      expressOne(chart, allergy, id(first)),
      ...others.map((other) => expressOne(chart, { ...allergy, isActive: false }, id(other))),
    ];
  });
};

function expressOne(chart: Chart, allergy: KnownAllergy, id: string): Expressed<AllergyIntolerance> {
  const clinical = allergy.isActive ? 'active' : 'inactive';
  return ofPatient(chart.patient.id, {
    resourceType: 'AllergyIntolerance',
    id,
    meta: claims(usCore.AllergyIntolerance),
    clinicalStatus: { coding: [{ system: system.allergyClinical, code: clinical }] },
    category: allergy.category === undefined ? undefined : [allergy.category],
    criticality: allergy.criticality,
    code: concept(allergy.code),
    patient: referenceTo('Patient', chart.patient.id),
    onsetDateTime: allergy.onset,
    reaction: listed(
      allergy.reactions.length === 0 ? [] : [{ manifestation: allergy.reactions.map((text) => ({ text })) }],
    ),
  });
}

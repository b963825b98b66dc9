// Small resources for tests of the FHIR edge. They say what matters; everything else is absent. All names are invented.

import type { CarePlan, Encounter, Patient, Provenance, Task } from 'fhir/r4.js';
import { canonicalBase } from './fhir-server.ts';

export const aPatient = (id: string, changes: Partial<Patient> = {}): Patient & { id: string } => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:test:mrn', value: `MRN-${id}` }],
  active: true,
  name: [{ family: 'Sample', given: ['Sam'] }],
  gender: 'female',
  birthDate: '1950-02-03',
  ...changes,
  id,
});

export const aTask = (id: string, patient: string, changes: Partial<Task> = {}): Task & { id: string } => ({
  resourceType: 'Task',
  status: 'ready',
  intent: 'order',
  code: { coding: [{ system: `${canonicalBase}/CodeSystem/task`, code: 'first-contact' }], text: 'Reach the patient' },
  for: { reference: `Patient/${patient}` },
  authoredOn: '2026-11-20T23:50:00-05:00',
  restriction: { period: { start: '2026-11-20T23:50:00-05:00', end: '2026-11-24T23:59:59-05:00' } },
  owner: { reference: 'PractitionerRole/coordinator', display: 'Care coordinator' },
  ...changes,
  id,
});

export const anEncounter = (
  id: string,
  patient: string,
  changes: Partial<Encounter> = {},
): Encounter & { id: string } => ({
  resourceType: 'Encounter',
  identifier: [{ system: 'urn:test:visit', value: `V-${id}` }],
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
  subject: { reference: `Patient/${patient}` },
  period: { start: '2026-11-16T08:00:00-05:00', end: '2026-11-20T23:50:00-05:00' },
  ...changes,
  id,
});

export const aCarePlan = (id: string, patient: string, changes: Partial<CarePlan> = {}): CarePlan & { id: string } => ({
  resourceType: 'CarePlan',
  instantiatesCanonical: [`${canonicalBase}/PlanDefinition/transitional-care|1.0.0`],
  status: 'active',
  intent: 'plan',
  category: [{ coding: [{ system: 'http://hl7.org/fhir/us/core/CodeSystem/careplan-category', code: 'assess-plan' }] }],
  subject: { reference: `Patient/${patient}` },
  period: { start: '2026-11-20' },
  ...changes,
  id,
});

/** The first target is the patient. */
export const aProvenance = (id: string, ...targets: string[]): Provenance & { id: string } => ({
  resourceType: 'Provenance',
  id,
  target: targets.map((reference) => ({ reference })),
  recorded: '2026-11-21T05:00:00Z',
  agent: [{ who: { display: 'General Hospital' } }],
});

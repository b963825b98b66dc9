// Profiles of US Core 6.1.0 that our resources claim (hl7.org/fhir/us/core/STU6.1), named without version.

import type { Meta } from 'fhir/r4.js';

const base = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-';

export const usCore = {
  Patient: `${base}patient`,
  Encounter: `${base}encounter`,
  Condition: `${base}condition-encounter-diagnosis`,
  DocumentReference: `${base}documentreference`,
  AllergyIntolerance: `${base}allergyintolerance`,
  CarePlan: `${base}careplan`,
  CareTeam: `${base}careteam`,
  ServiceRequest: `${base}servicerequest`,
  Organization: `${base}organization`,
  Practitioner: `${base}practitioner`,
  PractitionerRole: `${base}practitionerrole`,
  Location: `${base}location`,
  Provenance: `${base}provenance`,
  race: `${base}race`,
  ethnicity: `${base}ethnicity`,
} as const;

export const claims = (profile: string): Meta => ({ profile: [profile] });

/** Whether a National Provider Identifier is one: ten digits with the check digit of the Luhn rule over 80840 (us-core-16, -17). */
export function isNationalProvider(value: string): boolean {
  if (!/^[0-9]{10}$/.test(value)) return false;
  let sum = 24;
  for (let at = 0; at < 10; at += 1) {
    const digit = Number(value[at]);
    const doubled = at % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

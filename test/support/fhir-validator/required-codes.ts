// Which codes a required binding allows (FHIR R4 terminologies.html#required).

import { readFileSync } from 'node:fs';

type Codes = Readonly<Record<string, readonly string[]>>;

const r4 = JSON.parse(
  readFileSync(new URL('../../fixtures/fhir/r4/required-codes.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Codes | null>>;

const usCore = 'http://hl7.org/fhir/us/core/ValueSet/';
const raceAndEthnicity = 'urn:oid:2.16.840.1.113883.6.238';
const nullFlavor = 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor';

/** Of US Core 6.1.0; where it names sets of VSAC, the codes are those of the federal categories (OMB, 1997). */
const own: Readonly<Record<string, Codes | null>> = {
  [`${usCore}us-core-narrative-status`]: { 'http://hl7.org/fhir/narrative-status': ['additional', 'generated'] },
  [`${usCore}us-core-servicerequest-category`]: {
    'http://hl7.org/fhir/us/core/CodeSystem/us-core-category': [
      ...['sdoh', 'functional-status', 'disability-status', 'cognitive-status'],
    ],
    'http://snomed.info/sct': [
      ...['386053000', '410606002'],
      ...(r4['http://hl7.org/fhir/ValueSet/servicerequest-category']?.['http://snomed.info/sct'] ?? []),
    ],
  },
  [`${usCore}omb-race-category`]: {
    [raceAndEthnicity]: ['1002-5', '2028-9', '2054-5', '2076-8', '2106-3'],
    [nullFlavor]: ['ASKU', 'UNK'],
  },
  [`${usCore}omb-ethnicity-category`]: { [raceAndEthnicity]: ['2135-2', '2186-5'], [nullFlavor]: ['ASKU', 'UNK'] },
  [`${usCore}us-core-documentreference-category`]: {
    'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category': ['clinical-note'],
  },
  // All of LOINC's codes for documents.
  [`${usCore}us-core-documentreference-type`]: null,
  // Hundreds of codes, kept by VSAC.
  [`${usCore}detailed-race`]: null,
  [`${usCore}detailed-ethnicity`]: null,
};

/** The codes of a set by system; `null`: it cannot be listed; undefined: it is not known here. */
export function codesOf(valueSet: string): Codes | null | undefined {
  const url = valueSet.split('|')[0] ?? valueSet;
  return url in own ? own[url] : r4[url];
}

interface Coded {
  readonly system?: string;
  readonly code?: string;
}

/** Whether a code, Coding or CodeableConcept is within a set. */
export function isWithin(value: unknown, codes: Codes): boolean {
  if (typeof value === 'string') return Object.values(codes).some((list) => list.includes(value));
  const { coding, code, system } = value as Coded & { readonly coding?: readonly Coded[] };
  if (coding !== undefined) return coding.some((one) => isWithin(one, codes));
  return system !== undefined && code !== undefined && (codes[system]?.includes(code) ?? false);
}

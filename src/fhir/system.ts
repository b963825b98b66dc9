// Addresses of the code systems that our resources use, as FHIR R4, HL7 terminology and US Core publish them.

const hl7 = 'http://terminology.hl7.org/CodeSystem/';

export const system = {
  identifierType: `${hl7}v2-0203`,
  admissionType: `${hl7}v2-0007`,
  reAdmission: `${hl7}v2-0092`,
  actCode: `${hl7}v3-ActCode`,
  nullFlavor: `${hl7}v3-NullFlavor`,
  confidentiality: `${hl7}v3-Confidentiality`,
  participationType: `${hl7}v3-ParticipationType`,
  diagnosisRole: `${hl7}diagnosis-role`,
  dischargeDisposition: `${hl7}discharge-disposition`,
  conditionCategory: `${hl7}condition-category`,
  conditionVerification: `${hl7}condition-ver-status`,
  allergyClinical: `${hl7}allergyintolerance-clinical`,
  allergyVerification: `${hl7}allergyintolerance-verification`,
  documentCategory: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category',
  loinc: 'http://loinc.org',
  locationType: `${hl7}location-physical-type`,
  organizationType: `${hl7}organization-type`,
  planType: `${hl7}plan-definition-type`,
  provenanceParticipant: `${hl7}provenance-participant-type`,
  usCoreProvenanceParticipant: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type',
  v2Transformation: 'http://hl7.org/fhir/uv/v2mappings/CodeSystem/provenance-activity-type-v2-to-fhir',
  communicationCategory: `${hl7}communication-category`,
  carePlanCategory: 'http://hl7.org/fhir/us/core/CodeSystem/careplan-category',
  patientDischargeStatus: 'https://www.nubc.org/CodeSystem/PatDischargeStatus',
  raceAndEthnicity: 'urn:oid:2.16.840.1.113883.6.238',
  nationalProvider: 'http://hl7.org/fhir/sid/us-npi',
  snomed: 'http://snomed.info/sct',
  ucum: 'http://unitsofmeasure.org',
} as const;

/** Extensions of FHIR R4 that we send. */
export const extension = {
  birthTime: 'http://hl7.org/fhir/StructureDefinition/patient-birthTime',
  dataAbsentReason: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
} as const;

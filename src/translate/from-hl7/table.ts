// The code tables that reading a message asks (mappings/codes/<name>.csv). A closed list: a missing or misspelt table
// stops the start.

export const tableNames = [
  'address-use',
  'admission-type',
  'allergy-category',
  'allergy-severity',
  'appointment-status',
  'appointment-type',
  'code-system',
  'diagnosis-type',
  'discharge-disposition',
  'document-type',
  'ethnicity',
  'fhir-disposition',
  'gender',
  'language',
  'marital-status',
  'name-use',
  'patient-class',
  'race',
  're-admission',
  'relationship',
  'telecom-equipment',
  'telecom-use',
  'yes-no',
] as const;

export type TableName = (typeof tableNames)[number];

// The facts that mappings/hl7v2/adt.yaml may place in fields. A closed list: a misspelt fact stops the start.

/** Facts that are one coded or plain value: a path may name a component of a field. */
export const valueFacts = [
  'event-time',
  'cancel-time',
  'birth-date',
  'gender',
  'marital-status',
  'multiple-birth',
  'birth-order',
  'deceased-at',
  'deceased',
  'confidential',
  'visit-number',
  'former-visit-number',
  'account-number',
  'former-account-number',
  'pre-admission-number',
  'class',
  'admission-type',
  'service',
  're-admission',
  'admit-source',
  'disposition',
  'discharged-to',
  'admitted-at',
  'discharged-at',
  'reason',
  'language',
  'ethnicity',
] as const;

/** Facts read from a whole field with all its repetitions or components: a path names the field alone. */
export const fieldFacts = [
  'patient-identifiers',
  'retired-identifiers',
  'names',
  'race',
  'addresses',
  'general-practitioners',
  'place',
  'attending',
  'referring',
  'consulting',
  'admitting',
] as const;

export type FactName = (typeof valueFacts)[number] | (typeof fieldFacts)[number];

export const factNames: readonly FactName[] = [...valueFacts, ...fieldFacts];

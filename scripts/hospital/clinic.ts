// Reasons for a stay: diagnoses by their ICD-10-CM codes, and where they are treated (PV1-10).

import type { Random } from './random.ts';

export interface Diagnosis {
  readonly code: string;
  readonly text: string;
  /** PV1-10. */
  readonly service: string;
}

const medical: readonly Diagnosis[] = [
  { code: 'I50.23', text: 'Acute on chronic systolic (congestive) heart failure', service: 'CAR' },
  { code: 'I21.4', text: 'Non-ST elevation (NSTEMI) myocardial infarction', service: 'CAR' },
  { code: 'I48.91', text: 'Unspecified atrial fibrillation', service: 'CAR' },
  { code: 'J44.1', text: 'Chronic obstructive pulmonary disease with (acute) exacerbation', service: 'PUL' },
  { code: 'J18.9', text: 'Pneumonia, unspecified organism', service: 'PUL' },
  { code: 'A41.9', text: 'Sepsis, unspecified organism', service: 'MED' },
  { code: 'N17.9', text: 'Acute kidney failure, unspecified', service: 'MED' },
  { code: 'N39.0', text: 'Urinary tract infection, site not specified', service: 'MED' },
  { code: 'E11.65', text: 'Type 2 diabetes mellitus with hyperglycemia', service: 'MED' },
  { code: 'I63.9', text: 'Cerebral infarction, unspecified', service: 'NEU' },
  { code: 'S72.001A', text: 'Fracture of unspecified part of neck of right femur, initial encounter', service: 'ORT' },
  { code: 'K85.90', text: 'Acute pancreatitis without necrosis or infection, unspecified', service: 'SUR' },
];

const emergency: readonly Diagnosis[] = [
  { code: 'R07.9', text: 'Chest pain, unspecified', service: 'EMR' },
  { code: 'R55', text: 'Syncope and collapse', service: 'EMR' },
  { code: 'R10.9', text: 'Unspecified abdominal pain', service: 'EMR' },
  { code: 'S93.401A', text: 'Sprain of unspecified ligament of right ankle, initial encounter', service: 'EMR' },
];

const comorbid: readonly Diagnosis[] = [
  { code: 'I10', text: 'Essential (primary) hypertension', service: 'MED' },
  { code: 'E78.5', text: 'Hyperlipidemia, unspecified', service: 'MED' },
  { code: 'E11.9', text: 'Type 2 diabetes mellitus without complications', service: 'MED' },
  { code: 'N18.30', text: 'Chronic kidney disease, stage 3 unspecified', service: 'MED' },
  { code: 'Z79.01', text: 'Long term (current) use of anticoagulants', service: 'MED' },
];

export const pickMedical = (random: Random): Diagnosis => random.pick(medical);
export const pickEmergency = (random: Random): Diagnosis => random.pick(emergency);

/** The diagnosis of admission with one or two that came to light later. */
export const withComorbid = (random: Random, first: readonly Diagnosis[]): readonly Diagnosis[] => [
  ...first,
  ...random.shuffled(comorbid).slice(0, random.between(1, 2)),
];

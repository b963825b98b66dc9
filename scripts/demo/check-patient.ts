// One human being held against what really happened: the record, the numbers merged away, stays, cases.

import type { Patient } from 'fhir/r4.js';
import type { ExpectedPatient } from '../hospital/expected.ts';
import { checkCases } from './check-cases.ts';
import { checkEncounters } from './check-encounters.ts';
import type { FhirReader } from './fhir-reader.ts';
import type { Findings } from './findings.ts';

export async function checkPatient(
  findings: Findings,
  expected: ExpectedPatient,
  reader: FhirReader,
  canonicalBase: string,
): Promise<void> {
  const about = `patient ${expected.mrn} (${expected.story})`;
  const found = await reader.search<Patient>(`Patient?identifier=${expected.mrn}`);
  findings.look(
    'patients found by their number',
    found.length === 1,
    () => `${about} should be found once, is found ${found.length} times`,
  );
  const [patient] = found;
  if (!patient?.id) return;
  checkRecord(findings, about, patient, expected);
  if (expected.groupNumber !== undefined) {
    const byGroup = await reader.search<Patient>(`Patient?identifier=${expected.groupNumber}`);
    const ids = byGroup.map(({ id }) => id);
    findings.same('patients found by their second number', `${about}, found by ${expected.groupNumber},`, ids, [
      patient.id,
    ]);
  }
  for (const number of expected.retired) await checkRetired(findings, about, patient.id, number, reader);
  const encounters = await checkEncounters(findings, about, patient.id, expected, reader);
  await checkCases(findings, { about, patient: patient.id, expected, encounters, canonicalBase }, reader);
}

function checkRecord(findings: Findings, about: string, patient: Patient, expected: ExpectedPatient): void {
  const name = patient.name?.find(({ use }) => use === 'official') ?? patient.name?.[0];
  const kind = 'patients: name, birth date, telephone';
  findings.same(kind, `the family name of ${about}`, name?.family, expected.family);
  findings.same(kind, `the given name of ${about}`, name?.given?.[0], expected.given);
  findings.same(kind, `the birth date of ${about}`, patient.birthDate, expected.birthDate);
  findings.same(kind, `whether ${about} has a telephone`, patient.telecom !== undefined, expected.hasPhone);
  const isDeceased = patient.deceasedDateTime !== undefined || patient.deceasedBoolean === true;
  findings.same('patients: alive or dead', `whether ${about} has died`, isDeceased, expected.isDeceased);
  findings.same('patients: active', `whether ${about} is active`, patient.active, true);
  const replaced = (patient.link ?? []).filter(({ type }) => type === 'replaces').length;
  findings.same(
    'merged numbers still lead to the survivor',
    `the links of ${about}`,
    replaced,
    expected.retired.length,
  );
}

async function checkRetired(
  findings: Findings,
  about: string,
  survivor: string,
  number: string,
  reader: FhirReader,
): Promise<void> {
  const kind = 'merged numbers still lead to the survivor';
  const [old, ...others] = await reader.search<Patient>(`Patient?identifier=${number}`);
  if (old?.id === undefined || others.length > 0) {
    findings.look(kind, false, () => `${number} of ${about} should be found once`);
    return;
  }
  const read = await reader.read<Patient>(`Patient/${old.id}`);
  findings.look(kind, old.id !== survivor, () => `${number} of ${about} should have a record of its own`);
  findings.same(kind, `${number} of ${about}, active,`, read.active, false);
  const link = (read.link ?? []).map(({ type, other }) => `${type} ${other.reference}`);
  findings.same(kind, `the link of ${number} of ${about}`, link, [`replaced-by Patient/${survivor}`]);
}

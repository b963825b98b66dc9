// The stays of a patient held against those that were lived.

import type { Condition, Encounter } from 'fhir/r4.js';
import type { ExpectedEncounter, ExpectedPatient } from '../hospital/expected.ts';
import type { FhirReader } from './fhir-reader.ts';
import type { Findings } from './findings.ts';

const dischargeStatus = 'https://www.nubc.org/CodeSystem/PatDischargeStatus';

/** Returns the ids by visit number. */
export async function checkEncounters(
  findings: Findings,
  about: string,
  patient: string,
  expected: ExpectedPatient,
  reader: FhirReader,
): Promise<ReadonlyMap<string, string>> {
  const all = await reader.search<Encounter>(`Encounter?patient=${patient}&_count=100`);
  const found = all.filter((encounter) => isMeant(encounter, expected));
  const ids = new Map<string, string>();
  findings.same('stays: their number', `the number of stays of ${about}`, found.length, expected.encounters.length);
  for (const one of expected.encounters) {
    const encounter = found.find(({ identifier }) => currentVisit(identifier) === one.visit);
    findings.look(
      'stays: found by visit number',
      encounter !== undefined,
      () => `${about} should have the stay ${one.visit}`,
    );
    if (!encounter?.id) continue;
    ids.set(one.visit, encounter.id);
    checkStay(findings, `stay ${one.visit} of ${about}`, encounter, one);
    await checkDiagnoses(findings, `stay ${one.visit} of ${about}`, encounter.id, one, reader);
    for (const number of [one.visit, ...one.formerVisits]) {
      const byNumber = await reader.search<Encounter>(`Encounter?identifier=${number}`);
      const kind = 'stays: found by visit number';
      findings.same(
        kind,
        `${about}, found by ${number},`,
        byNumber.filter((found) => isMeant(found, expected)).map(({ id }) => id),
        [encounter.id],
      );
    }
  }
  return ids;
}

/**
 * Where a discharge under a new visit number is told before the visits under the old one, and only then that both are the
 * same, two stays had to be published; one of them is then entered in error.
 */
const isMeant = ({ status }: Encounter, { isInOrder }: ExpectedPatient): boolean =>
  isInOrder || status !== 'entered-in-error';

const currentVisit = (identifiers: Encounter['identifier']): string | undefined =>
  identifiers?.find(({ use }) => use !== 'old')?.value;

function checkStay(findings: Findings, about: string, encounter: Encounter, expected: ExpectedEncounter): void {
  findings.same('stays: status', `the status of ${about}`, encounter.status, expected.status);
  findings.same('stays: class', `the class of ${about}`, encounter.class.code, expected.class);
  if (expected.status !== 'cancelled') {
    const kind = 'stays: begin and end';
    findings.same(kind, `the begin of ${about}`, minute(encounter.period?.start), minuteOf(expected.start));
    findings.same(kind, `the end of ${about}`, minute(encounter.period?.end), minuteOf(expected.end));
    findings.same('stays: place', `the place of ${about}`, encounter.location?.[0]?.location.display, expected.place);
  }
  const coding = encounter.hospitalization?.dischargeDisposition?.coding ?? [];
  const disposition = coding.find(({ system }) => system === dischargeStatus)?.code;
  findings.same('stays: disposition', `the disposition of ${about}`, disposition, expected.disposition);
}

/** A diagnosis that was taken back is entered in error. */
async function checkDiagnoses(
  findings: Findings,
  about: string,
  encounter: string,
  expected: ExpectedEncounter,
  reader: FhirReader,
): Promise<void> {
  const conditions = await reader.search<Condition>(`Condition?encounter=${encounter}`);
  const codes = conditions
    .filter(({ verificationStatus }) => verificationStatus?.coding?.[0]?.code !== 'entered-in-error')
    .map(({ code }) => code?.coding?.[0]?.code)
    .sort();
  findings.same('stays: diagnoses', `the diagnoses of ${about}`, codes, [...expected.diagnoses].sort());
}

const minuteOf = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString().slice(0, 16);
const minute = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : minuteOf(Date.parse(text));

// What an Encounter says of a stay, with the conditions and people it refers to (FHIR R4 encounter.html; Da Vinci
// Unsolicited Notifications, adt-notification-encounter).

import type { PractitionerName } from '../../domain/code.ts';
import type { Destination, Diagnosis, Disposition, Place, StayFacts } from '../../domain/encounter/event.ts';
import { codingsOf, type Part, partOf, partsOf, textOf } from '../../fhir/part.ts';
import { system } from '../../fhir/system.ts';
import { lookUp } from '../from-hl7/code.ts';
import { sent } from '../from-hl7/sent.ts';
import { codeOf } from './patient.ts';
import { practitionerFrom } from './practitioner.ts';
import { codeFrom, conceptFrom, type FhirReading, momentOf } from './reading.ts';

const roles = { attending: 'ATND', referring: 'REF', consulting: 'CON', admitting: 'ADM' } as const;

/** Names under which the codes of UB-04 go: those of the National Uniform Billing Committee, and older ones. */
const billingSystems: ReadonlySet<string> = new Set([
  system.patientDischargeStatus,
  'urn:oid:2.16.840.1.113883.6.301.5',
  'http://terminology.hl7.org/CodeSystem/nubc-UB92',
  'http://terminology.hl7.org/CodeSystem/v2-0112',
  'https://www.nubc.org/CodeSystem/UB04-DischargeStatus',
]);

export function factsFrom(reading: FhirReading, encounter: Part): StayFacts {
  const period = partOf(encounter.period);
  const hospitalization = partOf(encounter.hospitalization);
  const people = (code: string) => participants(reading, encounter, code);
  const type = partsOf(encounter.type).find((each) => codeOf(each, system.admissionType) !== undefined);
  const diagnoses = diagnosesFrom(reading, encounter);
  return sent({
    class: codeFrom(partOf(encounter.class)),
    place: placeFrom(reading, encounter),
    admissionType: conceptFrom(type),
    service: conceptFrom(encounter.serviceType),
    admitSource: conceptFrom(hospitalization?.admitSource),
    disposition: dispositionFrom(reading, hospitalization?.dischargeDisposition),
    dischargedTo: textOf(partOf(hospitalization?.destination)?.display),
    attending: people(roles.attending),
    referring: people(roles.referring),
    consulting: people(roles.consulting),
    admitting: people(roles.admitting),
    admittedAt: momentOf(reading, period?.start, 'Encounter.period.start'),
    dischargedAt: momentOf(reading, period?.end, 'Encounter.period.end'),
    reason: conceptFrom(partsOf(encounter.reasonCode)[0]),
    diagnoses: diagnoses.length === 0 ? undefined : diagnoses,
  });
}

function participants(reading: FhirReading, encounter: Part, code: string): readonly PractitionerName[] | undefined {
  const found = partsOf(encounter.participant)
    .filter((each) => partsOf(each.type).some((type) => codeOf(type, system.participationType) === code))
    .flatMap((each) => practitionerFrom(reading, each.individual, encounter) ?? []);
  return found.length === 0 ? undefined : found;
}

/** The last place that is not over, by the name of its Location. */
function placeFrom(reading: FhirReading, encounter: Part): Place | undefined {
  const places = partsOf(encounter.location);
  const last = [...places].reverse().find((each) => each.status !== 'completed') ?? places.at(-1);
  const found = last && reading.find(last.location, encounter);
  const name = textOf(found?.name) ?? textOf(partOf(last?.location)?.display);
  return name === undefined ? undefined : { pointOfCare: name };
}

/** A code of UB-04 by the table of PV1-36; one of FHIR's own by the table `fhir-disposition`. */
function dispositionFrom(reading: FhirReading, concept: unknown): Disposition | undefined {
  const codings = codingsOf(concept);
  const billing = codings.find((coding) => billingSystems.has(textOf(coding.system) ?? ''));
  const own = codings.find((coding) => coding.system === system.dischargeDisposition);
  const chosen = billing ?? own ?? codings[0];
  const sentCode = textOf(chosen?.code) ?? textOf(partOf(concept)?.text);
  if (sentCode === undefined) return undefined;
  const code = /^\d$/.test(sentCode) ? `0${sentCode}` : sentCode;
  const table = chosen !== undefined && chosen === own ? 'fhir-disposition' : 'discharge-disposition';
  return { code, destination: (lookUp(reading, table, code) ?? 'unknown') as Destination };
}

/** A Condition that was refuted or entered in error is no diagnosis. */
function diagnosesFrom(reading: FhirReading, encounter: Part): readonly Diagnosis[] {
  return partsOf(encounter.diagnosis).flatMap((each): Diagnosis[] => {
    const condition = reading.find(each.condition, encounter);
    const verification = codeOf(condition?.verificationStatus, system.conditionVerification);
    if (verification === 'entered-in-error' || verification === 'refuted') return [];
    const display = textOf(partOf(each.condition)?.display);
    const code = conceptFrom(condition?.code) ?? (display === undefined ? undefined : { text: display });
    if (code === undefined) return [];
    const rank = typeof each.rank === 'number' && Number.isInteger(each.rank) && each.rank > 0 ? each.rank : undefined;
    return [
      {
        code,
        ...sent({
          role: codeOf(each.use, system.diagnosisRole),
          rank,
          recordedAt: momentOf(reading, condition?.recordedDate, 'Condition.recordedDate'),
        }),
      },
    ];
  });
}

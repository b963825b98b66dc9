// Encounter.hospitalization: where the patient came from and went to. The sender's disposition stays as it was, beside
// FHIR's own code for the kind of destination it stands for (HL7 publishes no map of table 0112).

import type { CodeableConcept, EncounterHospitalization } from 'fhir/r4.js';
import type { Destination, Disposition } from '../../domain/encounter/event.ts';
import type { Encounter as Stay } from '../../domain/encounter/stay.ts';
import { system } from '../../fhir/system.ts';
import { concept, identifier } from './datatype.ts';

const kinds: Readonly<Record<Destination, readonly [code: string, display: string] | undefined>> = {
  home: ['home', 'Home'],
  'home-against-advice': ['aadvice', 'Left against advice'],
  custody: ['oth', 'Other'],
  'facility-residence': ['long', 'Long-term care'],
  snf: ['snf', 'Skilled nursing facility'],
  transfer: ['other-hcf', 'Other healthcare facility'],
  expired: ['exp', 'Expired'],
  hospice: ['hosp', 'Hospice'],
  other: ['oth', 'Other'],
  'still-patient': undefined,
  unknown: undefined,
};

export function hospitalization(facts: Stay['facts']): EncounterHospitalization | undefined {
  const { preAdmissionNumber, admitSource, reAdmission, disposition, dischargedTo } = facts;
  const from = concept(admitSource);
  const nothingSaid =
    preAdmissionNumber === undefined &&
    from === undefined &&
    reAdmission !== true &&
    disposition === undefined &&
    dischargedTo === undefined;
  if (nothingSaid) return undefined;
  return {
    preAdmissionIdentifier: preAdmissionNumber === undefined ? undefined : identifier(preAdmissionNumber),
    admitSource: from,
    reAdmission:
      reAdmission === true
        ? { coding: [{ system: system.reAdmission, code: 'R', display: 'Re-admission' }] }
        : undefined,
    destination: dischargedTo === undefined ? undefined : { display: dischargedTo },
    dischargeDisposition: disposition === undefined ? undefined : dischargeDisposition(disposition),
  };
}

/** Patient discharge status codes have two digits; some senders drop the zero. */
function dischargeDisposition({ code, destination }: Disposition): CodeableConcept {
  const kind = kinds[destination];
  const coded = [];
  if (/^[0-9]{1,2}$/.test(code)) coded.push({ system: system.patientDischargeStatus, code: code.padStart(2, '0') });
  if (kind !== undefined) coded.push({ system: system.dischargeDisposition, code: kind[0], display: kind[1] });
  return { coding: coded.length === 0 ? undefined : coded, text: code };
}

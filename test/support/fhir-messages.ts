// Builds FHIR messages for tests: a test says what matters, everything else is a sane default. All names are invented.

import type { Bundle, Encounter, FhirResource, Patient } from 'fhir/r4.js';
import { mrnAuthority, visitAuthority } from './feed-language.ts';

const eventSystem = 'http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

export interface NotificationOptions {
  /** Default `notification-discharge`; `''`: an event of the sender's own. */
  readonly event?: string;
  readonly mrn?: string;
  readonly visit?: string;
  readonly class?: string;
  /** Default by the event: `finished` for a discharge, else `in-progress`. */
  readonly status?: Encounter['status'];
  /** Encounter.meta.lastUpdated. */
  readonly updatedAt?: string;
  /** Bundle.timestamp. */
  readonly sentAt?: string;
  /** UB-04; `''`: none. */
  readonly disposition?: string;
  readonly start?: string;
  /** Default for a finished one `2026-11-20T15:00:00-05:00`. */
  readonly end?: string;
  readonly patient?: Partial<Patient>;
  readonly encounter?: Partial<Encounter>;
}

const isEnded = ({ event = 'notification-discharge', status }: NotificationOptions) =>
  status === undefined ? event === 'notification-discharge' : status === 'finished';

export function anEncounterTold(options: NotificationOptions = {}): Encounter {
  const end = options.end ?? (isEnded(options) ? '2026-11-20T15:00:00-05:00' : undefined);
  const disposition = options.disposition ?? (isEnded(options) ? '01' : '');
  return {
    resourceType: 'Encounter',
    id: 'enc-1',
    meta: { lastUpdated: options.updatedAt ?? end ?? '2026-11-17T08:00:00-05:00' },
    identifier: [{ system: visitAuthority, value: options.visit ?? 'V1' }],
    status: options.status ?? (isEnded(options) ? 'finished' : 'in-progress'),
    class: { system: actCode, code: options.class ?? 'IMP', display: 'inpatient encounter' },
    subject: { reference: 'urn:uuid:patient' },
    participant: [
      {
        type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'ATND' }] }],
        individual: { reference: 'urn:uuid:doctor' },
      },
    ],
    period: { start: options.start ?? '2026-11-17T08:00:00-05:00', ...(end !== undefined && { end }) },
    diagnosis: [{ condition: { reference: 'urn:uuid:condition' }, rank: 1 }],
    ...(disposition !== '' && {
      hospitalization: {
        dischargeDisposition: {
          coding: [{ system: 'https://www.nubc.org/CodeSystem/PatDischargeStatus', code: disposition }],
        },
      },
    }),
    location: [{ location: { reference: 'urn:uuid:ward' } }],
    serviceProvider: { display: 'General Hospital East' },
    ...options.encounter,
  };
}

export const aPatientTold = ({ mrn = '1001', patient }: NotificationOptions = {}): Patient => ({
  resourceType: 'Patient',
  id: 'patient',
  identifier: [
    { system: mrnAuthority, value: mrn, type: { coding: [{ code: 'MR' }] } },
    { system: 'http://hl7.org/fhir/sid/us-ssn', value: '000-00-0000' },
  ],
  name: [{ use: 'official', family: 'Winter', given: ['Ada', 'M'] }],
  birthDate: '1955-01-02',
  gender: 'female',
  telecom: [{ system: 'phone', use: 'home', value: '555-0134' }],
  ...patient,
});

export function aNotification(options: NotificationOptions = {}): Bundle<FhirResource> {
  const event = options.event ?? 'notification-discharge';
  const encounter = anEncounterTold(options);
  return {
    resourceType: 'Bundle',
    id: `b-${event}-${options.mrn ?? '1001'}-${encounter.meta?.lastUpdated?.replace(/[^0-9]/g, '')}-${encounter.status}`,
    type: 'message',
    timestamp: options.sentAt ?? encounter.meta?.lastUpdated ?? '2026-11-20T15:01:00-05:00',
    entry: [
      {
        fullUrl: 'urn:uuid:header',
        resource: {
          resourceType: 'MessageHeader',
          id: 'header',
          ...(event === ''
            ? { eventUri: 'https://hospital.example/encounter-changed' }
            : { eventCoding: { system: eventSystem, code: event } }),
          focus: [{ reference: 'urn:uuid:encounter' }],
          source: { endpoint: 'https://hospital.example' },
        },
      },
      { fullUrl: 'urn:uuid:encounter', resource: encounter },
      { fullUrl: 'urn:uuid:patient', resource: aPatientTold(options) },
      {
        fullUrl: 'urn:uuid:doctor',
        resource: {
          resourceType: 'Practitioner',
          identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893' }],
          name: [{ family: 'Reyes', given: ['Marta'] }],
        },
      },
      { fullUrl: 'urn:uuid:ward', resource: { resourceType: 'Location', name: '4 West' } },
      {
        fullUrl: 'urn:uuid:condition',
        resource: {
          resourceType: 'Condition',
          subject: { reference: 'urn:uuid:patient' },
          code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'I50.9', display: 'Heart failure' }] },
          recordedDate: '2026-11-19',
        },
      },
    ],
  };
}

/** An Encounter that stands alone, with its patient contained. */
export const anEncounterAlone = (options: NotificationOptions = {}): Encounter => {
  const {
    participant: _doctor,
    diagnosis: _condition,
    location: _ward,
    ...encounter
  } = anEncounterTold({
    event: '',
    ...options,
  });
  return { ...encounter, contained: [aPatientTold(options)], subject: { reference: '#patient' }, ...options.encounter };
};

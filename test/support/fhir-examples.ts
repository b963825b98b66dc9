// Everything we publish, in the situations that differ in shape: plain, sparse, merged, cancelled, withdrawn, deceased.

import type { FhirResource } from 'fhir/r4.js';
import type { CaseId, EncounterId, PatientId, TaskId } from '../../src/base/id.ts';
import { instant } from '../../src/base/instant.ts';
import type { Appointment } from '../../src/domain/appointment/appointment.ts';
import type { TaskProgress } from '../../src/domain/case/case.ts';
import type { Chart } from '../../src/domain/chart.ts';
import type { Document } from '../../src/domain/document/document.ts';
import { sayAllergies } from '../../src/domain/patient/allergies.ts';
import { ownDemographics } from '../../src/domain/patient/demographics.ts';
import { expressMoveNotice } from '../../src/translate/to-fhir/communication.ts';
import { express, expressPractice } from '../../src/translate/to-fhir/express.ts';
import { expressMentions } from '../../src/translate/to-fhir/mentions.ts';
import { expressProtocol } from '../../src/translate/to-fhir/plan-definition.ts';
import { expressProvenance } from '../../src/translate/to-fhir/provenance.ts';
import {
  aCase,
  aChart,
  aContext,
  aMoment,
  anEpisode,
  anEvent,
  aPractice,
  aProtocol,
  aRecord,
  aReferral,
  aStay,
  aTask,
  jane,
  said,
} from './charts.ts';

const aCancellation = aMoment('2026-11-20T18:00:00').at;

export const charts: Readonly<Record<string, Chart>> = {
  'a discharge home': aChart(),
  'a patient of whom little is known': aChart({
    patient: aRecord({ statements: {}, identifiers: [{ authority: 'urn:throughline:mrn', value: '7 7/ä' }] }),
    events: [],
    cases: [],
    episodes: [],
    encounters: [
      {
        id: 'e-1' as EncounterId,
        events: ['ev-1'],
        formerVisits: [],
        partner: 'general-hospital',
        status: 'in-progress',
        statuses: [{ status: 'in-progress', from: aMoment('2026-11-18') }],
        classes: [],
        discharges: [],
        facts: {},
      },
    ],
  }),
  'a patient of whom everything is known': aChart({
    patient: aRecord({
      statements: said({
        ...jane,
        names: [
          { use: 'official', family: 'O’Neill', given: ['Ana'], suffix: 'Jr' },
          { use: 'maiden', family: 'Śmith & <Sons>', given: [] },
          { given: [], prefix: 'Dr' },
        ],
        birthTime: '1951-04-09T03:15:00-05:00',
        maritalStatus: { system: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', code: 'M' },
        race: [
          { system: 'urn:oid:2.16.840.1.113883.6.238', code: '2106-3', text: 'White' },
          { system: 'urn:oid:2.16.840.1.113883.6.238', code: '2108-9', text: 'European' },
          { text: 'declined' },
        ],
        deceased: false,
        multipleBirth: 2,
        confidential: true,
        generalPractitioners: [
          { identifier: { authority: 'urn:throughline:staff', value: 'D7' }, name: { given: ['Sam'] } },
          { name: { family: 'Lund', given: ['Erik'] } },
          { name: { given: [] } },
        ],
        contacts: [
          {
            name: { family: 'Okafor', given: ['Ben'] },
            relationship: { system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'SPS', text: 'spouse' },
            telecoms: [{ system: 'phone', use: 'mobile', value: '555 0199' }],
          },
          { telecoms: [] },
        ],
      }),
    }),
  }),
  'a merged patient': aChart({
    retired: [
      aRecord({
        id: 'p-0' as PatientId,
        identifiers: [{ authority: 'urn:oid:2.16.840.1.113883.19.5', value: 'MRN0000', type: 'MR' }],
        replacedBy: { patient: 'p-1' as PatientId, order: '2026-11-19' },
      }),
    ],
  }),
  'an emergency visit with an unknown class before it': aChart({
    cases: [],
    episodes: [],
    encounters: [
      aStay({
        classes: [
          { class: {}, from: aMoment('2026-11-18T09:15'), to: aMoment('2026-11-18T09:20') },
          {
            class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'EMER' },
            from: aMoment('2026-11-18T09:20'),
          },
        ],
        facts: {
          class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'EMER' },
          place: { facility: 'GENHOSP' },
          admitSource: { code: '7', text: 'Emergency room' },
          reAdmission: true,
          dischargedTo: 'Home of her daughter',
          preAdmissionNumber: { authority: 'urn:throughline:pre', value: 'P1' },
          disposition: { code: 'AMA left', destination: 'home-against-advice' },
          admitting: [
            {
              identifier: { authority: 'http://hl7.org/fhir/sid/us-npi', value: '99' },
              name: { family: 'Roe', given: [] },
            },
          ],
        },
      }),
    ],
  }),
  'a cancelled stay': aChart({ cases: [], episodes: [], encounters: [aStay({ status: 'cancelled', discharges: [] })] }),
  'a diagnosis taken back': aChart({
    events: [
      anEvent({
        facts: {
          diagnoses: [{ code: { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'J18.9' }, role: 'AD', rank: 0 }],
        },
      }),
    ],
  }),
  'a withdrawn case and the one that replaces it': aChart({
    cases: [
      aCase({
        state: 'withdrawn',
        closedAs: 'entered-in-error',
        closedAt: aCancellation,
        tasks: [
          aTask({ status: 'entered-in-error', statusReason: 'The discharge was cancelled.', endedAt: aCancellation }),
        ],
        referrals: [aReferral({ status: 'entered-in-error' })],
      }),
      aCase({
        id: 'c-2' as CaseId,
        follows: 'c-1' as CaseId,
        flags: ['disposition-unknown', 'class-unknown'],
        tasks: [aTask({ id: 't-9' as TaskId })],
        referrals: [],
      }),
    ],
    episodes: [anEpisode({ state: 'entered-in-error', to: aCancellation })],
  }),
  'a case on hold for a readmission': aChart({
    encounters: [aStay(), aStay({ id: 'e-2' as EncounterId, status: 'in-progress', discharges: [] })],
    cases: [
      aCase({
        state: 'suspended',
        suspendedFor: 'e-2' as EncounterId,
        tasks: [aTask({ status: 'on-hold', statusReason: 'The patient was readmitted.', endedAt: aCancellation })],
        referrals: [aReferral({ status: 'on-hold' })],
      }),
    ],
    episodes: [anEpisode({ state: 'onhold' })],
  }),
  'a finished case of a protocol that is gone': aChart({
    cases: [
      aCase({
        state: 'closed',
        closedAs: 'finished',
        protocol: { id: 'older', version: '0.9.0' },
        tasks: [],
        referrals: [],
      }),
    ],
    episodes: [anEpisode({ state: 'finished', to: instant(Date.parse('2026-12-20T05:00:00Z')) })],
  }),
  'a death in hospital': aChart({
    encounters: [aStay({ facts: { ...aStay().facts, disposition: { code: '20', destination: 'expired' } } })],
    cases: [aCase({ state: 'closed', closedAs: 'deceased' })],
  }),
};

const aSummary: Document = {
  identifier: { authority: 'urn:throughline:authority:general-hospital:document', value: 'D-77' },
  toldOf: ['p-1' as PatientId],
  status: 'current',
  facts: {
    type: { system: 'http://loinc.org', code: '18842-5', text: 'Discharge Summary' },
    completion: 'final',
    availability: 'available',
    writtenAt: aMoment('2026-11-20T16:30'),
    authors: [
      {
        identifier: { authority: 'urn:oid:2.16.840.1.113883.19.8', value: 'D9' },
        name: { family: 'Lindqvist', given: ['Per'] },
      },
    ],
    title: 'Discharge summary <4W>',
    contents: [
      { contentType: 'text/plain; charset=utf-8', data: Buffer.from('Went home.').toString('base64'), size: 10 },
      { contentType: 'application/pdf', url: 'https://general-hospital.example/documents/77' },
    ],
  },
  order: '20261120',
  happenedAt: aMoment('2026-11-20T16:40'),
  partner: 'general-hospital',
  facility: 'GENHOSP',
  encounter: 'e-1' as EncounterId,
};
const aVisitBooked: Appointment = {
  identifier: { authority: 'urn:throughline:authority:general-hospital:appointment', value: 'A-5' },
  otherIdentifiers: [{ authority: 'urn:throughline:authority:general-hospital:appointment', value: 'P-5' }],
  formerNames: [],
  toldOf: ['p-1' as PatientId],
  status: 'booked',
  facts: {
    start: aMoment('2026-11-27T10:00'),
    minutes: 30,
    type: { text: 'Follow-up' },
    reason: { text: 'After the stay' },
    practitioners: [{ name: { family: 'Okonkwo', given: ['Ife'] } }],
    place: { pointOfCare: 'CLINIC', facility: 'GENHOSP' },
  },
  order: '20261120',
  partner: 'general-hospital',
  facility: 'GENHOSP',
};
const byDocument: TaskProgress = {
  code: 'document-received',
  text: 'The discharge summary was received.',
  by: [{ type: 'DocumentReference', identifier: aSummary.identifier, toldOf: 'p-1' as PatientId }],
  isBegun: true,
};
const byAppointment: TaskProgress = {
  code: 'appointment-booked',
  text: 'An appointment is booked.',
  by: [{ type: 'Appointment', identifier: aVisitBooked.identifier, toldOf: 'p-1' as PatientId }],
  isBegun: true,
};
const { start: _start, minutes: _minutes, ...withoutTime } = aVisitBooked.facts;

export const evidenceCharts: Readonly<Record<string, Chart>> = {
  'a summary and a booked visit': aChart({
    cases: [
      aCase({
        tasks: [
          aTask({ status: 'in-progress', code: 'discharge-information', progress: byDocument }),
          aTask({ id: 't-2' as TaskId, code: 'follow-up-visit', status: 'in-progress', progress: byAppointment }),
        ],
        referrals: [],
      }),
    ],
    documents: [
      aSummary,
      { ...aSummary, identifier: { ...aSummary.identifier, value: 'D-76' }, status: 'superseded', facts: {} },
      {
        ...aSummary,
        identifier: { ...aSummary.identifier, value: 'D-78' },
        status: 'entered-in-error',
        replaces: aSummary.identifier,
        appends: { ...aSummary.identifier, value: 'never told' },
        facts: {
          type: { text: 'A note of our own' },
          contents: [{ contentType: 'application/pdf', title: 'large', size: 9 }],
        },
      },
    ],
    appointments: (['cancelled', 'noshow', 'entered-in-error', 'booked', 'arrived', 'waitlist'] as const).flatMap(
      (status, at) => [
        {
          ...aVisitBooked,
          ...(status !== 'booked' && { identifier: { ...aVisitBooked.identifier, value: `A-${at}0` } }),
          status,
        },
        { ...aVisitBooked, identifier: { ...aVisitBooked.identifier, value: `A-${at}1` }, status, facts: withoutTime },
      ],
    ),
  }),
  'a patient with allergies': aChart({
    patient: sayAllergies(
      sayAllergies(
        aRecord(),
        {
          partner: 'general-hospital',
          mode: 'snapshot',
          said: [
            {
              act: 'holds',
              allergy: {
                code: { system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '7980', text: 'Penicillin' },
                category: 'medication',
                criticality: 'high',
                reactions: ['Hives & swelling'],
                onset: '2019-05',
              },
            },
          ],
        },
        '20261118',
      ),
      {
        partner: 'general-hospital',
        mode: 'actions',
        said: [{ act: 'removed', allergy: { code: { text: 'Peanut' }, reactions: [] } }],
      },
      '20261119',
    ),
  }),
};

/** A case that a repair moved to another patient. */
export const aMoveNotice = expressMoveNotice(
  { case: aCase(), from: 'p-0' as PatientId, to: 'p-1' as PatientId },
  { id: 'm-1', trigger: 'A45', happenedAt: aMoment('2026-11-20T18:00'), now: aCancellation },
  aContext,
).body;

export const aProvenance = expressProvenance(
  {
    id: 'pr-1',
    patient: 'p-1' as PatientId,
    targets: ['Patient/p-1', 'Task/t-1/_history/2'],
    recorded: instant(Date.parse('2026-11-20T20:00:01Z')),
    occurred: aMoment('2026-11-20T15:00'),
    messages: [{ partner: 'general-hospital', controlId: 'MSG00001', digest: 'ab'.repeat(32) }],
  },
  aContext,
).body;

/** The resources of a chart with those that the messages behind it mention. */
export function everythingOf(chart: Chart): FhirResource[] {
  const rest = { trigger: 'A08', order: '20261121', happenedAt: aMoment('2026-11-21'), warnings: [], unmapped: [] };
  const notices: Parameters<typeof expressMentions>[0][] = [
    ...[chart.patient, ...chart.retired].map((record) => ({
      ...rest,
      kind: 'person' as const,
      subject: { identifiers: record.identifiers, demographics: ownDemographics(record) },
    })),
    ...chart.encounters.map(({ facts, partner, facility }) => ({
      ...rest,
      kind: 'encounter' as const,
      subject: { identifiers: chart.patient.identifiers, demographics: {} },
      event: anEvent({ facts, partner, ...(facility !== undefined && { facility }) }),
    })),
  ];
  for (const { facts, partner, facility, identifier } of chart.documents) {
    const facilityOf = facility !== undefined && { facility };
    const told = { id: 'ev-d', kind: 'document' as const, act: 'told' as const, document: identifier, facts, partner };
    notices.push({
      ...rest,
      kind: 'document',
      subject: { identifiers: [], demographics: {} },
      event: { ...rest, ...told, ...facilityOf },
    });
  }
  for (const { facts, partner, identifier, otherIdentifiers } of chart.appointments) {
    const told = {
      id: 'ev-a',
      kind: 'appointment' as const,
      appointment: identifier,
      otherIdentifiers,
      facts,
      partner,
    };
    notices.push({
      ...rest,
      kind: 'appointment',
      subject: { identifiers: [], demographics: {} },
      event: { ...rest, ...told },
    });
  }
  const mentioned = notices.flatMap((notice) => expressMentions(notice, aContext));
  return [...mentioned, ...express(chart, aContext)].map(({ body }) => body);
}

/** Every example, by a name that says where it comes from. */
export function examples(): [name: string, resource: FhirResource][] {
  const of = (name: string, bodies: readonly FhirResource[]): [string, FhirResource][] =>
    bodies.map((body) => [`${name}: ${body.resourceType}/${body.id}`, body]);
  return [
    ...Object.entries({ ...charts, ...evidenceCharts }).flatMap(([name, chart]) => of(name, everythingOf(chart))),
    ...of(
      'the practice',
      expressPractice(aPractice).map(({ body }) => body),
    ),
    ...of('a protocol', [expressProtocol(aProtocol, aContext.canonicalBase)]),
    ...of('a provenance', [aProvenance]),
    ...of('word of a moved case', [aMoveNotice]),
  ];
}

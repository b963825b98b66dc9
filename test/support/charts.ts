// Charts for tests: a discharge home from General Hospital and the case it opens; callers say only what matters.

import { createHash } from 'node:crypto';
import type { CaseId, EncounterId, EpisodeId, PatientId, TaskId } from '../../src/base/id.ts';
import { instant, localDate, type Moment } from '../../src/base/instant.ts';
import { endOfDay, formatWithOffset, offsetMinutesAt } from '../../src/base/time.ts';
import type { Case, DueDate, Referral, Task } from '../../src/domain/case/case.ts';
import type { Chart, Episode } from '../../src/domain/chart.ts';
import type { EncounterEvent } from '../../src/domain/encounter/event.ts';
import type { Encounter } from '../../src/domain/encounter/stay.ts';
import type { Demographics, OrderKey, PatientRecord, Statements } from '../../src/domain/patient/record.ts';
import type { Practice } from '../../src/domain/practice.ts';
import type { Protocol } from '../../src/domain/protocol/protocol.ts';
import type { ExpressContext } from '../../src/translate/to-fhir/expressed.ts';

export const hospitalZone = 'America/New_York';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const mrn = 'urn:oid:2.16.840.1.113883.19.5';

/** A moment in New York: `2026-11-20T15:00`, or with fewer or more digits. */
export function aMoment(local: string): Moment {
  const full = `${local}${'2026-01-01T12:00:00'.slice(local.length)}`.slice(0, 19);
  const wall = Date.parse(`${full}Z`);
  const offsetMinutes = offsetMinutesAt(instant(wall + 5 * 3_600_000), hospitalZone);
  const precision = ({ 4: 'year', 7: 'month', 10: 'day', 13: 'hour', 16: 'minute', 19: 'second' } as const)[
    local.length
  ];
  if (precision === undefined) throw new Error(`not a moment: ${local}`);
  const at = instant(wall - offsetMinutes * 60_000);
  return { at, local, date: localDate(full.slice(0, 10)), zone: hospitalZone, offsetMinutes, precision };
}

/** Statements that all stand at one place in the order of events. */
export const said = (demographics: Demographics, order: OrderKey = '2026-11-18'): Statements =>
  Object.fromEntries(Object.entries(demographics).map(([field, value]) => [field, { value, order }]));

export const jane: Demographics = {
  names: [{ use: 'official', family: 'Okafor', given: ['Jane', 'Adaeze'], prefix: 'Ms' }],
  birthDate: '1951-04-09',
  gender: 'female',
  addresses: [{ use: 'home', lines: ['12 Elm St'], city: 'Springfield', state: 'MA', postalCode: '01101' }],
  telecoms: [{ system: 'phone', use: 'home', value: '+1 413 555 0134' }],
  language: { system: 'urn:ietf:bcp:47', code: 'en', text: 'English' },
  race: [{ system: 'urn:oid:2.16.840.1.113883.6.238', code: '2054-5' }],
  ethnicity: { system: 'urn:oid:2.16.840.1.113883.6.238', code: '2186-5' },
};

export function aRecord(overrides: Partial<PatientRecord> = {}): PatientRecord {
  return {
    id: 'p-1' as PatientId,
    identifiers: [{ authority: mrn, value: 'MRN0001', type: 'MR', assigner: 'General Hospital' }],
    statements: said(jane),
    createdAt: instant(Date.parse('2026-11-18T14:00:00Z')),
    ...overrides,
  };
}

/** An inpatient stay of two days that ended at home on Friday 20 November 2026. */
export function aStay(overrides: Partial<Encounter> = {}): Encounter {
  const start = aMoment('2026-11-18T09:15');
  const end = aMoment('2026-11-20T15:00');
  const home = { code: '01', destination: 'home' } as const;
  const inpatient = { system: actCode, code: 'IMP', text: 'inpatient encounter' };
  return {
    id: 'e-1' as EncounterId,
    events: ['ev-1', 'ev-2'],
    visit: { authority: `${mrn}.1`, value: 'V100', type: 'VN' },
    formerVisits: [],
    partner: 'general-hospital',
    facility: 'GENHOSP',
    status: 'finished',
    statuses: [
      { status: 'in-progress', from: start, to: end },
      { status: 'finished', from: end },
    ],
    classes: [{ class: inpatient, from: start }],
    start,
    end,
    discharges: [
      {
        events: ['ev-2'],
        at: end,
        cancelled: false,
        sayings: [{ event: 'ev-2', class: inpatient, disposition: home }],
      },
    ],
    facts: {
      class: inpatient,
      admissionType: { system: 'http://terminology.hl7.org/CodeSystem/v2-0007', code: 'E', text: 'Emergency' },
      service: { code: 'MED', text: 'Medicine' },
      place: { pointOfCare: '4W', room: '412', bed: 'A', facility: 'GENHOSP' },
      disposition: home,
      attending: [
        {
          identifier: { authority: 'http://hl7.org/fhir/sid/us-npi', value: '1234567893', type: 'NPI' },
          name: { family: 'Reyes', given: ['Marta'], suffix: 'MD' },
        },
      ],
      reason: { text: 'Shortness of breath' },
      diagnoses: [
        {
          code: { system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'I50.9', text: 'Heart failure, unspecified' },
          role: 'DD',
          rank: 1,
          recordedAt: aMoment('2026-11-20T14:30'),
        },
      ],
    },
    ...overrides,
  };
}

export function anEvent(overrides: Partial<EncounterEvent> = {}): EncounterEvent {
  return {
    id: 'ev-1',
    kind: 'admitted',
    trigger: 'A01',
    order: '20261118',
    happenedAt: aMoment('2026-11-18T09:15'),
    facts: {},
    partner: 'general-hospital',
    facility: 'GENHOSP',
    ...overrides,
  };
}

export function aDueDate(day: string, explanation = 'Two business days after the discharge.'): DueDate {
  const at = endOfDay(localDate(day), hospitalZone);
  const text = formatWithOffset(at, hospitalZone);
  return { date: localDate(day), at, text, from: '2026-11-20T15:00:00-05:00', explanation };
}

export function aTask(overrides: Partial<Task> = {}): Task {
  return {
    id: 't-1' as TaskId,
    code: 'first-contact',
    title: 'Reach the patient or caregiver',
    owner: 'care-coordinator',
    status: 'ready',
    due: aDueDate('2026-11-24'),
    authoredAt: aMoment('2026-11-20T15:00').at,
    ...overrides,
  };
}

export function aReferral(overrides: Partial<Referral> = {}): Referral {
  return {
    task: 'follow-up-visit',
    id: 'r-1',
    title: 'Follow-up visit after discharge',
    due: aDueDate('2026-12-04', 'Fourteen days after the discharge.'),
    status: 'active',
    ...overrides,
  };
}

export function aCase(overrides: Partial<Case> = {}): Case {
  const visit: Partial<Task> = {
    id: 't-2' as TaskId,
    code: 'follow-up-visit',
    title: 'See the patient face to face',
    due: aDueDate('2026-12-04', 'Fourteen days after the discharge.'),
  };
  return {
    id: 'c-1' as CaseId,
    protocol: { id: 'transitional-care', version: '1.0.0' },
    episode: 'x-1' as EpisodeId,
    encounter: 'e-1' as EncounterId,
    discharge: 'ev-2',
    dischargedAt: aMoment('2026-11-20T15:00'),
    state: 'open',
    start: localDate('2026-11-20'),
    end: localDate('2026-12-19'),
    endsAt: instant(Date.parse('2026-12-20T05:00:00Z')),
    flags: [],
    tasks: [aTask(), aTask(visit)],
    referrals: [aReferral()],
    ...overrides,
  };
}

export const anEpisode = (overrides: Partial<Episode> = {}): Episode => ({
  id: 'x-1' as EpisodeId,
  from: aMoment('2026-11-20T15:00').at,
  state: 'active',
  ...overrides,
});

/** One patient, one stay, one open case. */
export function aChart(overrides: Partial<Chart> = {}): Chart {
  const encounters = overrides.encounters ?? [aStay()];
  return {
    patient: aRecord(),
    retired: [],
    events: [
      anEvent(),
      anEvent({ id: 'ev-2', kind: 'discharged', trigger: 'A03', order: '20261120', facts: aStay().facts }),
    ],
    encounters,
    cases: [aCase()],
    episodes: [anEpisode()],
    documents: [],
    appointments: [],
    ...overrides,
  };
}

export const aPractice: Practice = {
  id: 'riverside',
  name: 'Riverside Family Practice',
  timeZone: hospitalZone,
  holidays: 'us-federal',
  closures: [],
  closuresExtend: false,
  phone: '+1 413 555 0100',
  address: { lines: ['1 River Rd'], city: 'Springfield', state: 'MA', postalCode: '01101', country: 'US' },
  roles: [
    {
      id: 'care-coordinator',
      title: 'Care coordinator',
      code: { system: 'http://snomed.info/sct', code: '768820003', text: 'Care coordinator' },
    },
    { id: 'practitioner', title: 'Treating practitioner', code: { text: 'Treating practitioner' } },
  ],
};

export const aProtocol: Protocol = {
  id: 'transitional-care',
  version: '1.0.0',
  title: 'Transitional care after an inpatient stay',
  source: 'CMS Transitional Care Management services',
  open: {
    on: 'discharged',
    if: { all: [{ fact: 'encounter.class', in: ['IMP', 'OBSENC'] }, { not: { fact: 'patient.deceased', is: true } }] },
  },
  flags: [],
  close: [
    { on: 'admitted', suspend: true, classes: ['IMP', 'OBSENC'], as: 'readmitted' },
    { on: 'discharge-cancelled', as: 'entered-in-error' },
    { after: { days: 30, from: 'discharged' }, as: 'finished' },
  ],
  tasks: [
    {
      id: 'first-contact',
      title: 'Reach the patient or caregiver',
      kind: 'outreach',
      owner: 'care-coordinator',
      due: [{ days: 2, of: 'business', from: 'discharged' }],
    },
    {
      id: 'follow-up-visit',
      title: 'See the patient face to face',
      kind: 'visit',
      owner: 'practitioner',
      due: [
        { if: { fact: 'case.complexity', is: 'high' }, days: 7, of: 'calendar', from: 'discharged' },
        { days: 14, of: 'calendar', from: 'discharged' },
      ],
      referral: {
        title: 'Follow-up visit after discharge',
        code: { system: 'http://snomed.info/sct', code: '390906007', display: 'Follow-up encounter' },
      },
    },
    {
      id: 'medication-reconciliation',
      title: 'Reconcile the medications',
      kind: 'review',
      owner: 'practitioner',
      due: [{ with: 'follow-up-visit' }],
    },
  ],
};

export const aContext: ExpressContext = {
  practice: aPractice,
  canonicalBase: 'https://throughline.example/fhir',
  protocols: [aProtocol],
  idFor: (kind, ...parts) =>
    createHash('sha256')
      .update([kind, ...parts].join('\u0000'))
      .digest('hex')
      .slice(0, 32),
  feedName: (partner) => (partner === 'general-hospital' ? 'General Hospital' : partner),
};

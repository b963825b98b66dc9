// A FHIR message, or an Encounter sent alone, as the same notice that HL7 v2 gives: Da Vinci Unsolicited Notifications
// 1.0 (admit, discharge, transfer) and plain Encounters by their status. That guide has no cancel: a status of
// `cancelled` or `entered-in-error` is one. docs/decisions/0035-fhir-messages.md.

import type { Moment } from '../../base/instant.ts';
import { formatInstant } from '../../base/time.ts';
import type { EncounterEvent, EncounterEventKind, StayFacts } from '../../domain/encounter/event.ts';
import { type Notice, type Subject, toldUnder } from '../../domain/notice.ts';
import { badMessage, type FhirMessage, openAlone, openMessage } from '../../fhir/message.ts';
import { type Part, partOf, textOf } from '../../fhir/part.ts';
import { errs } from '../from-hl7/clock.ts';
import type { FeedLanguage } from '../from-hl7/dialect.ts';
import { arrival } from '../from-hl7/moment.ts';
import type { ReadContext } from '../from-hl7/notice.ts';
import { personIdentifiers, visitFrom } from './identifier.ts';
import { demographicsFrom } from './patient.ts';
import { type FhirReading, momentOf, note } from './reading.ts';
import { factsFrom } from './stay.ts';

const eventSystem = 'http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event';
const dayMs = 24 * 60 * 60 * 1000;

export const fhirTriggers = ['ADMIT', 'DISCHARGE', 'TRANSFER', 'ENCOUNTER', 'OTHER'] as const;
export type FhirTrigger = (typeof fhirTriggers)[number];

export interface FhirNotice {
  readonly trigger: FhirTrigger;
  /** What names this sending of it, as MSH-10 does; empty where nothing does. */
  readonly controlId: string;
  readonly notice: Notice;
}

const statuses: ReadonlySet<string> = new Set([
  ...[
    'planned',
    'arrived',
    'triaged',
    'in-progress',
    'onleave',
    'finished',
    'cancelled',
    'entered-in-error',
    'unknown',
  ],
]);
/** Classes of visits that do not admit. */
const outpatient: ReadonlySet<string> = new Set(['EMER', 'AMB', 'FLD', 'HH', 'VR', 'SS']);

/** Throws `fhir.message-invalid` with the places of all that is missing. `value`: JSON, of a Bundle or an Encounter. */
export function readFhirNotice(value: unknown, language: FeedLanguage, context: ReadContext): FhirNotice {
  const resource = partOf(value);
  if (resource?.resourceType === 'Encounter') {
    const notice = readEncounter(
      { encounter: resource, sentAt: undefined, find: openAlone },
      'ENCOUNTER',
      language,
      context,
    );
    const version = textOf(partOf(resource.meta)?.versionId) ?? textOf(partOf(resource.meta)?.lastUpdated);
    return { trigger: 'ENCOUNTER', controlId: idOf([textOf(resource.id), version]), notice };
  }
  const message = openMessage(value);
  const coding = partOf(message.header.eventCoding);
  const event = coding?.system === eventSystem ? (textOf(coding.code) ?? '') : undefined;
  const trigger = event === undefined ? 'ENCOUNTER' : triggerOf(event);
  const controlId = idOf([message.id]);
  if (trigger === 'OTHER')
    return {
      trigger,
      controlId,
      notice: { kind: 'ignored', trigger, reason: 'this notification tells of no admission, discharge or transfer' },
    };
  return { trigger, controlId, notice: readEncounter(message, trigger, language, context) };
}

const triggerOf = (event: string): FhirTrigger =>
  event === 'notification-admit'
    ? 'ADMIT'
    : event === 'notification-discharge'
      ? 'DISCHARGE'
      : event === 'notification-transfer'
        ? 'TRANSFER'
        : 'OTHER';

const idOf = (parts: readonly (string | undefined)[]): string =>
  parts.flatMap((part) => (part === undefined ? [] : [part.replace(/[^A-Za-z0-9.:+-]/g, '').slice(0, 64)])).join('/');

function readEncounter(
  { encounter, sentAt, find }: Pick<FhirMessage, 'encounter' | 'find' | 'sentAt'>,
  trigger: Exclude<FhirTrigger, 'OTHER'>,
  language: FeedLanguage,
  { digest, receivedAt }: ReadContext,
): Notice {
  const reading: FhirReading = { language, find, warnings: [], unmapped: [] };
  const status = textOf(encounter.status) ?? '';
  if (!statuses.has(status)) throw badMessage(`Encounter.status: write one of ${[...statuses].join(', ')}`);
  const subject = subjectOf(reading, encounter);
  const facts = factsFrom(reading, encounter);
  /** A clock that is ahead of the arrival cannot be right (docs/decisions/0023); one that is behind only waited. */
  const clocked = (value: unknown, place: string): Moment | undefined => {
    const moment = momentOf(reading, value, place);
    if (!moment || receivedAt === undefined || errs(moment.at, receivedAt, language.dialect.clock) !== 'ahead')
      return moment;
    note(reading, 'clock-implausible', place);
    return arrival(receivedAt, language.dialect.timeZone);
  };
  const written = clocked(partOf(encounter.meta)?.lastUpdated, 'Encounter.meta.lastUpdated');
  const sentMoment = clocked(sentAt, 'Bundle.timestamp');
  const at = written ?? sentMoment ?? facts.dischargedAt ?? facts.admittedAt;
  if (!at) throw badMessage('Encounter.meta.lastUpdated: give a time here, in Bundle.timestamp or in Encounter.period');
  const kind = kindOf(trigger, status, facts);
  if (facts.dischargedAt && facts.dischargedAt.at > (sentMoment ?? at).at + dayMs)
    note(reading, 'discharge-in-future', 'Encounter.period.end');
  const order = `${formatInstant(at.at)}|${formatInstant((sentMoment ?? at).at)}|${'0'.repeat(15)}|${digest}`;
  const happenedAt = happenedOf(kind, facts, at);
  const visit = visitFrom(reading, encounter);
  const facility = facilityOf(reading, encounter);
  const event: EncounterEvent = {
    id: digest,
    kind,
    trigger: `FHIR ${trigger.toLowerCase()}`,
    order,
    happenedAt,
    ...(visit && { visit }),
    ...toldUnder(subject),
    facts: standing(kind, facts),
    partner: language.dialect.partner,
    ...(facility !== undefined && { facility }),
  };
  const { warnings, unmapped } = reading;
  return { kind: 'encounter', trigger, order, happenedAt, warnings, unmapped, subject, event };
}

/** Throws where nobody is named: without an identifier nobody can be told from anybody else. */
function subjectOf(reading: FhirReading, encounter: Part): Subject {
  const found = reading.find(encounter.subject, encounter);
  const patient = found?.resourceType === 'Patient' ? found : undefined;
  const logical = partOf(partOf(encounter.subject)?.identifier);
  const identifiers = personIdentifiers(reading, patient ?? { identifier: logical ? [logical] : [] });
  if (identifiers.length > 0) return { identifiers, demographics: patient ? demographicsFrom(reading, patient) : {} };
  throw badMessage(
    patient
      ? 'Patient.identifier: give an identifier that stands for the person, with its system'
      : 'Encounter.subject: refer to a Patient that comes along, or name one by subject.identifier',
  );
}

function kindOf(trigger: FhirTrigger, status: string, { class: said, disposition }: StayFacts): EncounterEventKind {
  const code = said?.code ?? '';
  if (status === 'entered-in-error') return 'deleted';
  if (status === 'cancelled') return code === 'PRENC' ? 'pre-admission-cancelled' : 'admission-cancelled';
  if (trigger === 'DISCHARGE' || (trigger === 'ENCOUNTER' && status === 'finished'))
    return disposition?.destination === 'still-patient' ? 'updated' : 'discharged';
  if (trigger === 'TRANSFER') return 'transferred';
  if (status === 'planned' || code === 'PRENC') return 'pre-admitted';
  if (trigger === 'ADMIT') return outpatient.has(code) ? 'registered' : 'admitted';
  if (status === 'onleave') return 'leave-began';
  return status === 'unknown' ? 'updated' : 'present';
}

/** An end of a stay that goes on is a plan of its sender; a plan of one that has not begun is none at all. */
function standing(kind: EncounterEventKind, facts: StayFacts): StayFacts {
  if (kind === 'discharged') return facts;
  const { dischargedAt: _end, disposition: _to, ...others } = facts;
  return others;
}

function happenedOf(kind: EncounterEventKind, facts: StayFacts, at: Moment): Moment {
  if (kind === 'discharged') return facts.dischargedAt ?? { ...at, note: 'estimated' };
  return kind === 'admitted' || kind === 'registered' ? (facts.admittedAt ?? at) : at;
}

function facilityOf(reading: FhirReading, encounter: Part): string | undefined {
  const name = textOf(reading.find(encounter.serviceProvider, encounter)?.name);
  return (name ?? textOf(partOf(encounter.serviceProvider)?.display))?.slice(0, 256);
}

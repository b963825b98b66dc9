// One step of the fold: a stay in progress takes one event. Statuses follow HL7 v2.9 ch. 3 with the deviations of
// docs/decisions/0006-encounter-status.md (A04 is an arrival; an update keeps the status) and 0020 (leaves, deletions).

import type { Moment } from '../../base/instant.ts';
import type { Code, Identifier } from '../code.ts';
import { identifierKey } from '../code.ts';
import { applyDiagnosisActions } from './diagnosis-actions.ts';
import { type EncounterEvent, placeOf, type StayFacts } from './event.ts';
import { type ClassSpan, type Discharge, type StatusSpan, type Stay, type StayStatus, tookPlace } from './stay.ts';

type Open<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export interface StayInProgress {
  readonly events: string[];
  readonly visits: Map<string, Identifier>;
  readonly numbered: boolean;
  partner: string;
  facility: string | undefined;
  visit: Identifier | undefined;
  status: StayStatus | undefined;
  readonly statuses: Open<StatusSpan>[];
  readonly classes: Open<ClassSpan>[];
  start: Moment | undefined;
  end: Moment | undefined;
  readonly discharges: Open<Discharge>[];
  readonly facts: { -readonly [Field in keyof StayFacts]?: NonNullable<StayFacts[Field]> };
}

/** A discharge time this far after the update that carries it is a plan, not a fact. */
const clockSkewMs = 3_600_000;

export function beginStay(event: EncounterEvent): StayInProgress {
  return {
    events: [],
    visits: new Map(),
    numbered: event.visit !== undefined,
    partner: event.partner,
    facility: event.facility,
    visit: event.visit,
    status: undefined,
    statuses: [],
    classes: [],
    start: undefined,
    end: undefined,
    discharges: [],
    facts: {},
  };
}

export function applyEvent(stay: StayInProgress, event: EncounterEvent): void {
  stay.events.push(event.id);
  // What still comes under the number of a deleted stay is kept with it and changes nothing.
  if (stay.status === 'entered-in-error') return;
  stay.facility = event.facility ?? stay.facility;
  for (const visit of [event.formerVisit, event.visit]) if (visit) stay.visits.set(identifierKey(visit), visit);
  stay.visit = event.visit ?? stay.visit;
  sayFacts(stay, event.kind === 'doctors-changed' && stay.status ? withDoctorsAlone(event) : event);
  switch (event.kind) {
    case 'pre-admitted':
      if (!stay.status || stay.status === 'cancelled') moveTo(stay, 'planned', event.happenedAt);
      break;
    case 'pre-admission-cancelled':
      if (!stay.status || stay.status === 'planned') moveTo(stay, 'cancelled', event.happenedAt);
      break;
    case 'admitted':
    case 'registered':
      if (!tookPlace(stay)) enter(stay, stay.facts.admittedAt ?? event.happenedAt);
      break;
    case 'transferred':
    case 'transfer-cancelled':
    case 'class-changed':
      beThere(stay, event);
      break;
    case 'leave-began':
    case 'leave-ended':
      beThere(stay, event);
      if (stay.status === 'in-progress' || stay.status === 'onleave')
        moveTo(stay, event.kind === 'leave-began' ? 'onleave' : 'in-progress', event.happenedAt);
      break;
    case 'doctors-changed':
      becomeKnown(stay, event);
      break;
    case 'renamed':
      break;
    case 'updated':
      update(stay, event);
      break;
    case 'discharged':
      discharge(stay, event);
      break;
    case 'discharge-cancelled':
      cancelDischarge(stay, event);
      break;
    case 'admission-cancelled':
      cancelDischarge(stay, event);
      moveTo(stay, 'cancelled', event.happenedAt);
      stay.end = undefined;
      break;
    case 'present':
      if (stay.status === 'finished') cancelDischarge(stay, event);
      enter(stay, stay.status ? event.happenedAt : (stay.facts.admittedAt ?? event.happenedAt));
      break;
    case 'deleted':
      revokeDischarge(stay, event);
      if (stay.status || stay.numbered) moveTo(stay, 'entered-in-error', event.happenedAt);
      break;
  }
  if ((stay.status === 'in-progress' || stay.status === 'onleave') && stay.facts.admittedAt)
    stay.start = stay.facts.admittedAt;
  if (stay.status === 'finished' && stay.facts.admittedAt && stay.end && stay.facts.admittedAt.at <= stay.end.at)
    stay.start = stay.facts.admittedAt;
  spanClass(stay, event.kind === 'discharged' ? (stay.start ?? event.happenedAt) : event.happenedAt);
  noteSaying(stay, event.id);
}

/** The finished view of a stay; nothing when no event established that there is one. */
export function showStay(stay: StayInProgress): Stay | undefined {
  if (!stay.status) return undefined;
  const current = stay.visit ? identifierKey(stay.visit) : undefined;
  return {
    events: stay.events,
    ...(stay.visit && { visit: stay.visit }),
    formerVisits: [...stay.visits].filter(([key]) => key !== current).map(([, visit]) => visit),
    partner: stay.partner,
    ...(stay.facility !== undefined && { facility: stay.facility }),
    status: stay.status,
    statuses: stay.statuses,
    classes: stay.classes,
    ...(stay.start && { start: stay.start }),
    ...(stay.end && { end: stay.end }),
    discharges: stay.discharges,
    facts: stay.facts,
  };
}

/** Of a stay that is known, a change of doctor says nothing else, whatever PV1 is filled with. */
function withDoctorsAlone(event: EncounterEvent): EncounterEvent {
  const doctors = ['attending', 'referring', 'consulting', 'admitting'];
  const facts = Object.fromEntries(Object.entries(event.facts).filter(([field]) => doctors.includes(field)));
  return { ...event, facts };
}

function sayFacts(stay: StayInProgress, event: EncounterEvent): void {
  const facts = stay.facts as Record<string, unknown>;
  for (const [field, said] of Object.entries(event.facts)) {
    const value = field === 'place' ? placeOf(event) : said;
    if (value === undefined || field === 'dischargedAt' || field === 'diagnosisActions') continue;
    if (value === null) delete facts[field];
    else facts[field] = value;
  }
  const { diagnosisActions } = event.facts;
  if (diagnosisActions) stay.facts.diagnoses = applyDiagnosisActions(stay.facts.diagnoses ?? [], diagnosisActions);
}

/** A cancelled stay whose account is closed out with a time of discharge stays cancelled: nobody was there to leave. */
function update(stay: StayInProgress, event: EncounterEvent): void {
  if (stay.status === 'cancelled') return;
  const said = event.facts.dischargedAt;
  const planned = said ? said.at - event.happenedAt.at > clockSkewMs : true;
  const cancelledBefore = stay.discharges.some((known) => known.cancelled && known.at.at === said?.at);
  if (said && !planned && !cancelledBefore && (stay.numbered || stay.status)) discharge(stay, event);
  else becomeKnown(stay, event);
}

/** Whatever is said of a numbered stay that nobody told of before says that there is one. */
function becomeKnown(stay: StayInProgress, event: EncounterEvent): void {
  if (stay.status || !stay.numbered) return;
  if (stay.facts.class?.code === 'PRENC') moveTo(stay, 'planned', event.happenedAt);
  else enter(stay, stay.facts.admittedAt ?? event.happenedAt);
}

/** Who is moved, changes class or goes on leave has been taken in, whether or not anyone said so before. */
function beThere(stay: StayInProgress, event: EncounterEvent): void {
  if (!stay.status || stay.status === 'planned') enter(stay, stay.facts.admittedAt ?? event.happenedAt);
}

function enter(stay: StayInProgress, at: Moment): void {
  if (stay.status === 'in-progress') return;
  if (!stay.start || stay.status === 'cancelled') stay.start = at;
  moveTo(stay, 'in-progress', at);
}

function discharge(stay: StayInProgress, event: EncounterEvent): void {
  const standing = stay.discharges.at(-1);
  const said = event.facts.dischargedAt ?? undefined;
  if (stay.status === 'finished' && standing && !standing.cancelled) {
    standing.events = [...standing.events, event.id];
    if (said) {
      standing.at = said;
      stay.end = said;
      endBefore(stay, said);
    }
    return;
  }
  const at = said ?? event.happenedAt;
  stay.discharges.push({ events: [event.id], at, cancelled: false, sayings: [] });
  stay.end = at;
  if (!stay.status && stay.facts.admittedAt && stay.facts.admittedAt.at <= at.at) {
    stay.start = stay.facts.admittedAt;
    moveTo(stay, 'in-progress', stay.start);
  }
  moveTo(stay, 'finished', at);
}

/** Moves the end of the last span but one, never before its beginning. */
function endBefore(stay: StayInProgress, said: Moment): void {
  const span = stay.statuses.at(-1);
  const before = stay.statuses.at(-2);
  const at = before && before.from.at > said.at ? before.from : said;
  if (span) span.from = at;
  if (before) before.to = at;
}

function cancelDischarge(stay: StayInProgress, event: EncounterEvent): void {
  revokeDischarge(stay, event);
  delete stay.facts.disposition;
  delete stay.facts.dischargedTo;
  stay.end = undefined;
  if (event.kind === 'discharge-cancelled' && stay.status !== 'cancelled' && stay.status !== 'onleave')
    enter(stay, event.happenedAt);
}

function revokeDischarge(stay: StayInProgress, event: EncounterEvent): void {
  const standing = stay.discharges.at(-1);
  if (!standing || standing.cancelled) return;
  standing.cancelled = true;
  standing.cancelledAt = event.happenedAt;
}

function moveTo(stay: StayInProgress, status: StayStatus, at: Moment): void {
  const last = stay.statuses.at(-1);
  if (last?.status === status) return;
  const from = last && last.from.at > at.at ? last.from : at;
  if (last) last.to = from;
  stay.statuses.push({ status, from });
  stay.status = status;
}

function spanClass(stay: StayInProgress, at: Moment): void {
  const now = stay.facts.class;
  const last = stay.classes.at(-1);
  if (!now || (last && sameCode(last.class, now))) return;
  const from = last && last.from.at > at.at ? last.from : at;
  if (last) last.to = from;
  stay.classes.push({ class: now, from });
}

const sameCode = (a: Code | undefined, b: Code | undefined): boolean =>
  a?.code === b?.code && a?.system === b?.system && a?.text === b?.text;

/** Notes what is said of a standing discharge now, where it differs from what was said before. */
function noteSaying(stay: StayInProgress, event: string): void {
  const standing = stay.discharges.at(-1);
  if (!standing || standing.cancelled) return;
  const { class: code, disposition } = stay.facts;
  const last = standing.sayings.at(-1);
  if (last && sameCode(last.class, code) && last.disposition?.code === disposition?.code) return;
  standing.sayings = [
    ...standing.sayings,
    { event, ...(code && { class: code }), ...(disposition && { disposition }) },
  ];
}

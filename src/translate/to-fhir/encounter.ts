// Encounter: one stay as its timeline folds (US Core Encounter; domain terms in domain/encounter/stay.ts).

import type { CodeableConcept, Coding, Encounter, EncounterLocation, EncounterParticipant } from 'fhir/r4.js';
import type { Chart } from '../../domain/chart.ts';
import type { Code, PractitionerName } from '../../domain/code.ts';
import type { Encounter as Stay } from '../../domain/encounter/stay.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { system } from '../../fhir/system.ts';
import { claims, usCore } from '../../fhir/us-core.ts';
import { diagnosesOf } from './condition.ts';
import { coding, concept, eachOf, identifier, listed } from './datatype.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';
import { hospitalization } from './hospitalization.ts';
import { locationId, placeName } from './location.ts';
import { hospitalReference } from './organization.ts';
import { periodOf } from './period.ts';
import { practitionerReference } from './practitioner.ts';

const participations = [
  ['attending', 'ATND', 'attender'],
  ['referring', 'REF', 'referrer'],
  ['consulting', 'CON', 'consultant'],
  ['admitting', 'ADM', 'admitter'],
] as const;

/** What a stay of a class is called where the sender gave no admission type. */
const stayNames: Readonly<Record<string, string>> = {
  IMP: 'Inpatient stay',
  ACUTE: 'Inpatient stay',
  NONAC: 'Inpatient stay',
  OBSENC: 'Observation stay',
  EMER: 'Emergency visit',
  AMB: 'Outpatient visit',
  SS: 'Short stay',
  PRENC: 'Planned stay',
};

export function expressEncounter(chart: Chart, stay: Stay, context: ExpressContext): Expressed<Encounter> {
  const { facts } = stay;
  const visits = stay.visit === undefined ? stay.formerVisits : [stay.visit, ...stay.formerVisits];
  const classed = classCoding(facts.class ?? stay.classes.at(-1)?.class);
  const service = concept(facts.service);
  const reason = concept(facts.reason);
  return ofPatient(chart.patient.id, {
    resourceType: 'Encounter',
    id: stay.id,
    meta: claims(usCore.Encounter),
    identifier: listed(visits.map((visit) => identifier(visit, visit === stay.visit ? undefined : 'old'))),
    status: stay.status,
    statusHistory: eachOf(stay.statuses, (span) =>
      span.to === undefined ? undefined : { status: span.status, period: periodOf(span.from, span.to) ?? {} },
    ),
    class: classed,
    classHistory: eachOf(stay.classes, (span) => ({
      class: classCoding(span.class),
      period: periodOf(span.from, span.to) ?? {},
    })),
    type: [stayType(facts.admissionType, classed)],
    serviceType: service,
    subject: referenceTo('Patient', chart.patient.id),
    episodeOfCare: listed(episodesOf(chart, stay)),
    participant: listed(participants(stay, context)),
    period: periodOf(stay.start, stay.end),
    reasonCode: reason === undefined ? undefined : [reason],
    diagnosis: listed(diagnosesOf(stay, context)),
    hospitalization: hospitalization(facts),
    location: location(stay, context),
    serviceProvider: hospitalReference(context, stay.partner, stay.facility),
  });
}

/** Encounter.class is required: where the sender gave none, its absence is the value. */
function classCoding(said: Code | undefined): Coding {
  const coded = said === undefined ? undefined : coding(said);
  return coded ?? { system: system.nullFlavor, code: 'UNK', display: 'unknown' };
}

function stayType(said: Code | undefined, classed: Coding): CodeableConcept {
  return concept(said) ?? { text: stayNames[classed.code ?? ''] ?? 'Stay' };
}

const episodesOf = (chart: Chart, stay: Stay) =>
  chart.cases
    .filter((one) => one.encounter === stay.id)
    .map((one) => one.episode)
    .filter((episode, at, all) => all.indexOf(episode) === at)
    .map((episode) => referenceTo('EpisodeOfCare', episode));

/** Everyone the stay names, with the participation of each. */
function participantsOf(stay: Stay): (readonly [PractitionerName, string, string])[] {
  const found: (readonly [PractitionerName, string, string])[] = [];
  for (const [role, code, display] of participations) {
    for (const name of stay.facts[role] ?? []) found.push([name, code, display]);
  }
  return found;
}

const participants = (stay: Stay, context: ExpressContext): EncounterParticipant[] =>
  participantsOf(stay).map(([name, code, display]) => ({
    type: [{ coding: [{ system: system.participationType, code, display }] }],
    individual: practitionerReference(context, name),
  }));

const locationStatus = {
  planned: 'planned',
  'in-progress': 'active',
  // On leave, the bed is held for the patient.
  onleave: 'reserved',
  finished: 'completed',
  cancelled: undefined,
  'entered-in-error': undefined,
} as const;

function location(stay: Stay, context: ExpressContext): EncounterLocation[] | undefined {
  const { place } = stay.facts;
  const name = place === undefined ? undefined : placeName(place);
  if (place === undefined || name === undefined) return undefined;
  const id = locationId(context, stay.partner, place);
  return [{ location: referenceTo('Location', id, name), status: locationStatus[stay.status] }];
}

// Every resource that a chart implies, and those of the practice itself. Pure: the same chart gives the same resources.

import type { FhirResource } from 'fhir/r4.js';
import type { Chart } from '../../domain/chart.ts';
import type { EncounterEvent } from '../../domain/encounter/event.ts';
import type { Encounter as Stay } from '../../domain/encounter/stay.ts';
import { statementsOf } from '../../domain/patient/demographics.ts';
import type { OrderKey } from '../../domain/patient/record.ts';
import type { Practice } from '../../domain/practice.ts';
import { expressCarePlan } from './care-plan.ts';
import { expressCareTeam } from './care-team.ts';
import { expressConditions } from './condition.ts';
import { expressEncounter, participantsOf } from './encounter.ts';
import { expressEpisode } from './episode-of-care.ts';
import type { ExpressContext, Expressed } from './expressed.ts';
import { expressLocation, placeName } from './location.ts';
import { hospitalOrganizations, practiceOrganization } from './organization.ts';
import { expressPatients, personScope } from './patient.ts';
import { expressPractitioner } from './practitioner.ts';
import { expressRole } from './practitioner-role.ts';
import { expressServiceRequest } from './service-request.ts';
import { expressTask } from './task.ts';

/** Shared resources come first, so that whoever keeps them in order refers only to what is there. */
export function express(chart: Chart, given: ExpressContext): Expressed[] {
  const context: ExpressContext = { ...given, idFor: remembered(given.idFor) };
  const events = new Map(chart.events.map((event) => [event.id, event]));
  const own: Expressed[] = [...expressPatients(chart, context)];
  const shared = new Map<string, Expressed>();
  shareGeneralPractitioners(chart, context, shared);
  for (const stay of chart.encounters) {
    own.push(expressEncounter(chart, stay, context));
    for (const condition of expressConditions(chart, stay, events, context)) own.push(condition);
    shareSurroundings(stay, latestOf(stay, events), context, shared);
  }
  for (const episode of chart.episodes) own.push(expressEpisode(chart, episode, context));
  for (const one of chart.cases) {
    const { id, version } = one.protocol;
    const protocol = context.protocols.find((known) => known.id === id && known.version === version);
    own.push(expressCarePlan(chart, one, protocol, context), expressCareTeam(chart, one, protocol, context));
    for (const task of one.tasks) own.push(expressTask(chart, one, task, protocol, context));
    for (const referral of one.referrals) {
      own.push(expressServiceRequest(chart, one, referral, protocol, context));
    }
  }
  return [...shared.values(), ...own];
}

/** An id is needed where its resource stands and wherever it is referred to; it is hashed once. */
function remembered(idFor: ExpressContext['idFor']): ExpressContext['idFor'] {
  const known = new Map<string, string>();
  return (kind, ...parts) => {
    const key = `${kind}\u0000${parts.join('\u0000')}`;
    let id = known.get(key);
    if (id === undefined) known.set(key, (id = idFor(kind, ...parts)));
    return id;
  };
}

/** The practice and its roles. */
export const expressPractice = (practice: Practice): Expressed[] => [
  practiceOrganization(practice),
  ...practice.roles.map((role) => expressRole(practice, role)),
];

/** Those that the joined record names, and those that a retired record still names. */
function shareGeneralPractitioners(chart: Chart, context: ExpressContext, shared: Map<string, Expressed>): void {
  for (const statements of [statementsOf(chart), ...chart.retired.map((record) => record.statements)]) {
    const said = statements.generalPractitioners;
    for (const name of said?.value ?? []) {
      share(shared, expressPractitioner(context, name, personScope(chart), said?.order));
    }
  }
}

/** The hospital of a stay, the people and the place it names. */
function shareSurroundings(
  stay: Stay,
  order: OrderKey | undefined,
  context: ExpressContext,
  shared: Map<string, Expressed>,
): void {
  for (const hospital of hospitalOrganizations(context, stay.partner, stay.facility)) share(shared, hospital);
  for (const [name] of participantsOf(stay)) share(shared, expressPractitioner(context, name, stay.partner, order));
  const { place } = stay.facts;
  const name = place === undefined ? undefined : placeName(place);
  if (place === undefined || name === undefined) return;
  share(shared, expressLocation(context, stay.partner, stay.facility, place, name, order));
}

/** Of two expressions of the same thing, the newer stays. */
function share(shared: Map<string, Expressed>, one: Expressed<FhirResource>): void {
  const key = `${one.type}/${one.id}`;
  const known = shared.get(key);
  if (known === undefined || (known.orderKey ?? '') < (one.orderKey ?? '')) shared.set(key, one);
}

function latestOf(stay: Stay, events: ReadonlyMap<string, EncounterEvent>): OrderKey | undefined {
  let latest: OrderKey | undefined;
  for (const id of stay.events) {
    const order = events.get(id)?.order;
    if (order !== undefined && (latest === undefined || order > latest)) latest = order;
  }
  return latest;
}

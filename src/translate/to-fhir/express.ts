// Every resource that a chart implies, and those of the practice itself. Pure: the same chart gives the same resources.

import type { Chart } from '../../domain/chart.ts';
import type { Practice } from '../../domain/practice.ts';
import { expressAllergies } from './allergy-intolerance.ts';
import { expressAppointment } from './appointment.ts';
import { expressCarePlan } from './care-plan.ts';
import { expressCareTeam } from './care-team.ts';
import { expressConditions } from './condition.ts';
import { expressDocument } from './document-reference.ts';
import { expressEncounter } from './encounter.ts';
import { expressEpisode } from './episode-of-care.ts';
import type { ExpressContext, Expressed } from './expressed.ts';
import { practiceOrganization } from './organization.ts';
import { expressPatients } from './patient.ts';
import { expressRole } from './practitioner-role.ts';
import { expressServiceRequest } from './service-request.ts';
import { expressTask } from './task.ts';

/** The resources of one patient. */
export function express(chart: Chart, context: ExpressContext): Expressed[] {
  const events = new Map(chart.events.map((event) => [event.id, event]));
  const own: Expressed[] = [...expressPatients(chart, context)];
  for (const stay of chart.encounters) {
    own.push(expressEncounter(chart, stay, context));
    for (const condition of expressConditions(chart, stay, events, context)) own.push(condition);
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
  own.push(...expressAllergies(chart, context));
  for (const document of chart.documents) own.push(...expressDocument(chart, document, context));
  for (const appointment of chart.appointments) own.push(...expressAppointment(chart, appointment, context));
  return own;
}

/** The practice and its roles. */
export const expressPractice = (practice: Practice): Expressed[] => [
  practiceOrganization(practice),
  ...practice.roles.map((role) => expressRole(practice, role)),
];

// EpisodeOfCare: the span in which the practice is responsible for a patient (FHIR R4 episodeofcare.html).

import type { EpisodeOfCare } from 'fhir/r4.js';
import { formatInstant } from '../../base/time.ts';
import type { Chart, Episode } from '../../domain/chart.ts';
import { referenceTo } from '../../fhir/reference.ts';
import { listed } from './datatype.ts';
import { type ExpressContext, type Expressed, ofPatient } from './expressed.ts';
import { practiceReference } from './organization.ts';

export function expressEpisode(chart: Chart, episode: Episode, context: ExpressContext): Expressed<EpisodeOfCare> {
  return ofPatient(chart.patient.id, {
    resourceType: 'EpisodeOfCare',
    id: episode.id,
    status: episode.state,
    patient: referenceTo('Patient', chart.patient.id),
    managingOrganization: practiceReference(context.practice),
    period: {
      start: formatInstant(episode.from),
      end: episode.to === undefined || episode.to < episode.from ? undefined : formatInstant(episode.to),
    },
    team: listed(chart.cases.filter((one) => one.episode === episode.id).map((one) => referenceTo('CareTeam', one.id))),
  });
}

// After something changed in the charts in hand: advance them, express them, and put what differs in hand.

import type { PatientId } from '../base/id.ts';
import type { Instant } from '../base/instant.ts';
import { advance, lookAt } from '../domain/advance.ts';
import type { Chart } from '../domain/chart.ts';
import type { ChartBody } from '../store/charts.ts';
import type { ResourceVersion } from '../store/resources.ts';
import { express } from '../translate/to-fhir/express.ts';
import { emptyBody, type Hand } from './hand.ts';
import type { Organisation } from './organisation.ts';
import { differences } from './publish.ts';

export interface Advanced {
  readonly versions: readonly ResourceVersion[];
  readonly charts: readonly Chart[];
}

/** Advances the charts of these survivors; what a merge left under a retired record comes along. */
export function advanceCharts(
  hand: Hand,
  survivors: readonly PatientId[],
  organisation: Organisation,
  now: Instant,
): Advanced {
  const versions: ResourceVersion[] = [];
  const charts: Chart[] = [];
  for (const id of survivors) {
    if (hand.survivor(id).id !== id) continue;
    const patient = hand.record(id);
    const retired = hand.retired(id);
    const before = gather(
      hand,
      id,
      retired.map((record) => record.id),
    );
    const chart = advance(
      { patient, retired, events: hand.events([id, ...retired.map((record) => record.id)]), ...before.body },
      { practice: organisation.practice, protocols: organisation.protocols, now, newId: organisation.newId },
    );
    const expressed = express(chart, organisation.express);
    const changed = differences(expressed, before.body.published, now);
    versions.push(...changed.versions);
    for (const emptied of before.emptied) hand.putBody(emptied, emptyBody, undefined);
    hand.putBody(id, { encounters: chart.encounters, cases: chart.cases, published: changed.published }, lookAt(chart));
    charts.push(chart);
  }
  return { versions, charts };
}

/** The survivor's chart body together with those of records merged into it since they were last kept. */
function gather(
  hand: Hand,
  survivor: PatientId,
  retired: readonly PatientId[],
): { body: ChartBody; emptied: PatientId[] } {
  let body = hand.body(survivor);
  const emptied: PatientId[] = [];
  for (const id of retired) {
    const other = hand.body(id);
    if (other === emptyBody || Object.keys(other.published).length === 0) continue;
    body = {
      encounters: [...body.encounters, ...other.encounters],
      cases: [...body.cases, ...other.cases],
      published: { ...other.published, ...body.published },
    };
    emptied.push(id);
  }
  return { body, emptied };
}

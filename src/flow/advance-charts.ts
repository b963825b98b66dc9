// After something changed in the charts in hand: advance them, express them, and put what differs in hand. A merge, or
// a later word on one, moves what was published of a record from one survivor's chart to another's.

import type { PatientId } from '../base/id.ts';
import type { Instant } from '../base/instant.ts';
import { advance, lookAt } from '../domain/advance.ts';
import type { Chart } from '../domain/chart.ts';
import type { ChartBody, Published } from '../store/charts.ts';
import type { ResourceVersion } from '../store/resources.ts';
import type { MovedCase } from '../translate/to-fhir/communication.ts';
import { express } from '../translate/to-fhir/express.ts';
import { emptyBody, type Hand } from './hand.ts';
import type { Organisation } from './organisation.ts';
import { differences } from './publish.ts';

export interface Advanced {
  readonly versions: readonly ResourceVersion[];
  readonly charts: readonly Chart[];
  /** Cases that belong to another survivor now. */
  readonly moved: readonly MovedCase[];
}

/** Advances the charts of these survivors; what a merge left under a retired record comes along. */
export function advanceCharts(
  hand: Hand,
  survivors: readonly PatientId[],
  organisation: Organisation,
  now: Instant,
): Advanced {
  const standing = [...new Set(survivors)].filter((id) => hand.survivor(id).id === id);
  const families = standing.map((id) => ({ id, retired: hand.retired(id) }));
  const everybody = families.flatMap(({ id, retired }) => [id, ...retired.map((record) => record.id)]);
  const heldBefore = new Map(everybody.flatMap((id) => hand.body(id).cases.map((item) => [item.id, id] as const)));
  const bodies = gather(
    hand,
    families.map(({ id, retired }) => [id, ...retired.map((record) => record.id)]),
  );
  const [first, ...others] = [...bodies.values()].map((body) => body.published);
  const published: Published = others.length === 0 ? (first ?? {}) : Object.assign({}, first, ...others);
  const advanced = families.map(({ id, retired }) => {
    const { encounters, cases } = bodies.get(id) ?? emptyBody;
    const events = hand.events([id, ...retired.map((record) => record.id)]);
    const chart = advance(
      { patient: hand.record(id), retired, events, encounters, cases },
      { practice: organisation.practice, protocols: organisation.protocols, now, newId: organisation.newId },
    );
    const expressed = express(chart, organisation.express);
    return {
      id,
      chart,
      keys: expressed.map((item) => `${item.type}/${item.id}`),
      changed: differences(expressed, published, now),
    };
  });
  const expressedNow = new Set(advanced.length > 1 ? advanced.flatMap(({ keys }) => keys) : []);
  for (const { id, chart, keys, changed } of advanced) {
    const own =
      advanced.length > 1
        ? split(changed.published, bodies.get(id)?.published ?? {}, keys, expressedNow)
        : changed.published;
    hand.putBody(id, { encounters: chart.encounters, cases: chart.cases, published: own }, lookAt(chart));
  }
  return {
    versions: advanced.flatMap(({ changed }) => changed.versions),
    charts: advanced.map(({ chart }) => chart),
    moved: advanced.flatMap(({ id, chart }) =>
      chart.cases.flatMap((item) => {
        const from = heldBefore.get(item.id);
        return from === undefined || from === id ? [] : [{ case: item, from, to: id }];
      }),
    ),
  };
}

/** Of what stands for several charts: what this one expresses, and what it held and none expresses any more. */
function split(
  published: Published,
  held: Published,
  keys: readonly string[],
  expressedNow: ReadonlySet<string>,
): Published {
  const own = new Set([...keys, ...Object.keys(held).filter((key) => !expressedNow.has(key))]);
  return Object.fromEntries(Object.entries(published).filter(([key]) => own.has(key)));
}

/**
 * The bodies of the survivors, each with what is known of its family: encounters and cases go where their events are,
 * so that those of a record that now belongs elsewhere keep their ids there. Retired records' own bodies are emptied.
 */
function gather(hand: Hand, families: readonly (readonly PatientId[])[]): ReadonlyMap<PatientId, ChartBody> {
  const isAlone = families.length === 1;
  const home = new Map<string, PatientId>();
  if (!isAlone)
    for (const family of families) for (const event of hand.events(family)) home.set(event.id, family[0] as PatientId);
  const gathered = new Map<
    PatientId,
    { encounters: ChartBody['encounters'][number][]; cases: ChartBody['cases'][number][]; published: Published }
  >();
  for (const [id] of families) gathered.set(id as PatientId, { encounters: [], cases: [], published: {} });
  for (const family of families) {
    const survivor = family[0] as PatientId;
    const at = (events: readonly string[]) =>
      gathered.get(events.map((event) => home.get(event)).find((found) => found !== undefined) ?? survivor);
    for (const id of family) {
      const body = hand.body(id);
      if (body === emptyBody || Object.keys(body.published).length === 0) continue;
      for (const encounter of body.encounters) at(encounter.events)?.encounters.push(encounter);
      for (const item of body.cases) at([item.discharge])?.cases.push(item);
      const own = gathered.get(survivor);
      if (own)
        own.published =
          id === survivor ? { ...own.published, ...body.published } : { ...body.published, ...own.published };
      if (id !== survivor) hand.putBody(id, emptyBody, undefined);
    }
  }
  return gathered;
}

// A week of the synthetic hospital worked without a database: every message goes through reading, matching, thinking and
// expressing, and the resources can be read like those of the service. For many seeds and seasons in little time.

import { createHash } from 'node:crypto';
import type { FhirResource } from 'fhir/r4.js';
import type { FhirReader } from '../../scripts/demo/fhir-reader.ts';
import type { FeedMessage } from '../../scripts/hospital/feed.ts';
import { Fault } from '../../src/base/fault.ts';
import { instant } from '../../src/base/instant.ts';
import { silentLog } from '../../src/base/log.ts';
import { readCatalog } from '../../src/catalog/catalog.ts';
import { defaultCanonicalBase as canonicalBase } from '../../src/fhir/canonical.ts';
import { advanceCharts } from '../../src/flow/advance-charts.ts';
import { takeInHand } from '../../src/flow/hand.ts';
import type { Organisation } from '../../src/flow/organisation.ts';
import { takeNotice } from '../../src/flow/take-notice.ts';
import { decodeMessage } from '../../src/hl7/charset.ts';
import { parse } from '../../src/hl7/parse.ts';
import { openSite } from '../../src/service/organisations.ts';
import { readNotice } from '../../src/translate/from-hl7/notice.ts';

const partner = 'general-hospital';

export interface WorkedWeek {
  readonly reader: FhirReader;
  /** How many distinct messages went which way. */
  readonly counts: { applied: number; ignored: number; parked: number };
}

/** Works the messages in the order given. `now`: the moment at which all of it is thought about. */
export function workInMemory(messages: readonly FeedMessage[], now: number): WorkedWeek {
  const organisation = anOrganisation(now);
  const language = organisation.languageOf(partner);
  if (!language) throw new Error(`profiles/partners/${partner}.yaml is missing`);
  const hand = takeInHand(
    {
      records: [],
      identifiers: [],
      homes: [],
      decisions: [],
      reviews: [],
      looks: [],
      lookout: { keys: [], concerns: () => false },
      found: new Set(),
      onlookers: [],
      events: [],
      charts: [],
    },
    organisation.matchRules,
  );
  const versions = new Map<string, string[]>();
  const counts = { applied: 0, ignored: 0, parked: 0 };
  const seen = new Set<string>();
  for (const { bytes } of messages) {
    const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
    if (seen.has(digest)) continue;
    seen.add(digest);
    const undo = hand.mark();
    try {
      const notice = readNotice(parse(decodeMessage(bytes).text), language, { digest });
      counts[notice.kind === 'ignored' ? 'ignored' : 'applied'] += 1;
      if (notice.kind === 'ignored') continue;
      const moment = {
        message: seen.size,
        now: instant(now),
        newId: organisation.newId,
        rules: organisation.matchRules,
      };
      const advanced = advanceCharts(hand, takeNotice(hand, notice, moment), organisation, instant(now));
      for (const { type, id, body } of advanced.versions) {
        const key = `${type}/${id}`;
        versions.set(key, [body, ...(versions.get(key) ?? [])]);
      }
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      undo();
      counts.parked += 1;
    }
  }
  return { reader: readerOf(versions), counts };
}

/** Its database is never asked, and a pool opens no connection before it is. */
function anOrganisation(now: number): Organisation {
  const catalog = readCatalog({ profilesDir: 'profiles', mappingsDir: 'mappings' });
  const [practice] = [...catalog.organisations.values()];
  if (!practice) throw new Error('profiles/organisations is empty');
  const config = { canonicalBase, workers: 1, readConnectionsMax: 1 };
  const url = 'postgres://nobody@127.0.0.1:1/none';
  const count = () => undefined;
  return openSite(practice, { url, config, catalog, log: silentLog, count, now: () => instant(now) }).organisation;
}

type Body = FhirResource & {
  readonly identifier?: readonly { readonly value?: string }[];
  readonly active?: boolean;
  readonly status?: string;
  readonly subject?: { readonly reference?: string };
  readonly for?: { readonly reference?: string };
  readonly encounter?: { readonly reference?: string };
};

const holds: Readonly<Record<string, (body: Body, value: string) => boolean>> = {
  identifier: (body, value) => body.identifier?.some((one) => one.value === value) ?? false,
  patient: (body, value) => (body.for ?? body.subject)?.reference === `Patient/${value}`,
  encounter: (body, value) => body.encounter?.reference === `Encounter/${value}`,
  status: (body, value) => value.split(',').includes(body.status ?? ''),
  active: (body, value) => String(body.active) === value,
  _count: () => true,
};

function readerOf(versions: ReadonlyMap<string, readonly string[]>): FhirReader {
  const bodies = [...versions.values()].map(([body = '']) => JSON.parse(body) as Body);
  const match = (query: string): Body[] => {
    const [type, parameters = ''] = query.split('?');
    const wanted = [...new URLSearchParams(parameters)];
    return bodies.filter(
      (body) => body.resourceType === type && wanted.every(([name, value]) => holds[name]?.(body, value)),
    );
  };
  const history = (address: string) => (versions.get(address) ?? []).map((body) => JSON.parse(body) as unknown);
  return {
    search: async <Type extends FhirResource>(query: string) => match(query) as unknown as Type[],
    count: async (query) => match(query).length,
    read: async <Type extends FhirResource>(address: string) => history(address)[0] as Type,
    history: async <Type extends FhirResource>(address: string) => history(address) as Type[],
  };
}

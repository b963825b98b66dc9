// Resources that belong to no single patient: hospitals, professionals, places. Many patients' messages describe them;
// the description that is latest in the order of events stands.

import type { Instant } from '../base/instant.ts';
import type { Transaction } from '../store/pool.ts';
import { keepResources, type ResourceVersion, sharedVersions } from '../store/resources.ts';
import type { Expressed } from '../translate/to-fhir/expressed.ts';
import { digestOf, versionOf } from './publish.ts';

/** Keeps what is new or newer. Returns what was kept. */
export async function publishShared(
  tx: Transaction,
  expressed: Iterable<Expressed>,
  now: Instant,
): Promise<ResourceVersion[]> {
  const latest = new Map<string, Expressed>();
  for (const item of expressed) {
    const key = `${item.type}/${item.id}`;
    const before = latest.get(key);
    if (!before || (before.orderKey ?? '') <= (item.orderKey ?? '')) latest.set(key, item);
  }
  if (latest.size === 0) return [];
  const standing = new Map(
    (await sharedVersions(tx, [...latest.values()])).map((row) => [`${row.type}/${row.id}`, row]),
  );
  const versions: ResourceVersion[] = [];
  for (const [key, item] of [...latest].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const before = standing.get(key);
    if (before?.orderKey != null && item.orderKey !== undefined && before.orderKey > item.orderKey) continue;
    const text = JSON.stringify(item.body);
    const digest = digestOf(text);
    if (before?.digest === digest) continue;
    versions.push(versionOf(item, text, digest, (before?.version ?? 0) + 1, now));
  }
  await keepResources(tx, versions, now);
  return versions;
}

// Publishing: the resources a chart implies are compared with those that stand, and only what differs becomes a new
// version. A message that changes nothing writes nothing.

import crypto from 'node:crypto';
import type { Instant } from '../base/instant.ts';
import { formatInstant } from '../base/time.ts';
import type { Published } from '../store/charts.ts';
import type { ResourceVersion } from '../store/resources.ts';
import type { Expressed } from '../translate/to-fhir/expressed.ts';

/** Short enough to stand in a chart beside every version. In one call where Node has it (from 20.12 on): 2 µs less. */
export const digestOf: (text: string) => string =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('sha1', text, 'base64url')
    : (text) => crypto.createHash('sha1').update(text).digest('base64url');

/** The served text: the resource with the version and time of this change in its `meta`. */
export function servedText(text: string, version: number, now: Instant): string {
  const meta = `"versionId":"${version}","lastUpdated":"${formatInstant(now)}"`;
  const at = text.indexOf('"meta":{');
  if (at > 0 && at < 160) return `${text.slice(0, at + 8)}${meta},${text.slice(at + 8)}`;
  const afterId = /^\{"resourceType":"[A-Za-z]+","id":"[A-Za-z0-9.-]+"/.exec(text)?.[0].length ?? 1;
  return `${text.slice(0, afterId)},"meta":{${meta}}${text.slice(afterId)}`;
}

export function versionOf(
  item: Expressed,
  text: string,
  digest: string,
  version: number,
  now: Instant,
): ResourceVersion {
  return {
    type: item.type,
    id: item.id,
    version,
    digest,
    body: servedText(text, version, now),
    index: item.index,
    ...(item.orderKey !== undefined && { orderKey: item.orderKey }),
  };
}

export interface Differences {
  readonly versions: readonly ResourceVersion[];
  readonly published: Published;
}

/** The versions that differ from what stands, and what stands afterwards. */
export function differences(expressed: readonly Expressed[], standing: Published, now: Instant): Differences {
  const versions: ResourceVersion[] = [];
  let published: Record<string, readonly [number, string]> | undefined;
  for (const item of expressed) {
    const key = `${item.type}/${item.id}`;
    const text = JSON.stringify(item.body);
    const digest = digestOf(text);
    const before = standing[key];
    if (before?.[1] === digest) continue;
    const version = (before?.[0] ?? 0) + 1;
    published ??= { ...standing };
    published[key] = [version, digest];
    versions.push(versionOf(item, text, digest, version, now));
  }
  return { versions, published: published ?? standing };
}

// Bundles put together from stored texts without parsing them (FHIR R4 bundle.html, http.html#search, #history).

/** A resource as it is stored: the text that is served, and what stands around it in a Bundle. */
export interface StoredResource {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
  readonly body: string;
}

export interface BundleLinks {
  readonly self: string;
  readonly next?: string;
}

const text = JSON.stringify;

function frame(type: 'searchset' | 'history', id: string, now: number, total: number | undefined, links: BundleLinks) {
  const pages = [{ relation: 'self', url: links.self }];
  if (links.next !== undefined) pages.push({ relation: 'next', url: links.next });
  const count = total === undefined ? '' : `"total":${total},`;
  return `{"resourceType":"Bundle","id":${text(id)},"meta":{"lastUpdated":"${new Date(now).toISOString()}"},"type":"${type}",${count}"link":${text(pages)}`;
}

// FHIR knows no empty arrays, so a Bundle without entries has no `entry` at all.
const close = (entries: readonly string[]): string => (entries.length === 0 ? '}' : `,"entry":[${entries.join(',')}]}`);

export function searchBundle(set: {
  readonly base: string;
  readonly id: string;
  readonly now: number;
  readonly links: BundleLinks;
  readonly total?: number | undefined;
  readonly matches: readonly StoredResource[];
  readonly included: readonly StoredResource[];
  /** An OperationOutcome as JSON. */
  readonly outcome?: string | undefined;
}): string {
  const entry = ({ type, id, body }: StoredResource, mode: 'match' | 'include') =>
    `{"fullUrl":${text(`${set.base}/${type}/${id}`)},"resource":${body},"search":{"mode":"${mode}"}}`;
  const entries = set.matches.map((match) => entry(match, 'match'));
  for (const included of set.included) entries.push(entry(included, 'include'));
  if (set.outcome !== undefined) entries.push(`{"resource":${set.outcome},"search":{"mode":"outcome"}}`);
  return frame('searchset', set.id, set.now, set.total, set.links) + close(entries);
}

export function historyBundle(set: {
  readonly base: string;
  readonly id: string;
  readonly now: number;
  readonly links: BundleLinks;
  readonly total: number;
  readonly versions: readonly StoredResource[];
}): string {
  const entries = set.versions.map(({ type, id, version, updatedAt, body }) => {
    const request = version === 1 ? `{"method":"POST","url":"${type}"}` : `{"method":"PUT","url":"${type}/${id}"}`;
    const status = version === 1 ? '201' : '200';
    return `{"fullUrl":${text(`${set.base}/${type}/${id}`)},"resource":${body},"request":${request},"response":{"status":"${status}","etag":"W/\\"${version}\\"","lastModified":"${new Date(updatedAt).toISOString()}"}}`;
  });
  return frame('history', set.id, set.now, set.total, set.links) + close(entries);
}

// Header values that FHIR gives a meaning: weak ETags of versions, dates, preferences and formats (FHIR R4 http.html
// #versioning, #cread, #mime-type; RFC 9110).

export const fhirJson = 'application/fhir+json; charset=utf-8';

export const etagOf = (version: number): string => `W/"${version}"`;

/** Whether `If-None-Match` names this version; by weak comparison, so `"1"` is taken like `W/"1"`. */
export function namesVersion(header: string, version: number): boolean {
  if (header.trim() === '*') return true;
  return header.split(',').some((each) => each.trim().replace(/^W\//, '') === `"${version}"`);
}

/** HTTP dates have whole seconds. */
export const httpDate = (ms: number): string => new Date(ms).toUTCString();

/** RFC 9110 5.6.7; undefined for what is not a date of it, which a server ignores. */
export function parseHttpDate(text: string): number | undefined {
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

export const isUnmodifiedSince = (header: string, updatedAt: number): boolean => {
  const since = parseHttpDate(header);
  return since !== undefined && Math.floor(updatedAt / 1000) * 1000 <= since;
};

/** Whether an `Accept` header (or `_format` value) leaves room for JSON. */
export function acceptsJson(accept: string): boolean {
  return accept.split(',').some((part) => {
    const [media = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (parameters.some((piece) => /^q=0(?:\.0{0,3})?$/.test(piece))) return false;
    return /^(?:\*\/\*|application\/\*|application\/(?:fhir\+)?json|application\/json\+fhir|text\/json|json)$/.test(
      media,
    );
  });
}

/** `Prefer: handling=lenient`; strict is the server's own preference. */
export const wantsLenient = (prefer: string | undefined): boolean =>
  (prefer ?? '').split(/[,;]/).some((each) => /^\s*handling\s*=\s*"?lenient"?\s*$/i.test(each));

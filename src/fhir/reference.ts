// References between resources: relative (`Patient/1`), versioned, or absolute under our own base
// (FHIR R4 references.html#literal) and the form of a resource id (FHIR R4 datatypes.html#id).

import type { Reference } from 'fhir/r4.js';

const idForm = /^[A-Za-z0-9\-.]{1,64}$/;
const relativeForm = /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/;

export interface Target {
  readonly type: string;
  readonly id: string;
  readonly version?: string;
}

export const isResourceId = (text: string): boolean => idForm.test(text);

/** A literal reference; `display` only where a person who sees nothing else would miss it. */
export function referenceTo(type: string, id: string, display?: string): Reference {
  const reference = `${type}/${id}`;
  return display === undefined ? { reference } : { reference, display };
}

/** What a reference points at on this server, or nothing: another server, a fragment, a logical reference. */
export function parseReference(text: string, base?: string): Target | undefined {
  const root = base === undefined || base.endsWith('/') ? base : `${base}/`;
  const relative = root !== undefined && text.startsWith(root) ? text.slice(root.length) : text;
  const found = relativeForm.exec(relative);
  if (found === null) return undefined;
  const [, type = '', id = '', version] = found;
  return version === undefined ? { type, id } : { type, id, version };
}

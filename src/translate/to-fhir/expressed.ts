// What expressing gives: a resource as it will be served, and what keeping it needs to know.

import type { FhirResource } from 'fhir/r4.js';
import type { PatientId } from '../../base/id.ts';
import type { OrderKey } from '../../domain/patient/record.ts';
import type { Practice } from '../../domain/practice.ts';
import type { Protocol } from '../../domain/protocol/protocol.ts';
import { type SearchValues, searchValues } from '../../fhir/search-values.ts';

export interface ExpressContext {
  readonly practice: Practice;
  readonly canonicalBase: string;
  readonly protocols: readonly Protocol[];
  /** A resource id that depends on its arguments alone, so that the same thing is the same resource everywhere. */
  readonly idFor: (kind: string, ...parts: string[]) => string;
  /** The name people know a feed by. */
  readonly feedName: (partner: string) => string;
}

export interface Expressed<Body extends FhirResource = FhirResource> {
  readonly type: Body['resourceType'];
  readonly id: string;
  /** Without `meta.versionId` and `meta.lastUpdated`, which keeping adds. */
  readonly body: Body;
  /** What searches may ask. Read when asked for: most of what is expressed turns out to be unchanged. */
  readonly index: SearchValues;
  /** Of the whole organisation, not of one patient; several charts may express it. */
  readonly shared: boolean;
  /** For shared ones: the latest message that told of it; an older expression must not replace a newer one. */
  readonly orderKey?: OrderKey;
}

type Identified = FhirResource & { id: string };

/** A resource of one patient. */
export function ofPatient<Body extends Identified>(patient: PatientId | undefined, body: Body): Expressed<Body> {
  return {
    type: body.resourceType,
    id: body.id,
    body,
    shared: false,
    get index() {
      return searchValues(body, patient);
    },
  };
}

/** A resource of the organisation. */
export function ofAll<Body extends Identified>(body: Body, orderKey?: OrderKey): Expressed<Body> {
  const shared = {
    type: body.resourceType,
    id: body.id,
    body,
    shared: true,
    get index() {
      return searchValues(body);
    },
  };
  return orderKey === undefined ? shared : Object.assign(shared, { orderKey });
}

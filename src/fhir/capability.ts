// The CapabilityStatement, made from the table of search parameters (FHIR R4 capabilitystatement.html).

import type { CapabilityStatement, CapabilityStatementRestResource } from 'fhir/r4.js';
import {
  belongsToPatient,
  canonicalMark,
  type ResourceType,
  resourceTypes,
  type SearchParam,
  searchParams,
} from './search-params.ts';
import { usCore } from './us-core.ts';

const oauthUris = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris';
const profiles: Readonly<Record<string, string>> = usCore;

const isReference = ({ match }: SearchParam): boolean =>
  match.by === 'link' || match.by === 'reference' || match.by === 'target';

/** `Task:based-on` for every parameter whose rows may come along with `type`; the same rule as search-shape.ts. */
function reverseIncludes(type: ResourceType): string[] {
  return resourceTypes.flatMap((source) =>
    searchParams[source].flatMap(({ name, match }) => {
      const targets: readonly ResourceType[] =
        match.by === 'link' || (match.by === 'reference' && match.column !== 'owner')
          ? match.targets
          : match.by === 'target' && belongsToPatient(type)
            ? match.targets
            : [];
      return targets.includes(type) ? [`${source}:${name}`] : [];
    }),
  );
}

const documentation: { readonly [By in SearchParam['match']['by']]?: string } = {
  identifier: 'value, system|value or |value',
  status: 'also with :not and :missing',
  codes: 'code, system|code, |code or system|; also with :not',
  period: 'prefixes eq ne gt lt ge le sa eb ap; a time without an offset is read in the zone of the practice; :missing',
  instant: 'prefixes eq ne gt lt ge le sa eb ap; a time without an offset is read in the zone of the practice',
};

const ofEncounters =
  'Written by feeds alone (clients that a feed lists): kept as it came, answered 202, and worked into the stay of its ' +
  'first identifier. The subject is a contained Patient or subject.identifier.';

function resource(type: ResourceType, canonicalBase: string): CapabilityStatementRestResource {
  const profile = profiles[type];
  const params = searchParams[type];
  return {
    type,
    ...(profile === undefined ? {} : { supportedProfile: [profile] }),
    ...(type === 'Encounter' ? { documentation: ofEncounters } : {}),
    interaction: [
      ...(['read', 'vread', 'history-instance', 'search-type'] as const).map((code) => ({ code })),
      ...(type === 'Encounter' ? (['create', 'update'] as const).map((code) => ({ code })) : []),
    ],
    versioning: 'versioned',
    readHistory: true,
    updateCreate: false,
    conditionalCreate: false,
    conditionalRead: 'full-support',
    conditionalUpdate: false,
    conditionalDelete: 'not-supported',
    searchInclude: params.filter(isReference).map(({ name }) => `${type}:${name}`),
    searchRevInclude: reverseIncludes(type),
    searchParam: params.map(({ name, kind, definition, match }) => ({
      name,
      type: kind,
      definition: definition.replace(canonicalMark, `${canonicalBase}/SearchParameter/`),
      ...(documentation[match.by] === undefined ? {} : { documentation: documentation[match.by] }),
    })),
  };
}

/** FHIR knows no empty arrays. */
function withoutEmpty(entry: CapabilityStatementRestResource): CapabilityStatementRestResource {
  const kept = Object.entries(entry).filter(([, value]) => !Array.isArray(value) || value.length > 0);
  return Object.fromEntries(kept) as unknown as CapabilityStatementRestResource;
}

export function capabilityStatement(given: {
  readonly base: string;
  readonly canonicalBase: string;
  readonly tokenUrl: string;
  readonly version: string;
  readonly date: string;
}): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    url: `${given.canonicalBase}/CapabilityStatement/throughline`,
    version: given.version,
    name: 'Throughline',
    title: 'Throughline care transitions',
    status: 'active',
    date: given.date,
    kind: 'instance',
    software: { name: 'Throughline', version: given.version },
    implementation: { description: 'Care-transition work from hospital feeds', url: given.base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        documentation:
          'An unknown search parameter is refused with 400; with "Prefer: handling=lenient" it is left out, named in an ' +
          'OperationOutcome of the answer, and still refused where no condition would be left.',
        security: {
          cors: false,
          service: [
            {
              coding: [
                { system: 'http://terminology.hl7.org/CodeSystem/restful-security-service', code: 'SMART-on-FHIR' },
              ],
              text: 'SMART Backend Services: private_key_jwt with RS384 or ES384',
            },
          ],
          extension: [{ url: oauthUris, extension: [{ url: 'token', valueUri: given.tokenUrl }] }],
        },
        operation: [
          {
            name: 'process-message',
            definition: 'http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message',
            documentation:
              'Taken from feeds: Da Vinci Unsolicited Notifications (admit, discharge, transfer) and messages about a ' +
              'plain Encounter. Answered 202 once the message is on disk; no message is sent back.',
          },
        ],
        resource: resourceTypes.map((type) => withoutEmpty(resource(type, given.canonicalBase))),
      },
    ],
  };
}

// The CapabilityStatement and the SMART configuration: what this server can do, from the same tables that do it
// (FHIR R4 http.html#capabilities; SMART App Launch 2.2.0 conformance.html).

import type { IncomingMessage, ServerResponse } from 'node:http';
import { capabilityStatement } from '../../fhir/capability.ts';
import { resourceTypes } from '../../fhir/search-params.ts';
import { assertionAlgorithms } from '../oauth/assertion.ts';
import { nameRoute } from '../observe.ts';
import { sendFhir, sendJson } from '../respond.ts';
import { type FhirEdge, failFhir, formatOf, queryOf, requireJson } from './edge.ts';

export interface Discovery {
  metadata(req: IncomingMessage, res: ServerResponse): void;
  smartConfiguration(req: IncomingMessage, res: ServerResponse): void;
}

export function createDiscovery(
  edge: FhirEdge,
  given: {
    readonly tokenUrl: string;
    readonly issuer: string;
    readonly canonicalBase: string;
    readonly version: string;
  },
): Discovery {
  const statement = JSON.stringify(
    capabilityStatement({
      base: edge.base,
      canonicalBase: given.canonicalBase,
      tokenUrl: given.tokenUrl,
      version: given.version,
      date: new Date(edge.now()).toISOString(),
    }),
  );
  const configuration = {
    issuer: given.issuer,
    token_endpoint: given.tokenUrl,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    scopes_supported: ['system/*.rs', ...resourceTypes.map((type) => `system/${type}.rs`)],
    response_types_supported: [],
    code_challenge_methods_supported: ['S256'],
    capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
  };
  return {
    metadata(req, res) {
      nameRoute(res, 'capabilities');
      try {
        requireJson(req, formatOf(queryOf(req)));
        sendFhir(req, res, 200, statement);
      } catch (thrown) {
        void failFhir(edge, req, res, thrown, { interaction: 'capabilities', resource: '' });
      }
    },
    smartConfiguration(req, res) {
      nameRoute(res, 'smart-configuration');
      sendJson(req, res, 200, configuration);
    },
  };
}

// A client with the operator right, as its partner file has it and as it asks for tokens.

import type { ClientPartner } from '../../src/catalog/partner.ts';
import { keyPair, type TestClient } from './fhir-server.ts';

export function anOperator(
  organisation: string,
  id = 'operator',
): { readonly partner: ClientPartner; readonly client: TestClient } {
  const keys = keyPair('ES384', `${id}-1`);
  return {
    partner: {
      kind: 'client',
      isOperator: true,
      id,
      organisation,
      clientId: id,
      name: 'Operator',
      scopes: ['system/*.rs'],
      keys: { jwks: { keys: [keys.publicJwk as Record<string, unknown>] } },
    },
    client: { clientId: id, organisation, privateJwk: keys.privateJwk, alg: 'ES384' },
  };
}

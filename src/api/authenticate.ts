// Bearer tokens to callers (RFC 6750, RFC 9068). A verified token is remembered until it expires, since verifying an
// ES256 signature costs 250 µs and a lookup none.

import { errors, type JWK, jwtVerify } from 'jose';
import { Fault } from '../base/fault.ts';
import { parseScopes } from '../fhir/scopes.ts';
import type { Caller } from './caller.ts';
import type { ApiClient } from './dependencies.ts';

const rememberedMax = 2_000;
const tokenLengthMax = 4_096;

/** Answers at once for a token it knows. Rejects with `auth.token-missing` or `auth.token-invalid`. */
export type Authenticate = (authorization: string | undefined) => Caller | Promise<Caller>;

export function createAuthenticate(given: {
  readonly issuer: string;
  readonly audience: string;
  readonly issuerKey: JWK;
  readonly clients: readonly ApiClient[];
  readonly now: () => number;
}): Authenticate {
  const { kty, crv, x, y, kid } = given.issuerKey;
  const publicKey = { kty, crv, x, y } as JWK;
  const known = new Map(given.clients.map((client) => [`${client.organisation} ${client.clientId}`, client]));
  const remembered = new Map<string, { readonly caller: Caller; readonly expiresAt: number }>();

  async function verify(token: string): Promise<Caller> {
    const { payload, protectedHeader } = await jwtVerify(token, publicKey, {
      algorithms: ['ES256'],
      typ: 'at+jwt',
      issuer: given.issuer,
      audience: given.audience,
      requiredClaims: ['exp', 'iat', 'sub', 'org', 'client_id', 'jti'],
      currentDate: new Date(given.now()),
    }).catch((thrown: unknown) => {
      throw thrown instanceof errors.JOSEError || thrown instanceof TypeError
        ? new Fault('auth.token-invalid', { cause: thrown })
        : thrown;
    });
    const { org, client_id: client, scope, exp = 0 } = payload;
    if (
      protectedHeader.kid !== kid ||
      typeof org !== 'string' ||
      typeof client !== 'string' ||
      typeof scope !== 'string'
    ) {
      throw new Fault('auth.token-invalid');
    }
    const registered = known.get(`${org} ${client}`);
    if (registered === undefined) throw new Fault('auth.token-invalid');
    const caller: Caller = {
      kind: 'system',
      client,
      organisation: org,
      scopes: parseScopes(scope),
      isOperator: registered.isOperator === true,
      actor: `system:${client}`,
    };
    if (remembered.size >= rememberedMax) remembered.delete(remembered.keys().next().value ?? '');
    remembered.set(token, { caller, expiresAt: exp * 1000 });
    return caller;
  }

  return (authorization) => {
    const token = /^Bearer +([A-Za-z0-9_=.~+/-]+) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new Fault(authorization === undefined ? 'auth.token-missing' : 'auth.token-invalid');
    if (token.length > tokenLengthMax) throw new Fault('auth.token-invalid');
    const found = remembered.get(token);
    if (found === undefined) return verify(token);
    if (found.expiresAt > given.now()) return found.caller;
    remembered.delete(token);
    throw new Fault('auth.token-invalid');
  };
}

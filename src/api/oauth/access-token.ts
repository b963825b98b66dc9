// Access tokens: short-lived JWTs of our own (RFC 9068; SMART Backend Services: no longer than 300 seconds).

import { type JWK, SignJWT } from 'jose';
import type { ApiClient } from '../dependencies.ts';

export const tokenSeconds = 300;

export function signAccessToken(given: {
  readonly issuerKey: JWK;
  readonly issuer: string;
  readonly audience: string;
  readonly client: ApiClient;
  readonly scope: string;
  readonly jti: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}): Promise<string> {
  const issuedAt = Math.floor(given.now / 1000);
  return new SignJWT({ client_id: given.client.clientId, org: given.client.organisation, scope: given.scope })
    .setProtectedHeader({
      alg: 'ES256',
      typ: 'at+jwt',
      ...(given.issuerKey.kid === undefined ? {} : { kid: given.issuerKey.kid }),
    })
    .setIssuer(given.issuer)
    .setAudience(given.audience)
    .setSubject(given.client.clientId)
    .setJti(given.jti)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + tokenSeconds)
    .sign(given.issuerKey);
}

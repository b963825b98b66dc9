// Client assertions: a JWT by which a client proves that it holds its private key (SMART App Launch 2.2.0
// client-confidential-asymmetric.html; RFC 7523). What is wrong is told to the log, not to the sender.

import { decodeJwt, decodeProtectedHeader, type JWK, type JWTPayload, jwtVerify } from 'jose';
import type { ApiClient } from '../dependencies.ts';
import type { ClientKeys } from './client-keys.ts';

export const assertionAlgorithms: readonly string[] = ['RS384', 'ES384'];
const lengthMax = 8_192;
const lifetimeSecondsMax = 300;
/** Clocks differ; a minute is what most clients and servers allow. */
const skewSeconds = 60;
const keysTriedMax = 3;

export type Proven =
  | { readonly is: 'proven'; readonly client: ApiClient; readonly jti: string; readonly usableUntil: number }
  | { readonly is: 'refused'; readonly why: string; readonly client?: ApiClient };

const fits: Readonly<Record<string, (key: JWK) => boolean>> = {
  RS384: (key) => key.kty === 'RSA' && Buffer.from(key.n ?? '', 'base64url').length >= 256,
  ES384: (key) => key.kty === 'EC' && key.crv === 'P-384',
};

/** Only what makes a public key, so that neither a private member nor `key_ops` changes how it is used. */
const publicPart = ({ kty, n, e, crv, x, y }: JWK): JWK => (kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }) as JWK;

const plain = (value: unknown, lengthMax: number): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= lengthMax &&
  !/[\u0000-\u001f\u007f]|\p{Surrogate}/u.test(value);

interface Unproven {
  readonly alg: string;
  readonly kid: string;
  readonly jku: unknown;
  readonly claims: JWTPayload;
}

function look(assertion: string): Unproven | string {
  if (assertion.length > lengthMax) return 'too long';
  try {
    const { alg = '', kid, jku, typ, crit } = decodeProtectedHeader(assertion);
    if (!assertionAlgorithms.includes(alg)) return 'algorithm';
    if (!plain(kid, 256)) return 'no kid';
    if (crit !== undefined || (typ !== undefined && typ.toLowerCase() !== 'jwt')) return 'header';
    return { alg, kid, jku, claims: decodeJwt(assertion) };
  } catch {
    return 'not a JWT';
  }
}

/** Times of a proven assertion; undefined when they are as they must be. */
function wrongTimes({ exp, iat, nbf }: JWTPayload, nowSeconds: number): string | undefined {
  if (typeof exp !== 'number' || exp <= nowSeconds - skewSeconds) return 'expired';
  if (exp > nowSeconds + lifetimeSecondsMax + skewSeconds) return 'lives too long';
  if (nbf !== undefined && nbf > nowSeconds + skewSeconds) return 'not yet valid';
  if (iat !== undefined && iat > nowSeconds + skewSeconds) return 'issued in the future';
  return undefined;
}

async function isSigned(assertion: string, keys: readonly JWK[], alg: string, now: number): Promise<boolean> {
  const usable = keys.filter(
    (key) => fits[alg]?.(key) === true && (key.use ?? 'sig') === 'sig' && (key.alg ?? alg) === alg,
  );
  for (const key of usable.slice(0, keysTriedMax)) {
    try {
      await jwtVerify(assertion, publicPart(key), {
        algorithms: [alg],
        currentDate: new Date(now),
        clockTolerance: skewSeconds,
      });
      return true;
    } catch {
      // The next key with this id may be the one.
    }
  }
  return false;
}

export async function proveClient(
  assertion: string,
  given: {
    readonly clients: readonly ApiClient[];
    readonly keys: ClientKeys;
    readonly audiences: readonly string[];
    readonly now: number;
  },
): Promise<Proven> {
  const seen = look(assertion);
  if (typeof seen === 'string') return { is: 'refused', why: seen };
  const { claims, alg, kid, jku } = seen;
  const client = given.clients.find(({ clientId }) => clientId === claims.iss);
  if (client === undefined) return { is: 'refused', why: 'unknown client' };
  const refused = (why: string): Proven => ({ is: 'refused', why, client });
  if (claims.sub !== claims.iss) return refused('iss and sub differ');
  if (jku !== undefined && !('jwksUrl' in client.keys && jku === client.keys.jwksUrl))
    return refused('jku not registered');
  const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  if (!audiences.some((audience) => audience !== undefined && given.audiences.includes(audience)))
    return refused('audience');
  if (!plain(claims.jti, 256)) return refused('no jti');
  const wrong = wrongTimes(claims, given.now / 1000);
  if (wrong !== undefined) return refused(wrong);
  if (!(await isSigned(assertion, await given.keys.find(client, kid), alg, given.now)))
    return refused('signature or key');
  return { is: 'proven', client, jti: claims.jti, usableUntil: ((claims.exp ?? 0) + skewSeconds) * 1000 };
}

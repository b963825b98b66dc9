// The way into the overview: a link that works once and for fifteen minutes, then a cookie for twelve hours, both
// signed with the issuer's key (RFC 7519; RFC 6265bis for the cookie's attributes).

import { type JWK, jwtVerify, SignJWT } from 'jose';
import type { NewId } from '../../base/id.ts';

const linkSeconds = 900;
const sessionSeconds = 43_200;
const cookieName = 'throughline';

interface Signing {
  readonly issuerKey: JWK;
  readonly publicUrl: string;
  readonly now: () => number;
  readonly newId: NewId;
}

/** Who opened the overview: the organisation whose work it shows, and the id of the link. */
export interface AppSession {
  readonly organisation: string;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

async function sign(
  signing: Signing,
  audience: string,
  organisation: string,
  id: string,
  seconds: number,
): Promise<string> {
  const issuedAt = Math.floor(signing.now() / 1000);
  return new SignJWT({ org: organisation })
    .setProtectedHeader({ alg: 'ES256', typ: 'app+jwt' })
    .setIssuer(signing.publicUrl)
    .setAudience(audience)
    .setJti(id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + seconds)
    .sign(signing.issuerKey);
}

async function verify(signing: Signing, audience: string, token: string): Promise<AppSession | undefined> {
  const { kty, crv, x, y } = signing.issuerKey;
  if (token.length > 2_048) return undefined;
  try {
    const { payload } = await jwtVerify(token, { kty, crv, x, y } as JWK, {
      algorithms: ['ES256'],
      typ: 'app+jwt',
      issuer: signing.publicUrl,
      audience,
      requiredClaims: ['exp', 'jti', 'org'],
      currentDate: new Date(signing.now()),
    });
    const { org, jti = '', exp = 0 } = payload;
    return typeof org === 'string' ? { organisation: org, id: jti, expiresAt: exp * 1000 } : undefined;
  } catch {
    return undefined;
  }
}

/** An address that opens the overview of an organisation, once. */
export async function appLink(signing: Signing, organisation: string): Promise<string> {
  return `${signing.publicUrl}/app/?link=${await sign(signing, 'app-link', organisation, signing.newId(), linkSeconds)}`;
}

export const readLink = (signing: Signing, token: string): Promise<AppSession | undefined> =>
  verify(signing, 'app-link', token);

export async function sessionCookie(signing: Signing, organisation: string): Promise<string> {
  const token = await sign(signing, 'app', organisation, signing.newId(), sessionSeconds);
  const secure = signing.publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${cookieName}=${token}; Path=/app; Max-Age=${sessionSeconds}; HttpOnly; SameSite=Strict${secure}`;
}

export async function readSession(signing: Signing, cookies: string | undefined): Promise<AppSession | undefined> {
  for (const pair of (cookies ?? '').split(';').slice(0, 20)) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() !== cookieName) continue;
    const session = await verify(signing, 'app', pair.slice(at + 1).trim());
    if (session !== undefined) return session;
  }
  return undefined;
}

// Tokens for the client of whoever runs the service on this machine, by the private key that the service left in
// DATA_DIR (SMART App Launch 2.2.0, backend-services.html and client-confidential-asymmetric.html).

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type JWK, SignJWT } from 'jose';
import type { Config } from '../src/config.ts';
import { keysFolder } from '../src/service/keys.ts';

const clientId = 'local';
const answerMsMax = 10_000;

export type LocalSettings = Pick<Config, 'dataDir' | 'host' | 'httpPort' | 'publicUrl'>;

export interface LocalToken {
  readonly token: string;
  readonly scope: string;
  readonly seconds: number;
}

/** Where the service is to be found by its settings. */
export function serviceUrl({ publicUrl, host, httpPort }: Omit<LocalSettings, 'dataDir'>): string {
  if (publicUrl !== undefined) return publicUrl;
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${httpPort}`;
}

/** Fetches a token. Rejects with an error whose message says what to do. */
export async function fetchLocalToken(settings: LocalSettings, scope: string): Promise<LocalToken> {
  const base = serviceUrl(settings);
  const key = await readKey(settings.dataDir);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await signAssertion(key, `${base}/oauth/token`),
  });
  const response = await post(base, '/oauth/token', { body });
  const told = (await response.json().catch(() => ({}))) as Readonly<Record<string, unknown>>;
  if (response.ok && typeof told.access_token === 'string') {
    return { token: told.access_token, scope: String(told.scope ?? scope), seconds: Number(told.expires_in ?? 0) };
  }
  throw new Error(refusal(base, response.status, told, scope));
}

/** A link that opens the overview page once. */
export async function fetchAppLink(settings: LocalSettings): Promise<string> {
  const base = serviceUrl(settings);
  const { token } = await fetchLocalToken(settings, 'system/*.rs');
  const response = await post(base, '/app/link', { headers: { authorization: `Bearer ${token}` } });
  const { link } = (await response.json().catch(() => ({}))) as { readonly link?: string };
  if (!response.ok || link === undefined)
    throw new Error(`the service at ${base} made no link (status ${response.status})`);
  return link;
}

async function readKey(dataDir: string): Promise<JWK> {
  const folder = keysFolder(dataDir);
  try {
    return JSON.parse(await readFile(path.join(folder, 'local-client.jwk.json'), 'utf8')) as JWK;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new Error(
        `no key in ${folder}: the service makes it at its first start, with npm run demo or npm start; if its data lie elsewhere set DATA_DIR`,
      );
    }
    if (code === 'EACCES') throw new Error(`the key in ${folder} may be read only by the user who started the service`);
    throw new Error(`the key in ${folder} cannot be read: local-client.jwk.json is damaged`);
  }
}

const signAssertion = (key: JWK, audience: string): Promise<string> =>
  new SignJWT()
    .setProtectedHeader({ alg: key.alg ?? 'ES384', typ: 'JWT', ...(key.kid !== undefined && { kid: key.kid }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('2m')
    .sign(key);

async function post(base: string, address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${base}${address}`, { method: 'POST', signal: AbortSignal.timeout(answerMsMax), ...init });
  } catch {
    throw new Error(
      `no service answers at ${base}; start it with npm run demo or npm start; if it runs elsewhere set HTTP_PORT or PUBLIC_URL`,
    );
  }
}

function refusal(base: string, status: number, told: Readonly<Record<string, unknown>>, scope: string): string {
  switch (told.error) {
    case 'invalid_scope':
      return `the service at ${base} grants nothing of "${scope}"; ask for something like system/*.rs or system/Task.rs`;
    case 'invalid_client':
      return `the service at ${base} does not know this key: does it run with another DATA_DIR, or without profiles/partners/local-client.yaml?`;
    default:
      return `the service at ${base} gave no token: status ${status}${told.error_description === undefined ? '' : `, ${String(told.error_description)}`}`;
  }
}

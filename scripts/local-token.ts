// Tokens for the client of whoever runs the service on this machine, by the private key that the service left in
// DATA_DIR, or for a client with a key of its own (SMART App Launch 2.2.0, backend-services.html and
// client-confidential-asymmetric.html).

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type JWK, SignJWT } from 'jose';
import type { Config } from '../src/config.ts';
import { keysFolder } from '../src/service/keys.ts';

const localClientId = 'local';
const answerMsMax = 10_000;
/** Where operators read how they come to a token without the local client. */
export const tokensPage = 'docs/operating.md, Tokens';

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

/** A client of the partner files, and the file of its private key. */
export interface OwnClient {
  readonly clientId: string;
  readonly keyFile: string;
}

/** Fetches a token of the local client. Rejects with an error whose message says what to do. */
export async function fetchLocalToken(settings: LocalSettings, scope: string): Promise<LocalToken> {
  return fetchToken(settings, scope, localClientId, await readLocalKey(settings.dataDir));
}

/** The same for a client of its own. */
export async function fetchOwnToken(settings: LocalSettings, scope: string, client: OwnClient): Promise<LocalToken> {
  return fetchToken(settings, scope, client.clientId, await readOwnKey(client.keyFile));
}

async function fetchToken(settings: LocalSettings, scope: string, clientId: string, key: JWK): Promise<LocalToken> {
  const base = serviceUrl(settings);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await signAssertion(key, clientId, `${base}/oauth/token`),
  });
  const response = await post(base, '/oauth/token', { body });
  const told = (await response.json().catch(() => ({}))) as Readonly<Record<string, unknown>>;
  if (response.ok && typeof told.access_token === 'string') {
    return { token: told.access_token, scope: String(told.scope ?? scope), seconds: Number(told.expires_in ?? 0) };
  }
  throw new Error(refusal(base, response.status, told, scope, clientId));
}

/** A link that opens the overview page once. */
export async function fetchAppLink(settings: LocalSettings, token: string): Promise<string> {
  const base = serviceUrl(settings);
  const response = await post(base, '/app/link', { headers: { authorization: `Bearer ${token}` } });
  const { link } = (await response.json().catch(() => ({}))) as { readonly link?: string };
  if (!response.ok || link === undefined)
    throw new Error(`the service at ${base} made no link (status ${response.status})`);
  return link;
}

async function readLocalKey(dataDir: string): Promise<JWK> {
  const folder = keysFolder(dataDir);
  try {
    return await readKey(path.join(folder, 'local-client.jwk.json'));
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new Error(
        `no key in ${folder}: the service makes it at its first start, with npm run demo or npm start; if its data lie elsewhere set DATA_DIR; without the local client put a token into THROUGHLINE_TOKEN (${tokensPage})`,
      );
    }
    if (code === 'EACCES') throw new Error(`the key in ${folder} may be read only by the user who started the service`);
    throw new Error(`the key in ${folder} cannot be read: local-client.jwk.json is damaged`);
  }
}

async function readOwnKey(file: string): Promise<JWK> {
  try {
    return await readKey(file);
  } catch {
    throw new Error(
      `${file} holds no private key that can be read here; npm run -s token -- --make-key FILE makes one (${tokensPage})`,
    );
  }
}

async function readKey(file: string): Promise<JWK> {
  const key = JSON.parse(await readFile(file, 'utf8')) as JWK;
  if (typeof key.d !== 'string') throw new Error('this is no private key');
  return key;
}

const signAssertion = (key: JWK, clientId: string, audience: string): Promise<string> =>
  new SignJWT()
    .setProtectedHeader({
      alg: key.alg ?? (key.kty === 'RSA' ? 'RS384' : 'ES384'),
      typ: 'JWT',
      ...(key.kid !== undefined && { kid: key.kid }),
    })
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
    throw new Error(noAnswer(base));
  }
}

export const noAnswer = (base: string): string =>
  `no service answers at ${base}; start it with npm run demo or npm start; if it runs elsewhere set HTTP_PORT or PUBLIC_URL`;

function refusal(
  base: string,
  status: number,
  told: Readonly<Record<string, unknown>>,
  scope: string,
  clientId: string,
): string {
  switch (told.error) {
    case 'invalid_scope':
      return `the service at ${base} grants nothing of "${scope}"; ask for something like system/*.rs or system/Task.rs`;
    case 'invalid_client':
      return clientId === localClientId
        ? `the service at ${base} does not know this key: does it run with another DATA_DIR, or without profiles/partners/local-client.yaml? Without it put a token of a client of yours into THROUGHLINE_TOKEN (${tokensPage})`
        : `the service at ${base} does not know the client "${clientId}" with this key: its partner file needs client-id: ${clientId} and the public key, and is read at the start (${tokensPage})`;
    default:
      return `the service at ${base} gave no token: status ${status}${told.error_description === undefined ? '' : `, ${String(told.error_description)}`}`;
  }
}

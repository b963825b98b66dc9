// The HTTP edge on a free port over a test database with two organisations, each with a client of its own; resources
// are kept as the service keeps them, so what is searched is what production would hold.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { FhirResource } from 'fhir/r4.js';
import { type JWK, SignJWT } from 'jose';
import pg from 'pg';
import { createApi } from '../../src/api/app.ts';
import type { ApiDependencies, RequestFigures } from '../../src/api/dependencies.ts';
import { type HttpServer, startHttpServer } from '../../src/api/server.ts';
import { Fault } from '../../src/base/fault.ts';
import type { Id } from '../../src/base/id.ts';
import { instant } from '../../src/base/instant.ts';
import { type LogFields, silentLog } from '../../src/base/log.ts';
import type { ClientPartner, FeedPartner } from '../../src/catalog/partner.ts';
import type { Practice } from '../../src/domain/practice.ts';
import { searchValues } from '../../src/fhir/search-values.ts';
import { servedText } from '../../src/flow/publish.ts';
import { type Database, openDatabase } from '../../src/store/pool.ts';
import { keepResources } from '../../src/store/resources.ts';
import { aDatabase } from './database.ts';

export const canonicalBase = 'https://throughline.example/fhir';

export interface TestClient {
  readonly clientId: string;
  readonly organisation: string;
  readonly privateJwk: JWK;
  readonly alg: 'RS384' | 'ES384';
}

export interface AuditRow {
  readonly organisation: string;
  readonly actor: string;
  readonly action: string;
  readonly interaction: string;
  readonly outcome: number;
  readonly patients: string[];
  readonly resources: string[];
  readonly request: string | null;
}

export interface FhirServer {
  readonly url: string;
  readonly base: string;
  readonly owner: pg.Client;
  readonly issuerKey: JWK;
  readonly requests: RequestFigures[];
  readonly lines: { readonly event: string; readonly fields: LogFields }[];
  readonly clients: { readonly here: TestClient; readonly there: TestClient };
  readonly database: (organisation: string) => Database;
  /** From now on every statement of the edge fails as if the database were away, or works again. */
  cutDatabase(isCut: boolean): void;
  /** Moves the clock. */
  setNow(iso: string): void;
  now(): number;
  /** Keeps resources of an organisation; a repeated id becomes the next version. */
  keep(organisation: string, ...resources: (FhirResource & { id: string })[]): Promise<void>;
  token(client: TestClient, scope: string): Promise<string>;
  /** A request with the token of `here` for everything, unless told otherwise. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  search(path: string, headers?: Record<string, string>): Promise<{ status: number; ids: string[]; bundle: Bundle }>;
  audit(): Promise<AuditRow[]>;
  close(): Promise<void>;
}

export interface Bundle {
  readonly resourceType: string;
  readonly total?: number;
  readonly link?: { relation: string; url: string }[];
  readonly entry?: { fullUrl?: string; resource: FhirResource & { id: string }; search?: { mode: string } }[];
  readonly issue?: { code: string; severity: string; diagnostics?: string; details?: { coding: { code: string }[] } }[];
}

export function keyPair(
  alg: 'RS384' | 'ES384' | 'ES256',
  kid: string,
): { readonly publicJwk: JWK; readonly privateJwk: JWK } {
  const pair =
    alg === 'RS384'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: alg === 'ES384' ? 'P-384' : 'P-256' });
  return {
    publicJwk: { ...(pair.publicKey.export({ format: 'jwk' }) as JWK), kid },
    privateJwk: { ...(pair.privateKey.export({ format: 'jwk' }) as JWK), kid },
  };
}

export async function signAssertion(
  client: TestClient,
  audience: string,
  now: number,
  changes: { readonly claims?: Record<string, unknown>; readonly header?: Record<string, unknown> } = {},
): Promise<string> {
  const seconds = Math.floor(now / 1000);
  const claims = {
    iss: client.clientId,
    sub: client.clientId,
    aud: audience,
    jti: randomUUID(),
    iat: seconds,
    exp: seconds + 240,
  };
  const kept = Object.fromEntries(
    Object.entries({ ...claims, ...changes.claims }).filter(([, value]) => value !== undefined),
  );
  return new SignJWT(kept)
    .setProtectedHeader({ alg: client.alg, typ: 'JWT', kid: client.privateJwk.kid ?? '', ...changes.header })
    .sign(client.privateJwk);
}

const practice = (id: string, timeZone: string): Practice => ({
  id,
  name: `Practice ${id}`,
  timeZone,
  holidays: 'us-federal',
  closures: [],
  closuresExtend: false,
  phone: '555-0100',
  roles: [],
});

export interface FhirServerOptions {
  readonly limits?: ApiDependencies['limits'];
  readonly receive?: ApiDependencies['receive'];
  readonly receiveResource?: ApiDependencies['receiveResource'];
  readonly readiness?: ApiDependencies['readiness'];
  readonly clients?: readonly ClientPartner[];
  readonly scopes?: readonly string[];
  /** Instead of the feed `hospital` of `here`. */
  readonly feeds?: readonly FeedPartner[];
}

export async function aFhirServer(options: FhirServerOptions = {}): Promise<FhirServer> {
  const { url: databaseUrl, ownerUrl } = await aDatabase();
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const databases = new Map(
    ['here', 'there'].map((organisation) => [
      organisation,
      openDatabase({ url: databaseUrl, organisation, application: 'throughline test', connectionsMax: 4 }),
    ]),
  );
  const database = (organisation: string): Database => {
    const found = databases.get(organisation);
    if (found === undefined) throw new Error(`no organisation ${organisation}`);
    return found;
  };
  let isCut = false;
  const edgeDatabases = new Map(
    [...databases].map(([organisation, real]) => [
      organisation,
      {
        ...real,
        query: <Row>(name: string, text: string, values: readonly unknown[]) =>
          isCut
            ? Promise.reject(new Fault('store.unavailable', { detail: 'SQL or address' }))
            : real.query<Row>(name, text, values),
      },
    ]),
  );
  let now = Date.parse('2026-11-22T15:00:00.000Z');
  const issuer = keyPair('ES256', 'issuer-1');
  const hereKeys = keyPair('ES384', 'here-1');
  const thereKeys = keyPair('RS384', 'there-1');
  const partner = (organisation: string, jwk: JWK): ClientPartner => ({
    kind: 'client',
    isOperator: false,
    id: `client-${organisation}`,
    organisation,
    clientId: `client-${organisation}`,
    name: `Client ${organisation}`,
    scopes: options.scopes ?? ['system/*.cruds'],
    keys: { jwks: { keys: [jwk as Record<string, unknown>] } },
  });
  const feed = {
    kind: 'feed',
    id: 'hospital',
    organisation: 'here',
    http: { clients: ['client-here'] },
    dialect: { timeZone: 'America/New_York' },
  } as unknown as FeedPartner;
  const requests: RequestFigures[] = [];
  const lines: { event: string; fields: LogFields }[] = [];
  const write = (event: string, fields: LogFields = {}) => void lines.push({ event, fields });
  let server: HttpServer | undefined;
  let listener: ReturnType<typeof createApi>['listener'] = () => undefined;
  server = await startHttpServer({ host: '127.0.0.1', port: 0, listener: (req, res) => listener(req, res) });
  const url = `http://127.0.0.1:${server.port}`;
  const base = `${url}/fhir/R4`;
  listener = createApi({
    publicUrl: url,
    canonicalBase,
    version: '0.0.0-test',
    databases: (organisation) => edgeDatabases.get(organisation),
    practices: [practice('here', 'America/New_York'), practice('there', 'America/Denver')],
    clients: [partner('here', hereKeys.publicJwk), partner('there', thereKeys.publicJwk), ...(options.clients ?? [])],
    feeds: options.feeds ?? [feed],
    issuerKey: issuer.privateJwk,
    receive: options.receive ?? (() => Promise.resolve('close' as const)),
    receiveResource: options.receiveResource ?? (() => Promise.reject(new Fault('store.unavailable'))),
    decideMatch: () => Promise.reject(new Fault('ops.not-found')),
    readiness: options.readiness ?? {},
    metrics: {
      exposition: () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', text: 'figures 1\n' }),
      request: (figures) => void requests.push(figures),
    },
    log: { ...silentLog, info: write, warn: write, error: write },
    limits: options.limits ?? {},
    now: () => now,
    newId: <Name extends string>() => randomUUID() as string as Id<Name>,
  }).listener;
  const clients = {
    here: { clientId: 'client-here', organisation: 'here', privateJwk: hereKeys.privateJwk, alg: 'ES384' as const },
    there: { clientId: 'client-there', organisation: 'there', privateJwk: thereKeys.privateJwk, alg: 'RS384' as const },
  };
  const tokens = new Map<string, Promise<string>>();
  const versions = new Map<string, number>();

  async function fetchToken(client: TestClient, scope: string): Promise<string> {
    const response = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await signAssertion(client, `${url}/oauth/token`, now),
      }),
    });
    const body = (await response.json()) as { access_token?: string };
    if (body.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`);
    return body.access_token;
  }

  function token(client: TestClient, scope: string): Promise<string> {
    const key = `${client.clientId} ${scope} ${Math.floor(now / 200_000)}`;
    const known = tokens.get(key) ?? fetchToken(client, scope);
    tokens.set(key, known);
    return known;
  }

  async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    const authorization = headers.authorization ?? `Bearer ${await token(clients.here, 'system/*.rs')}`;
    return fetch(path.startsWith('http') ? path : `${base}/${path}`, { headers: { ...headers, authorization } });
  }

  return {
    url,
    base,
    owner,
    issuerKey: issuer.privateJwk,
    requests,
    lines,
    clients,
    database,
    cutDatabase: (cut) => void (isCut = cut),
    setNow: (iso) => void (now = Date.parse(iso)),
    now: () => now,
    async keep(organisation, ...resources) {
      for (const resource of resources) {
        const key = `${organisation} ${resource.resourceType}/${resource.id}`;
        const version = (versions.get(key) ?? 0) + 1;
        versions.set(key, version);
        const of = resource.resourceType === 'Provenance' ? resource.target[0]?.reference?.split('/')[1] : undefined;
        const item = {
          type: resource.resourceType,
          id: resource.id,
          version,
          digest: `${version}`,
          // As the service writes them: type and id come first.
          body: servedText(
            JSON.stringify(Object.assign({ resourceType: resource.resourceType, id: resource.id }, resource)),
            version,
            instant(now),
          ),
          index: searchValues(resource, of),
        };
        await database(organisation).transaction((tx) => keepResources(tx, [item], now));
      }
    },
    token,
    get,
    async search(path, headers) {
      const response = await get(path, headers);
      const bundle = (await response.json()) as Bundle;
      const ids = (bundle.entry ?? [])
        .filter(({ search }) => search?.mode === 'match')
        .map(({ resource }) => resource.id);
      return { status: response.status, ids, bundle };
    },
    async audit() {
      const { rows } = await owner.query<AuditRow>(
        'select organisation, actor, action, interaction, outcome, patients, resources, request from audit order by id',
      );
      return rows;
    },
    async close() {
      await server?.stop(200);
      await Promise.all([...databases.values()].map((each) => each.close()));
      await owner.end();
    },
  };
}

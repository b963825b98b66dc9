// The operators' addresses on a free port over whole organisations of one test database, each with a client that is an
// operator: messages go in by the front door, and what became of them is asked for as an operator would.

import { randomUUID } from 'node:crypto';
import { createApi } from '../../src/api/app.ts';
import { type HttpServer, startHttpServer } from '../../src/api/server.ts';
import type { Id } from '../../src/base/id.ts';
import { silentLog } from '../../src/base/log.ts';
import type { ClientPartner, FeedPartner } from '../../src/catalog/partner.ts';
import { decideMatch } from '../../src/flow/decide-review.ts';
import { keyPair, signAssertion, type TestClient } from './fhir-server.ts';
import type { TestSite } from './site.ts';

export interface OpsServer {
  readonly url: string;
  /** As an operator of this organisation, or as a client that is none. */
  ask<Body>(method: 'GET' | 'POST', path: string, body?: unknown, as?: string): Promise<{ status: number; body: Body }>;
  get<Body>(path: string): Promise<Body>;
  bytes(path: string): Promise<{ status: number; bytes: Buffer }>;
  close(): Promise<void>;
}

/** Clients: `operator-ID` of each site, and `reader`, of the first, who is none. */
export async function anOpsServer(sites: readonly TestSite[]): Promise<OpsServer> {
  const issuer = keyPair('ES256', 'issuer-1');
  const practices = sites.map(({ site }) => site.organisation.practice);
  const first = practices[0]?.id ?? '';
  const wanted = [
    ...practices.map(({ id }) => ({ clientId: `operator-${id}`, organisation: id, isOperator: true })),
    { clientId: 'reader', organisation: first, isOperator: false },
  ];
  const clients = wanted.map((client) => ({ ...client, ...keyPair('ES384', client.clientId), alg: 'ES384' as const }));
  let listener: ReturnType<typeof createApi>['listener'] = () => undefined;
  const server: HttpServer = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    listener: (req, res) => listener(req, res),
  });
  const url = `http://127.0.0.1:${server.port}`;
  listener = createApi({
    publicUrl: url,
    canonicalBase: 'https://throughline.example/fhir',
    version: '0.0.0-test',
    databases: (organisation) => sites.find(({ site }) => site.organisation.practice.id === organisation)?.site.reads,
    practices,
    clients: clients.map(
      ({ clientId, organisation, isOperator, publicJwk }): ClientPartner => ({
        kind: 'client',
        id: clientId,
        name: clientId,
        organisation,
        clientId,
        isOperator,
        scopes: ['system/*.rs'],
        keys: { jwks: { keys: [publicJwk as Record<string, unknown>] } },
      }),
    ),
    feeds: [] as FeedPartner[],
    issuerKey: issuer.privateJwk,
    receive: () => Promise.resolve('close' as const),
    receiveResource: () => Promise.resolve({}),
    async decideMatch(organisation, decision) {
      const found = sites.find(({ site }) => site.organisation.practice.id === organisation);
      if (!found) throw new Error('no such organisation');
      return decideMatch(found.site.organisation, decision);
    },
    readiness: {},
    metrics: { exposition: () => Promise.resolve({ contentType: 'text/plain', text: '' }), request: () => undefined },
    log: silentLog,
    now: () => Date.now(),
    newId: <Name extends string>() => randomUUID() as string as Id<Name>,
  }).listener;

  const tokens = new Map<string, Promise<string>>();
  async function fetchToken(clientId: string): Promise<string> {
    const client = clients.find((one) => one.clientId === clientId) as TestClient;
    const assertion = await signAssertion(client, `${url}/oauth/token`, Date.now());
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'system/*.rs',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    const answer = (await (await fetch(`${url}/oauth/token`, { method: 'POST', body })).json()) as Record<
      string,
      string
    >;
    if (answer.access_token === undefined) throw new Error(`no token: ${JSON.stringify(answer)}`);
    return answer.access_token;
  }
  async function request(method: string, path: string, body: unknown, as: string): Promise<Response> {
    const token = tokens.get(as) ?? fetchToken(as);
    tokens.set(as, token);
    return fetch(`${url}/ops${path}`, {
      method,
      headers: { authorization: `Bearer ${await token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
  const operator = `operator-${first}`;
  return {
    url,
    async ask<Body>(method: 'GET' | 'POST', path: string, body?: unknown, as = operator) {
      const response = await request(method, path, body, as);
      return { status: response.status, body: (await response.json()) as Body };
    },
    async get<Body>(path: string) {
      const response = await request('GET', path, undefined, operator);
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Body;
    },
    async bytes(path) {
      const response = await request('GET', path, undefined, operator);
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
    },
    close: () => server.stop(200),
  };
}

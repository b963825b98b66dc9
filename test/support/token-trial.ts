// A token endpoint on trial: a server with a client that publishes its keys, and shorthands to ask it for tokens.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import type { ClientPartner } from '../../src/catalog/partner.ts';
import { aFhirServer, type FhirServer, keyPair, signAssertion, type TestClient } from './fhir-server.ts';

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly access_token?: string;
    readonly token_type?: string;
    readonly expires_in?: number;
    readonly scope?: string;
    readonly error?: string;
  };
}

export type AssertionChanges = Parameters<typeof signAssertion>[3];

/** What the key address answers: the key set, unless `answer` says otherwise. */
export interface Publisher {
  readonly client: TestClient;
  readonly address: string;
  readonly first: ReturnType<typeof keyPair>;
  readonly second: ReturnType<typeof keyPair>;
  published: readonly object[];
  answer: (() => { status: number; headers?: Record<string, string>; body: string }) | undefined;
  fetched: number;
}

export interface TokenTrial {
  readonly server: FhirServer;
  readonly publisher: Publisher;
  readonly tokenUrl: string;
  post(form: Record<string, string> | string, headers?: Record<string, string>): Promise<TokenAnswer>;
  assertion(changes?: AssertionChanges, client?: TestClient): Promise<string>;
  /** Asks with an assertion that is changed so. */
  ask(changes?: AssertionChanges, client?: TestClient): Promise<TokenAnswer>;
  seconds(): number;
  pass(ms: number): void;
  close(): Promise<void>;
}

export const tokenForm = (assertion: string, changes: Record<string, string> = {}): Record<string, string> => ({
  grant_type: 'client_credentials',
  scope: 'system/*.rs',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: assertion,
  ...changes,
});

export async function aTokenTrial(): Promise<TokenTrial> {
  const jwks = createServer((_req, res) => {
    publisher.fetched += 1;
    const usual = { status: 200, body: JSON.stringify({ keys: publisher.published }) };
    const { status, headers = {}, body } = { headers: {}, ...(publisher.answer?.() ?? usual) };
    res.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(jwks.address() as AddressInfo).port}`;
  const first = keyPair('ES384', 'published-1');
  const client: TestClient = {
    clientId: 'publisher',
    organisation: 'here',
    privateJwk: first.privateJwk,
    alg: 'ES384',
  };
  const publisher: Publisher = {
    client,
    address,
    first,
    second: keyPair('ES384', 'published-2'),
    published: [first.publicJwk] satisfies JWK[],
    answer: undefined,
    fetched: 0,
  };
  const partner: ClientPartner = {
    kind: 'client',
    isOperator: false,
    id: 'publisher',
    organisation: 'here',
    clientId: 'publisher',
    name: 'Publisher',
    scopes: ['system/Task.rs', 'system/Patient.r'],
    keys: { jwksUrl: `${address}/jwks` },
  };
  const server = await aFhirServer({ clients: [partner], limits: { tokensPerMinute: 100_000 } });
  const tokenUrl = `${server.url}/oauth/token`;

  const post: TokenTrial['post'] = async (form, headers = {}) => {
    const response = await fetch(tokenUrl, {
      method: 'POST',
      body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as TokenAnswer['body'] };
  };
  const assertion: TokenTrial['assertion'] = (changes = {}, signer = server.clients.here) =>
    signAssertion(signer, tokenUrl, server.now(), changes);

  return {
    server,
    publisher,
    tokenUrl,
    post,
    assertion,
    ask: async (changes, signer) => post(tokenForm(await assertion(changes, signer))),
    seconds: () => Math.floor(server.now() / 1000),
    pass: (ms) => server.setNow(new Date(server.now() + ms).toISOString()),
    async close() {
      await server.close();
      await new Promise((resolve) => jwks.close(resolve));
    },
  };
}

// The token endpoint (SMART App Launch 2.2.0 backend-services.html, client-confidential-asymmetric.html; RFC 6749 5;
// RFC 7523 3), and the attacks on it.

import { createHmac, createPublicKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, decodeProtectedHeader, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ClientPartner } from '../../../src/catalog/partner.ts';
import { aFhirServer, type FhirServer, keyPair, signAssertion, type TestClient } from '../../support/fhir-server.ts';

interface TokenAnswer {
  readonly access_token?: string;
  readonly token_type?: string;
  readonly expires_in?: number;
  readonly scope?: string;
  readonly error?: string;
}

let server: FhirServer;
let jwks: Server;
let published: { keys: JWK[] } = { keys: [] };
let fetched = 0;
let answerWith: (() => { status: number; headers?: Record<string, string>; body: string }) | undefined;
const first = keyPair('ES384', 'published-1');
const second = keyPair('ES384', 'published-2');
const publisher: TestClient = {
  clientId: 'publisher',
  organisation: 'here',
  privateJwk: first.privateJwk,
  alg: 'ES384',
};

beforeAll(async () => {
  jwks = createServer((_req, res) => {
    fetched += 1;
    const { status, headers = {}, body } = answerWith?.() ?? { status: 200, body: JSON.stringify(published) };
    res.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
  const { port } = jwks.address() as AddressInfo;
  const clients: ClientPartner[] = [
    {
      kind: 'client',
      id: 'publisher',
      organisation: 'here',
      clientId: 'publisher',
      name: 'Publisher',
      scopes: ['system/Task.rs', 'system/Patient.r'],
      keys: { jwksUrl: `http://127.0.0.1:${port}/jwks` },
    },
  ];
  server = await aFhirServer({ clients, limits: { tokensPerMinute: 100_000 } });
});
afterAll(async () => {
  await server.close();
  await new Promise((resolve) => jwks.close(resolve));
});
beforeEach(() => {
  answerWith = undefined;
});

const tokenUrl = () => `${server.url}/oauth/token`;

async function post(form: Record<string, string> | string, headers: Record<string, string> = {}) {
  const response = await fetch(tokenUrl(), {
    method: 'POST',
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as TokenAnswer };
}

const form = (assertion: string, changes: Record<string, string> = {}) => ({
  grant_type: 'client_credentials',
  scope: 'system/*.rs',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: assertion,
  ...changes,
});

type Changes = Parameters<typeof signAssertion>[3];
const assertion = (changes: Changes = {}, client: TestClient = server.clients.here) =>
  signAssertion(client, tokenUrl(), server.now(), changes);
const ask = async (changes: Changes = {}, client?: TestClient) => post(form(await assertion(changes, client)));
const seconds = () => Math.floor(server.now() / 1000);

describe('a grant', () => {
  test.each(['here', 'there'] as const)(
    'a client proves itself with ES384 or RS384 (%s) and gets a token for 300 seconds',
    async (which) => {
      const client = server.clients[which];
      const { status, headers, body } = await ask({}, client);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('pragma')).toBe('no-cache');
      expect(body).toMatchObject({ token_type: 'bearer', expires_in: 300, scope: 'system/*.rs' });
      expect(decodeProtectedHeader(body.access_token ?? '')).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: 'issuer-1' });
      expect(decodeJwt(body.access_token ?? '')).toMatchObject({
        iss: server.url,
        aud: server.base,
        sub: client.clientId,
        client_id: client.clientId,
        org: which,
        scope: 'system/*.rs',
        iat: seconds(),
        exp: seconds() + 300,
      });
    },
  );

  test('grants and refusals of a known client are audited', async () => {
    const before = (await server.audit()).length;
    await ask();
    await ask({ claims: { aud: 'https://elsewhere.example' } });
    await ask({ claims: { iss: 'nobody', sub: 'nobody' } });
    const rows = (await server.audit()).slice(before);
    expect(
      rows.map(({ organisation, actor, interaction, outcome }) => [organisation, actor, interaction, outcome]),
    ).toEqual([
      ['here', 'system:client-here', 'token', 0],
      ['here', 'system:client-here', 'token', 8],
    ]);
  });

  test('on a loopback connection the URL as it was called is an audience as well', async () => {
    const port = new URL(server.url).port;
    const called = `http://localhost:${port}/oauth/token`;
    const signed = await signAssertion(server.clients.here, called, server.now());
    const response = await fetch(called, { method: 'POST', body: new URLSearchParams(form(signed)) }).catch(
      () => undefined,
    );
    // Where localhost is IPv6 only, nothing listens; the configured address must then do.
    if (response !== undefined) expect(response.status).toBe(200);
    const foreign = await signAssertion(server.clients.here, 'http://localhost:1/oauth/token', server.now());
    expect((await post(form(foreign))).status).toBe(401);
  });
});

describe('scopes of a grant', () => {
  test.each([
    ['system/*.rs', 200, 'system/Task.rs system/Patient.r'],
    ['system/Task.read', 200, 'system/Task.read'],
    ['system/Task.cruds', 200, 'system/Task.rs'],
    ['system/Patient.rs system/Encounter.rs', 200, 'system/Patient.r'],
    ['system/Encounter.rs', 400, undefined],
    ['system/Task.sr', 400, undefined],
    ['system/Task.rs?status=ready', 400, undefined],
    ['user/Task.rs', 400, undefined],
    ['patient/*.rs', 400, undefined],
    ['openid', 400, undefined],
    ['', 400, undefined],
  ])('asked %j answers %i %j', async (scope, status, granted) => {
    published = { keys: [first.publicJwk] };
    const answer = await post(form(await assertion({}, publisher), { scope }));
    expect([answer.status, answer.body.scope]).toEqual([status, granted]);
    if (status === 400) expect(answer.body.error).toBe('invalid_scope');
  });
});

describe('requests that are not of the form (RFC 6749 5.2)', () => {
  const cases: [string, (assertion: string) => Record<string, string> | string, number, string][] = [
    ['another grant', (signed) => form(signed, { grant_type: 'password' }), 400, 'unsupported_grant_type'],
    ['no assertion type', (signed) => form(signed, { client_assertion_type: '' }), 400, 'invalid_request'],
    ['no assertion', () => form(''), 400, 'invalid_request'],
    ['a parameter twice', (signed) => `${new URLSearchParams(form(signed))}&scope=system/*.rs`, 400, 'invalid_request'],
    ['a broken escape', () => 'grant_type=%zz', 400, 'invalid_request'],
    ['another client_id', (signed) => form(signed, { client_id: 'client-there' }), 401, 'invalid_client'],
    ['a body that is too large', () => `grant_type=${'x'.repeat(20_000)}`, 400, 'invalid_request'],
  ];
  test.each(cases)('%s', async (_name, make, status, error) => {
    const answer = await post(make(await assertion()));
    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });

  test('JSON and GET are not taken', async () => {
    expect((await post('{}', { 'content-type': 'application/json' })).status).toBe(400);
    const response = await fetch(tokenUrl());
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('assertions that are refused (F-67)', () => {
  const refused: [string, Changes][] = [
    ['wrong audience', { claims: { aud: 'https://elsewhere.example/token' } }],
    ['audience is the FHIR base', { claims: { aud: 'BASE' } }],
    ['no audience', { claims: { aud: undefined } }],
    ['iss and sub differ', { claims: { sub: 'client-there' } }],
    ['unknown client', { claims: { iss: 'nobody', sub: 'nobody' } }],
    ['no jti', { claims: { jti: undefined } }],
    ['empty jti', { claims: { jti: '' } }],
    ['jti with a NUL', { claims: { jti: 'a\u0000b' } }],
    ['huge jti', { claims: { jti: 'x'.repeat(257) } }],
    ['no exp', { claims: { exp: undefined } }],
    ['expired', { claims: { exp: 1_000 } }],
    ['unknown kid', { header: { kid: 'never-heard' } }],
    ['no kid', { header: { kid: undefined } }],
    ['typ of an access token', { header: { typ: 'at+jwt' } }],
    ['jku that was not registered', { header: { jku: 'https://evil.example/jwks' } }],
  ];
  test.each(refused)('%s', async (_name, changes) => {
    const answer = await ask(changes);
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
  });

  test.each([
    [-61, 401],
    [-50, 200],
    [300, 200],
    [355, 200],
    [365, 401],
    [86_400, 401],
  ])('exp %i seconds from now answers %i', async (ahead, status) => {
    expect((await ask({ claims: { exp: seconds() + ahead } })).status).toBe(status);
  });

  test.each([
    ['iat', 90, 401],
    ['iat', 30, 200],
    ['nbf', 90, 401],
    ['nbf', 30, 200],
  ])('%s %i seconds in the future answers %i', async (claim, ahead, status) => {
    expect((await ask({ claims: { [claim]: seconds() + ahead } })).status).toBe(status);
  });

  test('a jti is accepted once, however fast the second comes', async () => {
    const signed = await assertion();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(form(signed))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status === 401 && body.error === 'invalid_client')).toHaveLength(7);
  });

  test('the same jti of another client is another assertion', async () => {
    const claims = { jti: 'shared-jti' };
    expect((await ask({ claims })).status).toBe(200);
    expect((await ask({ claims }, server.clients.there)).status).toBe(200);
    expect((await ask({ claims })).status).toBe(401);
  });

  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = () => ({
    iss: 'client-here',
    sub: 'client-here',
    aud: tokenUrl(),
    jti: `forged-${Math.random()}`,
    exp: seconds() + 100,
  });

  test('alg none, in any spelling, with or without a signature', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
      for (const signature of ['', 'AAAA']) {
        const forged = `${encode({ alg, typ: 'JWT', kid: 'here-1' })}.${encode(claims())}.${signature}`;
        expect((await post(form(forged))).status).toBe(401);
      }
    }
  });

  test('an HMAC with the public key as its secret', async () => {
    const key = createPublicKey({ key: server.clients.there.privateJwk as never, format: 'jwk' });
    for (const alg of ['HS256', 'HS384']) {
      for (const secret of [key.export({ format: 'pem', type: 'spki' }), key.export({ format: 'der', type: 'spki' })]) {
        const head = `${encode({ alg, typ: 'JWT', kid: 'there-1' })}.${encode({ ...claims(), iss: 'client-there', sub: 'client-there' })}`;
        const signature = createHmac(alg === 'HS256' ? 'sha256' : 'sha384', secret)
          .update(head)
          .digest('base64url');
        expect((await post(form(`${head}.${signature}`))).status).toBe(401);
      }
    }
  });

  test('another client’s key under this client’s kid, and a key that the token brings along', async () => {
    const stranger = keyPair('ES384', 'here-1');
    const imposter = { ...server.clients.here, privateJwk: stranger.privateJwk };
    expect((await ask({}, imposter)).status).toBe(401);
    expect((await ask({ header: { jwk: stranger.publicJwk } }, imposter)).status).toBe(401);
    const asThere = { ...server.clients.there, clientId: 'client-here', privateJwk: server.clients.there.privateJwk };
    expect((await ask({}, asThere)).status).toBe(401);
  });

  test('changed claims, truncated and huge tokens, and what is no token', async () => {
    const signed = await assertion();
    const [head, , signature] = signed.split('.');
    const changed = `${head}.${encode({ ...claims(), sub: 'client-here' })}.${signature}`;
    for (const bad of [
      changed,
      `${head}.`,
      'a.b.c',
      '..',
      'x',
      `${signed}.x`,
      signed.slice(0, -10),
      'x'.repeat(9_000),
    ]) {
      expect((await post(form(bad))).status).toBe(401);
    }
  });
});

describe('keys that a client publishes', () => {
  const minute = 60_000;
  const pass = (ms: number) => server.setNow(new Date(server.now() + ms).toISOString());

  test('are fetched once, kept, and fetched again for a new kid (rotation with overlap)', async () => {
    pass(120 * minute);
    published = { keys: [first.publicJwk] };
    const before = fetched;
    expect((await ask({}, publisher)).body.error).toBeUndefined();
    expect((await ask({}, publisher)).status).toBe(200);
    expect(fetched).toBe(before + 1);
    published = { keys: [first.publicJwk, second.publicJwk] };
    const rotated = { ...publisher, privateJwk: second.privateJwk };
    // Within thirty seconds nobody makes us fetch again.
    expect((await ask({}, rotated)).status).toBe(401);
    pass(minute);
    expect((await ask({}, rotated)).status).toBe(200);
    expect(fetched).toBe(before + 2);
  });

  test('a registered jku is taken; redirects, other statuses, large and broken answers are not', async () => {
    const { port } = jwks.address() as AddressInfo;
    pass(120 * minute);
    published = { keys: [first.publicJwk] };
    expect((await ask({ header: { jku: `http://127.0.0.1:${port}/jwks` } }, publisher)).status).toBe(200);
    const bad: NonNullable<typeof answerWith>[] = [
      () => ({ status: 302, headers: { location: `http://127.0.0.1:${port}/other` }, body: '' }),
      () => ({ status: 500, body: JSON.stringify(published) }),
      () => ({ status: 200, body: JSON.stringify({ keys: [first.publicJwk], padding: 'x'.repeat(70_000) }) }),
      () => ({ status: 200, body: '<html>' }),
      () => ({ status: 200, body: '{"keys":7}' }),
      () => ({ status: 200, body: '{"keys":[null,7,{}]}' }),
    ];
    for (const each of bad) {
      pass(180 * minute);
      answerWith = each;
      expect((await ask({}, publisher)).status).toBe(401);
    }
    answerWith = undefined;
    pass(minute);
    expect((await ask({}, publisher)).status).toBe(200);
  });

  test('while the address is away, keys known before stay good for an hour', async () => {
    pass(minute * 10);
    answerWith = () => ({ status: 500, body: '' });
    expect((await ask({}, publisher)).status).toBe(200);
    pass(minute * 120);
    expect((await ask({}, publisher)).status).toBe(401);
  });

  test('a symmetric, a too short or a foreign kind of key is never used', async () => {
    pass(120 * minute);
    published = {
      keys: [
        { kty: 'oct', k: 'c2VjcmV0', kid: 'published-1' },
        { ...first.publicJwk, use: 'enc' },
        { ...keyPair('ES256', 'published-1').publicJwk },
      ],
    };
    expect((await ask({}, publisher)).status).toBe(401);
  });
});

describe('housekeeping', () => {
  test('expired assertions are forgotten', async () => {
    await ask();
    server.setNow(new Date(server.now() + 3_600_000).toISOString());
    await ask();
    await expect
      .poll(
        async () =>
          (
            await server.owner.query(
              'select count(*)::int as count from client_assertion where expires_at < to_timestamp($1::float8 / 1000)',
              [server.now()],
            )
          ).rows[0].count,
      )
      .toBe(0);
  });

  test('nothing of an assertion or a token reaches the log', async () => {
    const signed = await assertion();
    const { body } = await post(form(signed));
    const log = JSON.stringify(server.lines);
    expect(log).not.toContain(signed.slice(0, 60));
    expect(log).not.toContain((body.access_token ?? 'none').slice(0, 60));
  });
});

describe('rate limit', () => {
  test('an address that asks too often is told to wait, and may ask again after a minute', async () => {
    const limited = await aFhirServer({ limits: { tokensPerMinute: 3 } });
    try {
      const once = async () =>
        (await fetch(`${limited.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({}) })).status;
      expect([await once(), await once(), await once(), await once()]).toEqual([400, 400, 400, 429]);
      limited.setNow(new Date(limited.now() + 60_000).toISOString());
      expect(await once()).toBe(400);
    } finally {
      await limited.close();
    }
  });
});

// Scopes: what a token may do (SMART App Launch 2.2.0 scopes-and-launch-context.html), and tokens that are none (RFC 6750).

import { createHmac } from 'node:crypto';
import { type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantScopes, parseScope, parseScopes, permits } from '../../../src/fhir/scopes.ts';
import { aCarePlan, aPatient, aProvenance, aTask } from '../../support/fhir-resources.ts';
import { aFhirServer, type Bundle, type FhirServer, keyPair } from '../../support/fhir-server.ts';

describe('reading scopes', () => {
  test.each([
    ['system/Task.rs', 'Task', 'rs'],
    ['system/*.cruds', '*', 'cruds'],
    ['system/Task.read', 'Task', 'rs'],
    ['system/Task.write', 'Task', 'cud'],
    ['system/*.*', '*', 'cruds'],
    ['system/Task.s', 'Task', 's'],
  ])('%s', (text, type, rights) => {
    expect(parseScope(text)).toEqual({ type, rights: rights.split('') });
  });

  test.each([
    'system/Task.sr',
    'system/Task.',
    'system/Task',
    'system/.rs',
    'system/task.rs',
    'system/Task.rr',
    'system/Task.rs?x=y',
    'user/Task.rs',
    'patient/Task.rs',
    'system/Task.Read',
    'system/Ta*k.rs',
    'launch',
    '',
    'system/Task.rs ',
    'System/Task.rs',
  ])('%j is none', (text) => expect(parseScope(text)).toBeUndefined());

  test.each([
    ['system/*.rs', 'system/*.cruds', 'system/*.rs'],
    ['system/*.read', 'system/*.rs', 'system/*.read'],
    ['system/*.*', 'system/*.rs', 'system/*.rs'],
    ['system/*.rs', 'system/Task.rs system/Patient.r', 'system/Task.rs system/Patient.r'],
    ['system/Task.cruds', 'system/*.rs', 'system/Task.rs'],
    ['system/Task.rs', 'system/Task.r system/*.s', 'system/Task.rs'],
    ['system/Task.c', 'system/*.rs', ''],
    ['system/Task.rs system/Task.rs', 'system/*.rs', 'system/Task.rs'],
    ['openid system/Task.r', 'system/*.rs', 'system/Task.r'],
  ])('asked %j, allowed %j, granted %j', (asked, allowed, granted) => {
    expect(grantScopes(asked, allowed)).toBe(granted);
  });

  test('rights of several scopes add up', () => {
    const scopes = parseScopes('system/Task.r system/Patient.s');
    expect(permits(scopes, 'Task', 'r')).toBe(true);
    expect(permits(scopes, 'Task', 's')).toBe(false);
    expect(permits(scopes, 'Patient', 's')).toBe(true);
    expect(permits(scopes, 'Encounter', 'r')).toBe(false);
  });
});

let server: FhirServer;
beforeAll(async () => {
  server = await aFhirServer();
  await server.keep(
    'here',
    aPatient('p1'),
    aCarePlan('c1', 'p1'),
    aTask('t1', 'p1', { basedOn: [{ reference: 'CarePlan/c1' }] }),
    aProvenance('v1', 'Patient/p1', 'Task/t1'),
  );
});
afterAll(() => server.close());

async function as(scope: string, path: string, init: RequestInit = {}) {
  const authorization = `Bearer ${await server.token(server.clients.here, scope)}`;
  const response = await fetch(`${server.base}/${path}`, {
    ...init,
    headers: { ...(init.headers as Record<string, string>), authorization },
  });
  return { response, body: (await response.json()) as Bundle };
}

describe('scopes on every interaction', () => {
  test.each([
    ['system/Task.r', 'Task/t1', 200],
    ['system/Task.s', 'Task/t1', 403],
    ['system/Patient.rs', 'Task/t1', 403],
    ['system/Task.r', 'Task/t1/_history/1', 200],
    ['system/Task.s', 'Task/t1/_history/1', 403],
    ['system/Task.r', 'Task/t1/_history', 200],
    ['system/Task.s', 'Task/t1/_history', 403],
    ['system/Task.s', 'Task?patient=p1', 200],
    ['system/Task.r', 'Task?patient=p1', 403],
    ['system/Task.r', 'Task?_summary=count', 403],
    ['system/Task.read', 'Task?patient=p1', 200],
    ['system/Task.read', 'Task/t1', 200],
    ['system/Task.write', 'Task/t1', 403],
    ['system/*.s', 'CarePlan?patient=p1', 200],
  ])('with %s, %s answers %i', async (scope, path, status) => {
    const { response, body } = await as(scope, path);
    expect(response.status).toBe(status);
    if (status === 403) {
      expect(body.issue?.[0]).toMatchObject({
        code: 'forbidden',
        details: { coding: [{ code: 'auth.scope-insufficient' }] },
      });
      expect(response.headers.get('www-authenticate')).toContain('insufficient_scope');
    }
  });

  test('a denial names the same whether the resource is there or not', async () => {
    const there = await as('system/Patient.rs', 'Task/t1');
    const not = await as('system/Patient.rs', 'Task/none');
    expect([not.response.status, not.body]).toEqual([there.response.status, there.body]);
  });

  test.each([
    ['system/Task.rs', '_include=Task:patient', 403],
    ['system/Task.rs system/Patient.r', '_include=Task:patient', 200],
    ['system/Task.rs system/Patient.s', '_include=Task:patient', 403],
    ['system/Task.rs system/CarePlan.r', '_include=Task:based-on', 200],
    ['system/Task.rs', '_revinclude=Provenance:target', 403],
    ['system/Task.rs system/Provenance.r', '_revinclude=Provenance:target', 403],
    ['system/Task.rs system/Provenance.s', '_revinclude=Provenance:target', 200],
  ])('with %s, Task?%s answers %i', async (scope, query, status) => {
    const { response, body } = await as(scope, `Task?_id=t1&${query}`);
    expect(response.status).toBe(status);
    if (status === 200) expect(body.entry).toHaveLength(2);
    else expect(JSON.stringify(body)).not.toContain('p1');
  });

  test('an inclusion with several targets brings only types that may be seen', async () => {
    const { body } = await as('system/Provenance.rs system/Task.r', 'Provenance?_id=v1&_include=Provenance:target');
    expect(body.entry?.map(({ resource }) => resource.resourceType)).toEqual(['Provenance', 'Task']);
  });

  test('denials are audited with outcome 8', async () => {
    const before = (await server.audit()).length;
    await as('system/Patient.rs', 'Task/t1');
    await as('system/Patient.rs', 'Task?patient=p1');
    await as('system/Task.rs', 'Task?_include=Task:patient');
    const rows = (await server.audit()).slice(before).filter(({ interaction }) => interaction !== 'token');
    expect(
      rows.map(({ interaction, outcome, resources, patients }) => [interaction, outcome, resources, patients]),
    ).toEqual([
      ['read', 8, ['Task/t1'], []],
      ['search-type', 8, ['Task'], []],
      ['search-type', 8, ['Task'], []],
    ]);
  });
});

describe('tokens (RFC 6750 3, RFC 9068 4; F-67)', () => {
  const paths = ['Task/t1', 'Task/t1/_history/1', 'Task/t1/_history', 'Task?patient=p1', 'Nonsense/x', 'Task/none', ''];

  test('no token, no data, at any address', async () => {
    for (const path of paths) {
      for (const headers of [
        {},
        { authorization: '' },
        { authorization: 'Basic dTpw' },
        { authorization: 'Bearer' },
        { authorization: 'Bearer a b' },
        { authorization: 'Bearer x.y.z' },
      ]) {
        const response = await fetch(`${server.base}/${path}`, { headers: headers as Record<string, string> });
        expect(response.status, path).toBe(401);
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="throughline"/);
        expect(((await response.json()) as Bundle).issue?.[0]?.code).toBe('login');
      }
    }
  });

  test('a token in the query is not taken', async () => {
    const token = await server.token(server.clients.here, 'system/*.rs');
    expect((await fetch(`${server.base}/Task/t1?access_token=${token}`)).status).not.toBe(200);
  });

  const claims = () => {
    const seconds = Math.floor(server.now() / 1000);
    return {
      iss: server.url,
      aud: server.base,
      sub: 'client-here',
      client_id: 'client-here',
      org: 'here',
      scope: 'system/*.rs',
      jti: 'x',
      iat: seconds,
      exp: seconds + 300,
    };
  };
  const sign = (changes: Record<string, unknown>, header: Record<string, unknown> = {}, key: JWK = server.issuerKey) =>
    new SignJWT(
      Object.fromEntries(Object.entries({ ...claims(), ...changes }).filter(([, value]) => value !== undefined)),
    )
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'issuer-1', ...header })
      .sign(key);
  const status = async (token: string) => (await server.get('Task/t1', { authorization: `Bearer ${token}` })).status;

  test('one of ours is taken', async () => expect(await status(await sign({}))).toBe(200));

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['another issuer', { iss: 'https://elsewhere.example' }, {}],
    ['another audience', { aud: 'https://elsewhere.example/fhir' }, {}],
    ['audience of the overview', { aud: 'app' }, {}],
    ['expired', { exp: 1_000 }, {}],
    ['no expiry', { exp: undefined }, {}],
    ['not yet valid', { nbf: 9_999_999_999 }, {}],
    ['no organisation', { org: undefined }, {}],
    ['an organisation that is not there', { org: 'nowhere' }, {}],
    ['a client of another organisation', { org: 'there' }, {}],
    ['a client that is not registered', { client_id: 'nobody' }, {}],
    ['scope that is no text', { scope: ['system/*.rs'] }, {}],
    ['another kid', {}, { kid: 'issuer-2' }],
    ['type of an assertion', {}, { typ: 'JWT' }],
    ['no type', {}, { typ: undefined }],
  ])('%s is refused', async (_name, changes, header) => {
    expect(await status(await sign(changes, header))).toBe(401);
  });

  test('alg none, an HMAC with the public key, a stranger’s key and a key that the token brings are refused', async () => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(await status(`${encode({ alg: 'none', typ: 'at+jwt', kid: 'issuer-1' })}.${encode(claims())}.`)).toBe(401);
    const { d: _d, ...publicJwk } = server.issuerKey;
    const head = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: 'issuer-1' })}.${encode(claims())}`;
    const signature = createHmac('sha256', JSON.stringify(publicJwk)).update(head).digest('base64url');
    expect(await status(`${head}.${signature}`)).toBe(401);
    const stranger = keyPair('ES256', 'issuer-1');
    expect(await status(await sign({}, {}, stranger.privateJwk))).toBe(401);
    expect(await status(await sign({}, { jwk: stranger.publicJwk }, stranger.privateJwk))).toBe(401);
  });

  test('huge tokens are refused unread', async () => {
    expect(await status('x'.repeat(10_000))).toBe(401);
    expect(await status(await sign({ padding: 'x'.repeat(5_000) }))).toBe(401);
  });

  test('a token that is known is refused from the second on in which it expires', async () => {
    const seconds = Math.floor(server.now() / 1000);
    const token = await sign({ exp: seconds + 10 });
    expect(await status(token)).toBe(200);
    server.setNow(new Date((seconds + 11) * 1000).toISOString());
    expect(await status(token)).toBe(401);
    expect(await status(token)).toBe(401);
  });
});

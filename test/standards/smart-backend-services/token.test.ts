// The token endpoint: grants, scopes, requests that are not of the form (SMART App Launch 2.2.0 backend-services.html;
// RFC 6749 5).

import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { aFhirServer, signAssertion } from '../../support/fhir-server.ts';
import { aTokenTrial, type TokenTrial, tokenForm } from '../../support/token-trial.ts';

let trial: TokenTrial;
beforeAll(async () => {
  trial = await aTokenTrial();
});
afterAll(() => trial.close());
beforeEach(() => {
  trial.publisher.answer = undefined;
});

describe('a grant', () => {
  test.each(['here', 'there'] as const)(
    'a client proves itself with ES384 or RS384 (%s) and gets a token for 300 seconds',
    async (which) => {
      const client = trial.server.clients[which];
      const { status, headers, body } = await trial.ask({}, client);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('pragma')).toBe('no-cache');
      expect(body).toMatchObject({ token_type: 'bearer', expires_in: 300, scope: 'system/*.rs' });
      expect(decodeProtectedHeader(body.access_token ?? '')).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: 'issuer-1' });
      expect(decodeJwt(body.access_token ?? '')).toMatchObject({
        iss: trial.server.url,
        aud: trial.server.base,
        sub: client.clientId,
        client_id: client.clientId,
        org: which,
        scope: 'system/*.rs',
        iat: trial.seconds(),
        exp: trial.seconds() + 300,
      });
    },
  );

  test('grants and refusals of a known client are audited', async () => {
    const before = (await trial.server.audit()).length;
    await trial.ask();
    await trial.ask({ claims: { aud: 'https://elsewhere.example' } });
    await trial.ask({ claims: { iss: 'nobody', sub: 'nobody' } });
    const rows = (await trial.server.audit()).slice(before);
    expect(
      rows.map(({ organisation, actor, interaction, outcome }) => [organisation, actor, interaction, outcome]),
    ).toEqual([
      ['here', 'system:client-here', 'token', 0],
      ['here', 'system:client-here', 'token', 8],
    ]);
  });

  test('on a loopback connection the URL as it was called is an audience as well', async () => {
    const port = new URL(trial.server.url).port;
    const called = `http://localhost:${port}/oauth/token`;
    const signed = await signAssertion(trial.server.clients.here, called, trial.server.now());
    const response = await fetch(called, { method: 'POST', body: new URLSearchParams(tokenForm(signed)) }).catch(
      () => undefined,
    );
    // Where localhost is IPv6 only, nothing listens; the configured address must then do.
    if (response !== undefined) expect(response.status).toBe(200);
    const foreign = await signAssertion(
      trial.server.clients.here,
      'http://localhost:1/oauth/token',
      trial.server.now(),
    );
    expect((await trial.post(tokenForm(foreign))).status).toBe(401);
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
    trial.publisher.published = [trial.publisher.first.publicJwk];
    const answer = await trial.post(tokenForm(await trial.assertion({}, trial.publisher.client), { scope }));
    expect([answer.status, answer.body.scope]).toEqual([status, granted]);
    if (status === 400) expect(answer.body.error).toBe('invalid_scope');
  });
});

describe('requests that are not of the form (RFC 6749 5.2)', () => {
  const cases: [string, (assertion: string) => Record<string, string> | string, number, string][] = [
    ['another grant', (signed) => tokenForm(signed, { grant_type: 'password' }), 400, 'unsupported_grant_type'],
    ['no assertion type', (signed) => tokenForm(signed, { client_assertion_type: '' }), 400, 'invalid_request'],
    ['no assertion', () => tokenForm(''), 400, 'invalid_request'],
    [
      'a parameter twice',
      (signed) => `${new URLSearchParams(tokenForm(signed))}&scope=system/*.rs`,
      400,
      'invalid_request',
    ],
    ['a broken escape', () => 'grant_type=%zz', 400, 'invalid_request'],
    ['another client_id', (signed) => tokenForm(signed, { client_id: 'client-there' }), 401, 'invalid_client'],
    ['a body that is too large', () => `grant_type=${'x'.repeat(20_000)}`, 400, 'invalid_request'],
  ];
  test.each(cases)('%s', async (_name, make, status, error) => {
    const answer = await trial.post(make(await trial.assertion()));
    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });

  test('JSON and GET are not taken', async () => {
    expect((await trial.post('{}', { 'content-type': 'application/json' })).status).toBe(400);
    const response = await fetch(trial.tokenUrl);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('housekeeping', () => {
  test('expired assertions are forgotten', async () => {
    await trial.ask();
    trial.server.setNow(new Date(trial.server.now() + 3_600_000).toISOString());
    await trial.ask();
    await expect
      .poll(
        async () =>
          (
            await trial.server.owner.query(
              'select count(*)::int as count from client_assertion where expires_at < to_timestamp($1::float8 / 1000)',
              [trial.server.now()],
            )
          ).rows[0].count,
      )
      .toBe(0);
  });

  test('nothing of an assertion or a token reaches the log', async () => {
    const signed = await trial.assertion();
    const { body } = await trial.post(tokenForm(signed));
    const log = JSON.stringify(trial.server.lines);
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

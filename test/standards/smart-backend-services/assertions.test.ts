// Client assertions that must be refused (SMART App Launch 2.2.0 client-confidential-asymmetric.html; RFC 7523 3).

import { createHmac, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keyPair } from '../../support/fhir-server.ts';
import { type AssertionChanges, aTokenTrial, type TokenTrial, tokenForm } from '../../support/token-trial.ts';

let trial: TokenTrial;
beforeAll(async () => {
  trial = await aTokenTrial();
});
afterAll(() => trial.close());
beforeEach(() => {
  trial.publisher.answer = undefined;
});

describe('assertions that are refused (F-67)', () => {
  const refused: [string, AssertionChanges][] = [
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
    const answer = await trial.ask(changes);
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
    expect((await trial.ask({ claims: { exp: trial.seconds() + ahead } })).status).toBe(status);
  });

  test.each([
    ['iat', 90, 401],
    ['iat', 30, 200],
    ['nbf', 90, 401],
    ['nbf', 30, 200],
  ])('%s %i seconds in the future answers %i', async (claim, ahead, status) => {
    expect((await trial.ask({ claims: { [claim]: trial.seconds() + ahead } })).status).toBe(status);
  });

  test('a jti is accepted once, however fast the second comes', async () => {
    const signed = await trial.assertion();
    const answers = await Promise.all(Array.from({ length: 8 }, () => trial.post(tokenForm(signed))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status === 401 && body.error === 'invalid_client')).toHaveLength(7);
  });

  test('the same jti of another client is another assertion', async () => {
    const claims = { jti: 'shared-jti' };
    expect((await trial.ask({ claims })).status).toBe(200);
    expect((await trial.ask({ claims }, trial.server.clients.there)).status).toBe(200);
    expect((await trial.ask({ claims })).status).toBe(401);
  });

  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = () => ({
    iss: 'client-here',
    sub: 'client-here',
    aud: trial.tokenUrl,
    jti: `forged-${Math.random()}`,
    exp: trial.seconds() + 100,
  });

  test('alg none, in any spelling, with or without a signature', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
      for (const signature of ['', 'AAAA']) {
        const forged = `${encode({ alg, typ: 'JWT', kid: 'here-1' })}.${encode(claims())}.${signature}`;
        expect((await trial.post(tokenForm(forged))).status).toBe(401);
      }
    }
  });

  test('an HMAC with the public key as its secret', async () => {
    const key = createPublicKey({ key: trial.server.clients.there.privateJwk as never, format: 'jwk' });
    for (const alg of ['HS256', 'HS384']) {
      for (const secret of [key.export({ format: 'pem', type: 'spki' }), key.export({ format: 'der', type: 'spki' })]) {
        const head = `${encode({ alg, typ: 'JWT', kid: 'there-1' })}.${encode({ ...claims(), iss: 'client-there', sub: 'client-there' })}`;
        const signature = createHmac(alg === 'HS256' ? 'sha256' : 'sha384', secret)
          .update(head)
          .digest('base64url');
        expect((await trial.post(tokenForm(`${head}.${signature}`))).status).toBe(401);
      }
    }
  });

  test('another client’s key under this client’s kid, and a key that the token brings along', async () => {
    const stranger = keyPair('ES384', 'here-1');
    const imposter = { ...trial.server.clients.here, privateJwk: stranger.privateJwk };
    expect((await trial.ask({}, imposter)).status).toBe(401);
    expect((await trial.ask({ header: { jwk: stranger.publicJwk } }, imposter)).status).toBe(401);
    const asThere = {
      ...trial.server.clients.there,
      clientId: 'client-here',
      privateJwk: trial.server.clients.there.privateJwk,
    };
    expect((await trial.ask({}, asThere)).status).toBe(401);
  });

  test('changed claims, truncated and huge tokens, and what is no token', async () => {
    const signed = await trial.assertion();
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
      expect((await trial.post(tokenForm(bad))).status).toBe(401);
    }
  });
});

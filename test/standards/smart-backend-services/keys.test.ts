// Keys that a client publishes at an address (SMART App Launch 2.2.0 client-confidential-asymmetric.html; RFC 7517).

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { keyPair } from '../../support/fhir-server.ts';
import { aTokenTrial, type Publisher, type TokenTrial } from '../../support/token-trial.ts';

let trial: TokenTrial;
beforeAll(async () => {
  trial = await aTokenTrial();
});
afterAll(() => trial.close());
beforeEach(() => {
  trial.publisher.answer = undefined;
});

describe('keys that a client publishes', () => {
  const minute = 60_000;

  test('are trial.publisher.fetched once, kept, and trial.publisher.fetched again for a new kid (rotation with overlap)', async () => {
    trial.pass(120 * minute);
    trial.publisher.published = [trial.publisher.first.publicJwk];
    const before = trial.publisher.fetched;
    expect((await trial.ask({}, trial.publisher.client)).body.error).toBeUndefined();
    expect((await trial.ask({}, trial.publisher.client)).status).toBe(200);
    expect(trial.publisher.fetched).toBe(before + 1);
    trial.publisher.published = [trial.publisher.first.publicJwk, trial.publisher.second.publicJwk];
    const rotated = { ...trial.publisher.client, privateJwk: trial.publisher.second.privateJwk };
    // Within thirty seconds nobody makes us fetch again.
    expect((await trial.ask({}, rotated)).status).toBe(401);
    trial.pass(minute);
    expect((await trial.ask({}, rotated)).status).toBe(200);
    expect(trial.publisher.fetched).toBe(before + 2);
  });

  test('a registered jku is taken; redirects, other statuses, large and broken answers are not', async () => {
    trial.pass(120 * minute);
    trial.publisher.published = [trial.publisher.first.publicJwk];
    expect(
      (await trial.ask({ header: { jku: `${trial.publisher.address}/jwks` } }, trial.publisher.client)).status,
    ).toBe(200);
    const bad: NonNullable<Publisher['answer']>[] = [
      () => ({ status: 302, headers: { location: `${trial.publisher.address}/other` }, body: '' }),
      () => ({ status: 500, body: JSON.stringify({ keys: trial.publisher.published }) }),
      () => ({
        status: 200,
        body: JSON.stringify({ keys: [trial.publisher.first.publicJwk], padding: 'x'.repeat(70_000) }),
      }),
      () => ({ status: 200, body: '<html>' }),
      () => ({ status: 200, body: '{"keys":7}' }),
      () => ({ status: 200, body: '{"keys":[null,7,{}]}' }),
    ];
    for (const each of bad) {
      trial.pass(180 * minute);
      trial.publisher.answer = each;
      expect((await trial.ask({}, trial.publisher.client)).status).toBe(401);
    }
    trial.publisher.answer = undefined;
    trial.pass(minute);
    expect((await trial.ask({}, trial.publisher.client)).status).toBe(200);
  });

  test('while the address is away, keys known before stay good for an hour', async () => {
    trial.pass(minute * 10);
    trial.publisher.answer = () => ({ status: 500, body: '' });
    expect((await trial.ask({}, trial.publisher.client)).status).toBe(200);
    trial.pass(minute * 120);
    expect((await trial.ask({}, trial.publisher.client)).status).toBe(401);
  });

  test('a symmetric, a too short or a foreign kind of key is never used', async () => {
    trial.pass(120 * minute);
    trial.publisher.published = [
      { kty: 'oct', k: 'c2VjcmV0', kid: 'published-1' },
      { ...trial.publisher.first.publicJwk, use: 'enc' },
      { ...keyPair('ES256', 'published-1').publicJwk },
    ];
    expect((await trial.ask({}, trial.publisher.client)).status).toBe(401);
  });
});

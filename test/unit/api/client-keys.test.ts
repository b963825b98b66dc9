// The key sets that clients publish: fetched with care, kept for a while, never trusted in form (RFC 7517).

import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClientKeys } from '../../../src/api/oauth/client-keys.ts';

const client = {
  organisation: 'riverside-practice',
  clientId: 'ehr',
  scopes: ['system/*.rs'],
  keys: { jwksUrl: 'https://ehr.example/keys' },
} as const;
const key = (kid: string) => ({ kty: 'EC', crv: 'P-384', kid, x: 'x', y: 'y' });

let now = 0;
let failures: string[] = [];
const keys = () =>
  createClientKeys(
    () => now,
    (name) => failures.push(name),
  );

beforeEach(() => {
  now = 1_000_000;
  failures = [];
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

const publishes = () => nock('https://ehr.example').get('/keys');

describe('a published key set', () => {
  it('is asked for once while it is fresh', async () => {
    publishes().reply(200, { keys: [key('a')] }, { 'cache-control': 'max-age=600' });
    const found = keys();
    expect(await found.find(client, 'a')).toEqual([key('a')]);
    now += 500_000;
    expect(await found.find(client, 'a')).toEqual([key('a')]);
    expect(failures).toEqual([]);
  });

  it('is asked for again for a key that it did not hold, but not at once', async () => {
    publishes().reply(200, { keys: [key('a')] });
    const found = keys();
    expect(await found.find(client, 'b')).toEqual([]);
    now += 29_000;
    expect(await found.find(client, 'b')).toEqual([]);
    publishes().reply(200, { keys: [key('a'), key('b')] });
    now += 2_000;
    expect(await found.find(client, 'b')).toEqual([key('b')]);
  });

  it('may hold keys that are not of the form; the others count', async () => {
    publishes().reply(200, { keys: [null, 'x', { kty: 'oct', kid: 'a', k: 'c2VjcmV0' }, { kty: 'EC' }, key('a')] });
    expect(await keys().find(client, 'a')).toEqual([key('a')]);
  });

  it.each([
    ['an error', 500, 'away'],
    ['a page', 200, '<html></html>'],
    ['something else', 200, '{"keys":"none"}'],
    ['far too much', 200, `{"keys":["${'x'.repeat(70_000)}"]}`],
  ])('that answers with %s gives no key, and the failure is told', async (_what, status, body) => {
    publishes().reply(status, body);
    expect(await keys().find(client, 'a')).toEqual([]);
    expect(failures).toEqual(['ehr']);
  });

  it('that answers with a redirect is not followed', async () => {
    publishes().reply(302, '', { location: 'https://elsewhere.example/keys' });
    const elsewhere = nock('https://elsewhere.example')
      .get('/keys')
      .reply(200, { keys: [key('a')] });
    expect(await keys().find(client, 'a')).toEqual([]);
    expect(elsewhere.isDone()).toBe(false);
  });

  it('that fails later leaves the keys known before', async () => {
    publishes().reply(200, { keys: [key('a')] }, { 'cache-control': 'max-age=60' });
    const found = keys();
    await found.find(client, 'a');
    now += 61_000;
    publishes().reply(503, 'away');
    expect(await found.find(client, 'a')).toEqual([key('a')]);
    expect(failures).toEqual(['ehr']);
  });
});

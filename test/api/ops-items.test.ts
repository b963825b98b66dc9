// What operators see and do at /ops/items and /ops/feeds.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClientPartner } from '../../src/catalog/partner.ts';
import { openItems } from '../../src/store/ops-items.ts';
import { aFhirServer, type FhirServer, keyPair, type TestClient } from '../support/fhir-server.ts';

const keys = keyPair('ES384', 'operator-1');
const partner = (organisation: string): ClientPartner => ({
  kind: 'client',
  isOperator: true,
  id: `operator-${organisation}`,
  organisation,
  clientId: `operator-${organisation}`,
  name: 'Operator',
  scopes: ['system/*.rs'],
  keys: { jwks: { keys: [keys.publicJwk as Record<string, unknown>] } },
});
const client = (organisation: string): TestClient => ({
  clientId: `operator-${organisation}`,
  organisation,
  privateJwk: keys.privateJwk,
  alg: 'ES384',
});

interface Shown {
  readonly items: readonly { readonly id: number; readonly kind: string }[];
  readonly feeds: readonly unknown[];
}

let server: FhirServer;
beforeAll(async () => {
  server = await aFhirServer({ clients: [partner('here'), partner('there')] });
  const item = (kind: string, key: string) => ({ kind, key, owner: 'nurse', details: { partner: key } });
  await openItems(server.database('here'), [item('quiet-feed', 'hospital'), item('match-review', '7')], server.now());
});
afterAll(() => server.close());

async function ops(path: string, body?: unknown, organisation = 'here'): Promise<{ status: number; json: Shown }> {
  const authorization = `Bearer ${await server.token(client(organisation), 'system/*.rs')}`;
  const response = await fetch(`${server.url}/ops${path}`, {
    headers: { authorization },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as Shown };
}

test('items are listed newest first, by state and kind; another organisation sees none', async () => {
  expect((await ops('/items')).json.items.map(({ kind }) => kind)).toEqual(['match-review', 'quiet-feed']);
  expect((await ops('/items?kind=quiet-feed')).json.items).toMatchObject([
    { key: 'hospital', state: 'open', details: { partner: 'hospital' } },
  ]);
  expect((await ops('/items?state=closed')).json.items).toEqual([]);
  expect((await ops('/items?state=lost')).status).toBe(400);
  expect((await ops('/items', undefined, 'there')).json.items).toEqual([]);
});

test('an item is taken in hand, given to somebody and closed, each act with its audit row', async () => {
  const id = (await ops('/items?kind=quiet-feed')).json.items[0]?.id;
  expect((await ops(`/items/${id}/acknowledge`, { by: 'anna', note: 'calling them' })).json).toMatchObject({
    state: 'acknowledged',
    acknowledgedBy: 'anna',
    assigned: 'anna',
    note: 'calling them',
  });
  expect((await ops(`/items/${id}/assign`, { assigned: 'ben' })).json).toMatchObject({ assigned: 'ben' });
  expect((await ops(`/items/${id}/assign`, { owner: 'nobody' })).status).toBe(400);
  expect((await ops(`/items/${id}/close`, {})).status).toBe(400);
  expect((await ops(`/items/${id}/close`, { by: 'ben', why: 'x' })).status).toBe(400);
  expect((await ops(`/items/${id}/close`, { by: 'ben' })).json).toMatchObject({ state: 'closed', closedBy: 'ben' });
  expect((await ops(`/items/${id}/close`, { by: 'ben' })).status).toBe(409);
  expect((await ops(`/items/${id}`)).json).toMatchObject({ state: 'closed' });
  expect((await ops(`/items/${id}`, undefined, 'there')).status).toBe(404);
  expect((await ops('/items/999/close', { by: 'ben' })).status).toBe(404);
  expect(
    (await server.audit())
      .filter(({ action }) => action === 'U')
      .map(({ interaction, resources }) => [interaction, resources]),
  ).toEqual([
    ['ops item acknowledge', [`OpsItem/${id}`]],
    ['ops item assign', [`OpsItem/${id}`]],
    ['ops item close', [`OpsItem/${id}`]],
  ]);
});

test('feeds are shown with what was expected and what came', async () => {
  await server.owner.query(
    "insert into feed_hour values ('here', 'hospital', '2026-11-22T14:00:00Z', 40, 4, 2, '2026-11-22T14:50:00Z')",
  );
  const { json } = await ops('/feeds');
  expect(json.feeds).toMatchObject([
    {
      partner: 'hospital',
      lastMessageAt: '2026-11-22T14:50:00.000Z',
      isQuiet: false,
      isLearned: false,
      lastHour: { received: 40, parked: 4, unmapped: 2 },
      thisHour: { expected: 0, got: 0 },
    },
  ]);
});

// The panel over HTTP: preview, guards, apply once and only to what was compared, look-ups, opt-outs; each organisation
// its own.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ClientPartner, FeedPartner } from '../../src/catalog/partner.ts';
import { aFhirServer, type FhirServer, keyPair, type TestClient } from '../support/fhir-server.ts';

const mrn = 'https://hospital.example/mrn';
const operatorOf = (organisation: 'here' | 'there') => {
  const keys = keyPair('ES384', `operator-${organisation}`);
  const id = `operator-${organisation}`;
  const partner: ClientPartner = {
    kind: 'client',
    isOperator: true,
    id,
    organisation,
    clientId: id,
    name: id,
    scopes: ['system/*.rs'],
    keys: { jwks: { keys: [keys.publicJwk as Record<string, unknown>] } },
  };
  const client: TestClient = { clientId: id, organisation, privateJwk: keys.privateJwk, alg: 'ES384' };
  return { partner, client };
};
const [here, there] = [operatorOf('here'), operatorOf('there')];

const feed = (organisation: string) =>
  ({
    kind: 'feed',
    id: `hospital-${organisation}`,
    organisation,
    dialect: { partner: `hospital-${organisation}`, defaultAuthority: { uri: mrn, name: 'H' }, authorities: {} },
  }) as unknown as FeedPartner;

let server: FhirServer;
beforeAll(async () => {
  server = await aFhirServer({ clients: [here.partner, there.partner], feeds: [feed('here'), feed('there')] });
});
afterAll(() => server.close());
beforeEach(async () => {
  await server.owner.query('truncate panel_member, panel_load, panel_opt_out, panel_kept, audit');
  server.setNow('2026-11-22T15:00:00Z');
});

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of several shapes.
  readonly body: any;
}

async function ask(
  method: 'GET' | 'POST',
  path: string,
  body?: string | object,
  { as = here.client, type = typeof body === 'string' ? 'text/csv' : 'application/json' } = {},
): Promise<Answer> {
  const response = await fetch(`${server.url}/ops/panel/${path}`, {
    method,
    headers: { authorization: `Bearer ${await server.token(as, 'system/*.rs')}`, 'content-type': type },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const csv = (...ids: (string | number)[]): string => `identifier,family\n${ids.map((id) => `${id},Winter\n`).join('')}`;

async function load(text: string, query = '', accept: string[] = []): Promise<Answer> {
  const { body } = await ask('POST', `loads${query}`, text);
  return ask('POST', `loads/${body.id}/apply`, { accept });
}

const standing = async (): Promise<string[]> => {
  const { rows } = await server.owner.query<{ value: string }>(
    `select value from panel_member where until_day is null and organisation = 'here' order by value`,
  );
  return rows.map(({ value }) => value);
};

describe('a load', () => {
  test('is shown before it changes anything, and then changes exactly that', async () => {
    await load(csv(1, 2, 3));
    const preview = await ask('POST', 'loads?source=november', csv(2, 3, 4).replace('3,Winter', '3,Spring'));
    expect(preview.status).toBe(201);
    expect(preview.body).toMatchObject({
      state: 'previewed',
      source: 'november',
      mode: 'replace',
      asOf: '2026-11-22',
      guards: [],
      counts: { rows: 3, added: 1, removed: 1, changed: 1, unchanged: 1, unreadable: 0 },
      samples: {
        added: [{ value: '4' }],
        removed: [{ value: '1' }],
        changed: [{ before: { family: 'Winter' }, after: { family: 'Spring' } }],
      },
    });
    expect(await standing()).toEqual(['1', '2', '3']);
    const applied = await ask('POST', `loads/${preview.body.id}/apply`);
    expect([applied.status, applied.body.state, applied.body.replayed]).toEqual([200, 'applied', 0]);
    expect(await standing()).toEqual(['2', '3', '4']);
    expect((await ask('POST', `loads/${preview.body.id}/apply`)).status).toBe(409);
    const found = await ask('POST', 'members/search', { identifier: '1' });
    expect(found.body.members).toMatchObject([{ until: '2026-11-21', endedBy: preview.body.id }]);
  });

  test('that was compared with another panel is not applied', async () => {
    const first = await ask('POST', 'loads', csv(1, 2));
    const second = await ask('POST', 'loads', csv(1, 2, 3));
    expect((await ask('POST', `loads/${first.body.id}/apply`)).status).toBe(200);
    const late = await ask('POST', `loads/${second.body.id}/apply`);
    expect([late.status, late.body.detail]).toEqual([
      409,
      expect.stringContaining('the panel has changed since this preview'),
    ]);
    expect(await standing()).toEqual(['1', '2']);
  });

  test('of two applied at once, one is', async () => {
    const previews = await Promise.all([ask('POST', 'loads', csv(1)), ask('POST', 'loads', csv(2))]);
    const answers = await Promise.all(previews.map(({ body }) => ask('POST', `loads/${body.id}/apply`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await standing()).toHaveLength(1);
  });

  test('to be added leaves the others where they are', async () => {
    await load(csv(1, 2));
    expect((await load(csv(3), '?mode=add')).status).toBe(200);
    expect(await standing()).toEqual(['1', '2', '3']);
  });

  test.each([
    ['empty-file', '', 'names nobody'],
    ['half-size', csv(1), '% of them'],
    ['unreadable-rows', `${csv(1, 2, 3, 4)},x\n`, 'mend them'],
    ['duplicate-rows', csv(1, 2, 3, 4, 4), 'stand once'],
    ['shared-identifiers', `${csv(1, 2, 3, 4)}4,Autumn\n`, 'one person’s'.replace('’', "'")],
    ['same-file', csv(1, 2, 3, 4), 'a new one should differ'],
    ['older-file', csv(1, 2, 3, 4, 5), 'should be newer', '?as-of=2026-11-21'],
  ])('refused for %s says so, and is applied when it is named', async (code, text, sentence, query = '') => {
    await load(csv(1, 2, 3, 4));
    const preview = await ask('POST', `loads${query}`, text);
    expect(preview.body.guards).toEqual([{ code, says: expect.stringContaining(sentence) }]);
    const refused = await ask('POST', `loads/${preview.body.id}/apply`);
    expect([refused.status, refused.body.error]).toEqual([409, 'ops.conflict']);
    expect(refused.body.detail).toContain(sentence);
    expect(refused.body.detail).toContain(`accept ${code}`);
    expect(await standing()).toEqual(['1', '2', '3', '4']);
    expect((await ask('POST', `loads/${preview.body.id}/apply`, { accept: [code] })).status).toBe(200);
  });

  test('of the same file twice changes nothing', async () => {
    await load(csv(1, 2));
    const again = await ask('POST', 'loads', csv(1, 2));
    expect(again.body.counts).toMatchObject({ added: 0, removed: 0, changed: 0, unchanged: 2 });
  });

  test('may be a FHIR Group', async () => {
    const group = {
      resourceType: 'Group',
      type: 'person',
      actual: true,
      contained: [
        {
          resourceType: 'Patient',
          id: 'a',
          identifier: [
            { system: mrn, value: '1' },
            { system: 'urn:other', value: '2' },
          ],
        },
      ],
      member: [{ entity: { reference: '#a' } }],
    };
    const preview = await ask('POST', 'loads', group, { type: 'application/fhir+json' });
    expect(preview.body.counts).toMatchObject({ identifiers: 2, persons: 1, added: 2 });
    await ask('POST', `loads/${preview.body.id}/apply`);
    expect((await ask('GET', 'members?identifier=1')).body.members).toHaveLength(2);
  });

  test('with what no database takes names those rows unreadable, and the others are applied', async () => {
    await load(csv(1, 2, 3));
    const apply = ({ body }: Answer) => ask('POST', `loads/${body.id}/apply`, { accept: ['unreadable-rows'] });
    const list = 'identifier,family,from\n1,Winter,\n2,Win\u0000ter,\n3,Winter,0001-01-01\n4,Spring,0000-01-01\n';
    const preview = await ask('POST', 'loads?mode=add', list);
    expect(preview.body.samples.unreadable.map(({ line }: { line: number }) => line)).toEqual([3, 4, 5]);
    expect((await apply(preview)).status).toBe(200);
    const member = ['5', '\ud800', '\u0000'].map((value) => ({ entity: { identifier: { system: mrn, value } } }));
    const group = { resourceType: 'Group', type: 'person', actual: true, member };
    const second = await ask('POST', 'loads?mode=add', group, { type: 'application/fhir+json' });
    expect(second.body.counts).toMatchObject({ added: 1, unreadable: 2 });
    expect((await apply(second)).status).toBe(200);
    expect(await standing()).toEqual(['1', '2', '3', '5']);
  });

  test.each([
    ['loads?mode=all', csv(1), 'text/csv', 400],
    ['loads?as-of=today', csv(1), 'text/csv', 400],
    ['loads?sauce=x', csv(1), 'text/csv', 400],
    ['loads', csv(1), 'text/plain', 415],
    ['loads', 'no header', 'text/csv', 400],
    ['loads', '{}', 'application/fhir+json', 400],
    ['loads/0/apply', '{"accept":["half"]}', 'application/json', 400],
    ['loads/0/apply', '', 'application/json', 404],
    ['members/search', '{}', 'application/json', 400],
    ['opt-outs', '{"identifier":"1","until":"2020-01-01"}', 'application/json', 400],
    ['opt-outs/withdraw', '{"identifier":"1"}', 'application/json', 409],
  ])('badly asked at %s is refused', async (path, body, type, status) => {
    expect((await ask('POST', path, body, { type })).status).toBe(status);
  });

  test('of 100,000 rows is read, compared and applied in seconds', async () => {
    const rows = Array.from(
      { length: 100_000 },
      (_, at) => `${1_000_000 + at},Winter,Ada,1955-01-02,1234567893,Dr. Summer\n`,
    );
    const text = `identifier,family,given,birth-date,practitioner-npi,practitioner-name\n${rows.join('')}`;
    const from = performance.now();
    const preview = await ask('POST', 'loads', text);
    const shown = performance.now();
    expect(preview.body.counts).toMatchObject({ rows: 100_000, added: 100_000 });
    expect((await ask('POST', `loads/${preview.body.id}/apply`)).status).toBe(200);
    const applied = performance.now();
    const next = await ask('POST', 'loads', text.replaceAll('5,Winter', '5,Spring'));
    expect(next.body.counts).toMatchObject({ changed: 10_000, unchanged: 90_000 });
    const compared = performance.now();
    console.log(
      `100,000 rows: shown in ${Math.round(shown - from)} ms, applied in ${Math.round(applied - shown)} ms, compared with as many in ${Math.round(compared - applied)} ms`,
    );
    expect(compared - from).toBeLessThan(40_000);
  }, 60_000);
});

describe('who may see and do what', () => {
  test('no organisation sees another’s loads, members, opt-outs', async () => {
    await load(csv(1));
    await ask('POST', 'opt-outs', { identifier: '1' });
    const id = (await ask('GET', 'loads')).body.loads[0].id as number;
    const as = there.client;
    expect((await ask('GET', 'loads', undefined, { as })).body.loads).toEqual([]);
    expect((await ask('GET', `loads/${id}`, undefined, { as })).status).toBe(404);
    expect((await ask('POST', `loads/${id}/apply`, undefined, { as })).status).toBe(404);
    expect((await ask('POST', 'members/search', { identifier: '1' }, { as })).body).toEqual({
      members: [],
      optOuts: [],
      patients: [],
    });
    expect((await ask('GET', 'stats', undefined, { as })).body).toMatchObject({ identifiers: 0, optOuts: 0 });
    expect((await ask('POST', 'loads', csv(1), { as })).body.guards).toEqual([]);
  });

  test('a client that is no operator is turned away', async () => {
    expect((await ask('GET', 'loads', undefined, { as: server.clients.here })).status).toBe(403);
  });

  test('every load, apply, look and opt-out leaves its audit row; no log holds a name', async () => {
    await load(csv(1));
    await ask('POST', 'members/search', { identifier: '1' });
    await ask('POST', 'opt-outs', { identifier: '1' });
    await ask('POST', 'opt-outs/withdraw', { identifier: '1' });
    const rows = (await server.audit()).filter(({ actor }) => actor === 'system:operator-here');
    expect(rows.map(({ action, interaction }) => `${action} ${interaction}`)).toEqual([
      'C panel load',
      'U panel apply',
      'R ops panel members',
      'U opt-out',
      'U opt-out withdrawn',
    ]);
    expect(JSON.stringify(server.lines)).not.toContain('Winter');
  });
});

describe('an opt-out', () => {
  test('is recorded for every identifier of the person, and withdrawn from a day on', async () => {
    await load(`identifier,authority,person\n1,,p\n2,urn:other,p\n3,,q\n`);
    const given = await ask('POST', 'opt-outs', { identifier: '1', note: 'by phone' });
    expect(given.status).toBe(201);
    expect(given.body.optOuts.map(({ value }: { value: string }) => value).sort()).toEqual(['1', '2']);
    server.setNow('2026-11-24T15:00:00Z');
    expect((await ask('GET', 'stats')).body).toMatchObject({ identifiers: 3, persons: 2, optOuts: 2 });
    const withdrawn = await ask('POST', 'opt-outs/withdraw', { identifier: '2', authority: 'urn:other' });
    expect(withdrawn.body.optOuts).toMatchObject([{ until: '2026-11-23' }, { until: '2026-11-23' }]);
    expect((await ask('GET', 'stats')).body).toMatchObject({ optOuts: 0 });
  });
});

// Two organisations on one database: no route shows, counts, orders or names anything of the other (F-60, F-61).

import { afterAll, beforeAll, expect, test } from 'vitest';
import { appLink } from '../../src/api/ops/app-session.ts';
import { resourceTypes, searchParams } from '../../src/fhir/search-params.ts';
import { aCarePlan, anEncounter, aPatient, aProvenance, aTask } from '../support/fhir-resources.ts';
import { aFhirServer, type Bundle, type FhirServer } from '../support/fhir-server.ts';

const marked = 'MARKED-THERE';
let server: FhirServer;
beforeAll(async () => {
  server = await aFhirServer();
  await server.keep('here', aPatient('shared'), aTask('own', 'shared'));
  await server.keep(
    'there',
    aPatient('shared', { name: [{ family: marked }] }),
    aPatient('p9', { name: [{ family: marked }] }),
    anEncounter('e9', 'p9', { identifier: [{ system: 'urn:x', value: marked }] }),
    aCarePlan('c9', 'p9', { title: marked }),
    aTask('t9', 'p9', {
      description: marked,
      encounter: { reference: 'Encounter/e9' },
      basedOn: [{ reference: 'CarePlan/c9' }],
    }),
    aTask('t10', 'shared', { description: marked }),
    aProvenance('v9', 'Patient/p9', 'Task/t9'),
  );
});
afterAll(() => server.close());

const ids = { Patient: 'p9', Encounter: 'e9', CarePlan: 'c9', Task: 't9', Provenance: 'v9' };

test('reads, versions and histories of the other organisation are as unknown as what never was', async () => {
  for (const [type, id] of Object.entries(ids)) {
    for (const path of ['', '/_history/1', '/_history']) {
      const theirs = await server.get(`${type}/${id}${path}`);
      const nobody = await server.get(`${type}/nobody${path}`);
      expect([theirs.status, await theirs.text()]).toEqual([nobody.status, await nobody.text()]);
      expect(theirs.status).toBe(404);
    }
  }
});

test('an id that both have is each one’s own', async () => {
  expect(await (await server.get('Patient/shared')).text()).not.toContain(marked);
  const authorization = `Bearer ${await server.token(server.clients.there, 'system/*.rs')}`;
  expect(await (await server.get('Patient/shared', { authorization })).text()).toContain(marked);
});

test('every parameter of every type, every order, inclusion and total sees nothing of the other', async () => {
  const values: Record<string, string> = {
    token: `${marked},p9,t9,e9,c9,v9,ready,first-contact,IMP,true`,
    reference: 'p9,t9,e9,c9,v9',
    date: 'ge1900,lt2900',
    uri: 'https://throughline.example/fhir/PlanDefinition/transitional-care',
  };
  for (const type of resourceTypes) {
    const queries = [
      '',
      '_total=accurate',
      '_summary=count',
      '_sort=-_lastUpdated',
      ...searchParams[type].map(({ name, kind }) => `${name}=${encodeURIComponent(values[kind] ?? '')}`),
      ...searchParams[type].filter(({ kind }) => kind === 'reference').map(({ name }) => `_include=${type}:${name}`),
    ];
    for (const query of queries) {
      const response = await server.get(`${type}?${query}`);
      const { entry = [], total } = (await response.json()) as Bundle;
      const text = JSON.stringify(entry);
      expect(text, `${type}?${query}`).not.toContain(marked);
      expect(text, `${type}?${query}`).not.toMatch(/"id":"(?:p9|t9|t10|e9|c9|v9)"/);
      expect(total ?? 0, `${type}?${query}`).toBeLessThanOrEqual(1);
    }
  }
  const along = await server.search('Patient?_id=shared&_revinclude=Task:patient&_revinclude=Provenance:target');
  expect(along.bundle.entry?.map(({ resource }) => resource.id)).toEqual(['shared', 'own']);
});

test('a cursor of the other organisation shows nothing of it', async () => {
  const authorization = `Bearer ${await server.token(server.clients.there, 'system/*.rs')}`;
  const theirs = await server.search('Task?_count=1', { authorization });
  const next = theirs.bundle.link?.find(({ relation }) => relation === 'next')?.url ?? '';
  expect((await server.search(next, { authorization })).ids).toEqual(['t9']);
  expect((await server.search(next)).ids).toEqual([]);
});

test('the overview shows the organisation of its link', async () => {
  const signing = {
    issuerKey: server.issuerKey,
    publicUrl: server.url,
    now: server.now,
    newId: () => `link-${Math.random()}` as never,
  };
  for (const [organisation, sees] of [
    ['here', false],
    ['there', true],
  ] as const) {
    server.setNow('2026-11-24T15:00:00Z');
    const opened = await fetch(await appLink(signing, organisation), { redirect: 'manual' });
    const page = await fetch(`${server.url}/app/`, {
      headers: { cookie: opened.headers.get('set-cookie')?.split(';')[0] ?? '' },
    });
    expect([page.status, (await page.text()).includes(marked)]).toEqual([200, sees]);
  }
});

test('audit rows are kept by organisation', async () => {
  const seen = await server
    .database('here')
    .query<{ organisation: string }>('', 'select distinct organisation from audit', []);
  expect(seen).toEqual([{ organisation: 'here' }]);
});

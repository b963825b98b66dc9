// What comes along with a page, POST _search, the audit row of every search (FHIR R4 search.html#include, #revinclude,
// http.html#search), and a client that others wrote.

import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPatient, aTask } from '../../support/fhir-resources.ts';
import type { Bundle, FhirServer } from '../../support/fhir-server.ts';
import { aWorklist, linkOf } from '../../support/worklist.ts';

let server: FhirServer;
beforeAll(async () => {
  server = await aWorklist();
});
afterAll(() => server.close());

const included = (bundle: Bundle) =>
  (bundle.entry ?? [])
    .filter(({ search }) => search?.mode === 'include')
    .map(({ resource }) => `${resource.resourceType}/${resource.id}`);

describe('what comes along', () => {
  test.each([
    ['Task?_id=t01&_include=Task:patient', ['Patient/p1']],
    ['Task?_id=t01&_include=Task:subject&_include=Task:patient', ['Patient/p1']],
    ['Task?_id=t01&_include=Task:based-on&_include=Task:encounter', ['CarePlan/c1', 'Encounter/e1']],
    ['Task?_id=t01&_include=Task:based-on:ServiceRequest', []],
    ['Task?_id=t01&_include=Task:owner', []],
    ['Task?_id=t01&_revinclude=Provenance:target', ['Provenance/v1']],
    ['Patient?_id=p2&_revinclude=Provenance:patient', ['Provenance/v2']],
    ['Patient?_id=p1&_revinclude=CarePlan:patient', ['CarePlan/c1']],
    ['Provenance?_id=v1&_include=Provenance:target', ['Patient/p1', 'Task/t01', 'Task/t03']],
    ['Provenance?_id=v1&_include=Provenance:target:Task', ['Task/t01', 'Task/t03']],
  ])('%s', async (path, expected) => {
    const { bundle, status } = await server.search(path);
    expect([status, included(bundle)]).toEqual([200, expected]);
  });

  test('a resource that matches is not included again, and the total counts matches alone', async () => {
    const { bundle, ids } = await server.search('CarePlan?_id=c1&_include=CarePlan:patient&_revinclude=Task:based-on');
    expect(ids).toEqual(['c1']);
    expect(bundle.total).toBe(1);
    expect(included(bundle)).toHaveLength(24);
  });

  test.each([
    '_include=*',
    '_include=Task:*',
    '_include=Task',
    '_include=Encounter:patient',
    '_include=Task:status',
    '_include=Task:nothing',
    '_include=Task:patient:Encounter',
    '_include=Task:patient:Patient:x',
    '_include:iterate=Task:patient',
    '_revinclude=*',
    '_revinclude=Encounter:patient',
    '_revinclude=Task:owner',
  ])('Task?%s is refused', async (query) => {
    expect((await server.search(`Task?${query}`)).status).toBe(400);
  });

  test('more resources along than a page may hold are refused, not cut off', async () => {
    const tasks = Array.from({ length: 2001 }, (_, at) => aTask(`bulk-${at}`, 'p-bulk'));
    await server.keep('here', aPatient('p-bulk'));
    const rows = tasks.map((task) => JSON.stringify(task));
    await server.owner.query(
      `insert into resource (organisation, type, id, version, updated_at, patient, status, code, digest, body)
       select 'here', 'Task', b::json->>'id', 1, now(), 'p-bulk', 'cancelled', '{}', 'd', b from unnest($1::text[]) as b`,
      [rows],
    );
    const refused = await server.search('Patient?_id=p-bulk&_revinclude=Task:patient');
    expect([refused.status, refused.bundle.issue?.[0]?.code]).toEqual([429, 'too-costly']);
    // A total above a thousand is not told unless it is asked for.
    expect((await server.search('Task?patient=p-bulk&_count=1')).bundle.total).toBeUndefined();
    expect((await server.search('Task?patient=p-bulk&_count=1&_total=accurate')).bundle.total).toBe(2001);
    await server.owner.query("delete from resource where patient = 'p-bulk'");
  });
});

describe('POST _search (http.html#search)', () => {
  const post = async (path: string, body: string, contentType = 'application/x-www-form-urlencoded') =>
    fetch(`${server.base}/${path}`, {
      method: 'POST',
      body,
      headers: {
        authorization: `Bearer ${await server.token(server.clients.here, 'system/*.rs')}`,
        'content-type': contentType,
      },
    });

  test('finds what GET finds; address and body count together', async () => {
    const response = await post('Task/_search?status=ready', 'patient=Patient/p2&_count=500');
    const posted = (await response.json()) as Bundle;
    const got = await server.search('Task?status=ready&patient=Patient/p2&_count=500');
    expect(posted.entry?.map(({ resource }) => resource.id)).toEqual(got.ids);
    expect(linkOf(posted, 'self')).toBe(linkOf(got.bundle, 'self'));
  });

  test('another content type, a body that is too large and a broken escape are refused', async () => {
    expect((await post('Task/_search', '{}', 'application/json')).status).toBe(415);
    expect((await post('Task/_search', 'patient=%zz')).status).toBe(400);
    expect((await post('Task/_search', `patient=${'a'.repeat(40_000)}`)).status).toBe(413);
  });
});

describe('audit', () => {
  test('each search leaves one row with the patients and resources seen and the question in base64', async () => {
    const before = (await server.audit()).length;
    await server.search('Task?_id=t00,t01&_include=Task:encounter');
    const rows = (await server.audit()).slice(before);
    expect(rows).toHaveLength(1);
    const { patients, resources, request, ...row } = rows[0]!;
    expect(row).toEqual({
      organisation: 'here',
      actor: 'system:client-here',
      action: 'E',
      interaction: 'search-type',
      outcome: 0,
    });
    expect([...patients].sort()).toEqual(['p1', 'p2']);
    expect([...resources].sort()).toEqual(['Encounter/e1', 'Task/t00', 'Task/t01']);
    expect(Buffer.from(request ?? '', 'base64').toString()).toBe('Task?_id=t00%2Ct01&_include=Task%3Aencounter');
  });

  test('a search that shows nothing is audited as well', async () => {
    const before = (await server.audit()).length;
    await server.search('Task?patient=nobody');
    await server.search('Task?_summary=count');
    expect((await server.audit()).slice(before).map(({ patients, resources }) => [patients, resources])).toEqual([
      [[], []],
      [[], []],
    ]);
  });
});

describe('a client that others wrote', () => {
  test('fhir-kit-client reads, searches, pages and sees our outcomes', async () => {
    const client = new Client({
      baseUrl: server.base,
      bearerToken: await server.token(server.clients.here, 'system/*.rs'),
    });
    const capability = await client.capabilityStatement();
    expect(capability.resourceType).toBe('CapabilityStatement');
    expect((await client.read({ resourceType: 'Patient', id: 'p1' })).id).toBe('p1');
    expect((await client.vread({ resourceType: 'Patient', id: 'p1', version: '1' })).id).toBe('p1');
    expect((await client.history({ resourceType: 'Patient', id: 'p1' })).type).toBe('history');
    let page = (await client.search({ resourceType: 'Task', searchParams: { patient: 'p1', _count: 5 } })) as unknown as
      | Bundle
      | undefined;
    const ids: string[] = [];
    while (page !== undefined) {
      ids.push(...(page.entry ?? []).map(({ resource }) => resource.id));
      page = (await client.nextPage({ bundle: page as never })) as unknown as Bundle | undefined;
    }
    expect(new Set(ids).size).toBe(17);
    const failure = await client.read({ resourceType: 'Patient', id: 'none' }).catch((error: unknown) => error);
    expect((failure as { response: { status: number; data: Bundle } }).response.data.resourceType).toBe(
      'OperationOutcome',
    );
  });
});

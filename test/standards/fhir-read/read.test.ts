// Read and vread (FHIR R4 http.html#read, #vread, #cread, #versions).

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPatient, aTask } from '../../support/fhir-resources.ts';
import { aFhirServer, type Bundle, type FhirServer } from '../../support/fhir-server.ts';

let server: FhirServer;
beforeAll(async () => {
  server = await aFhirServer();
  await server.keep('here', aPatient('p1'), aTask('t1', 'p1'));
  server.setNow('2026-11-22T15:00:10.500Z');
  await server.keep('here', aTask('t1', 'p1', { status: 'in-progress' }));
  await server.keep('there', aPatient('p9'), aTask('t9', 'p9'));
});
afterAll(() => server.close());

const bodyOf = async (response: Response) => (await response.json()) as Bundle;

describe('read', () => {
  test('the stored text is served byte for byte (http.html#read)', async () => {
    const response = await server.get('Task/t1');
    expect(response.status).toBe(200);
    const { rows } = await server.owner.query("select body from resource where type = 'Task' and id = 't1'");
    expect(await response.text()).toBe(rows[0].body);
  });

  test('ETag, Last-Modified and content type tell the version (http.html#versioning)', async () => {
    const response = await server.get('Task/t1');
    expect(response.headers.get('etag')).toBe('W/"2"');
    expect(response.headers.get('last-modified')).toBe('Sun, 22 Nov 2026 15:00:10 GMT');
    expect(response.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const { meta } = (await response.json()) as { meta: { versionId: string; lastUpdated: string } };
    expect(meta).toEqual({ versionId: '2', lastUpdated: '2026-11-22T15:00:10.500Z' });
  });

  test.each([
    [{ 'if-none-match': 'W/"2"' }, 304],
    [{ 'if-none-match': '"2"' }, 304],
    [{ 'if-none-match': 'W/"1", W/"2"' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': 'W/"1"' }, 200],
    [{ 'if-modified-since': 'Sun, 22 Nov 2026 15:00:10 GMT' }, 304],
    [{ 'if-modified-since': 'Sun, 22 Nov 2026 15:00:09 GMT' }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
    // RFC 9110 13.2.2: If-None-Match decides where both are sent.
    [{ 'if-none-match': 'W/"1"', 'if-modified-since': 'Sun, 22 Nov 2026 15:00:10 GMT' }, 200],
  ])('a conditional read with %j answers %i (http.html#cread)', async (headers, status) => {
    const response = await server.get('Task/t1', headers as unknown as Record<string, string>);
    expect(response.status).toBe(status);
    expect((await response.text()).length > 0).toBe(status === 200);
    expect(response.headers.get('etag')).toBe('W/"2"');
  });

  test('HEAD has the headers of GET and no body', async () => {
    const authorization = `Bearer ${await server.token(server.clients.here, 'system/*.rs')}`;
    const get = await fetch(`${server.base}/Task/t1`, { headers: { authorization } });
    const head = await fetch(`${server.base}/Task/t1`, { method: 'HEAD', headers: { authorization } });
    expect(head.status).toBe(200);
    expect(head.headers.get('etag')).toBe('W/"2"');
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(await get.text())));
    expect(await head.text()).toBe('');
  });

  test.each([
    ['Task/none', 404, 'fhir.resource-unknown'],
    ['Task/t9', 404, 'fhir.resource-unknown'],
    ['Nonsense/t1', 404, 'fhir.type-unknown'],
    ['Task/t1/_history/3', 404, 'fhir.version-unknown'],
    ['Task/t1/_history/01', 404, 'fhir.version-unknown'],
    ['Task/t1/_history/99999999999', 404, 'fhir.version-unknown'],
    [`Task/${'a'.repeat(65)}`, 400, 'fhir.id-invalid'],
    ['Task/a%00b', 400, 'fhir.id-invalid'],
    ['Task/a%27b', 400, 'fhir.id-invalid'],
    ['Task/%ff', 400, 'fhir.id-invalid'],
    ['Task/t1?_elements=id', 400, 'fhir.parameter-unknown'],
    ['Task/t1?_format=xml', 406, 'fhir.format-unsupported'],
  ])('%s answers %i with an OperationOutcome', async (path, status, code) => {
    const response = await server.get(path);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    const outcome = await bodyOf(response);
    expect(outcome.resourceType).toBe('OperationOutcome');
    expect(outcome.issue?.[0]?.details?.coding[0]?.code).toBe(code);
  });

  test.each([
    ['application/fhir+xml', 406],
    ['text/html', 406],
    ['application/fhir+json;q=0', 406],
    ['application/json', 200],
    ['application/fhir+json; fhirVersion=4.0', 200],
    ['text/html, */*;q=0.1', 200],
  ])('Accept: %s answers %i', async (accept, status) => {
    expect((await server.get('Task/t1', { accept })).status).toBe(status);
    expect((await server.get('Task/t1?_pretty=true', { accept })).status).toBe(status);
  });

  test('_format speaks before Accept', async () => {
    const response = await server.get('Task/t1?_format=application/fhir+json', { accept: 'application/fhir+xml' });
    expect(response.status).toBe(200);
  });

  test('each read leaves one audit row with who, what, whose and the outcome', async () => {
    const before = (await server.audit()).length;
    await server.get('Task/t1');
    await server.get('Task/none');
    await server.get('Task/t1/_history/1');
    const rows = (await server.audit()).slice(before).map(({ organisation: _, request: __, ...row }) => row);
    const common = { actor: 'system:client-here', action: 'R' };
    expect(rows).toEqual([
      { ...common, interaction: 'read', outcome: 0, patients: ['p1'], resources: ['Task/t1'] },
      { ...common, interaction: 'read', outcome: 4, patients: [], resources: ['Task/none'] },
      { ...common, interaction: 'vread', outcome: 0, patients: ['p1'], resources: ['Task/t1/_history/1'] },
    ]);
  });

  test('a thousand reads at once each get their own answer and their own audit row', async () => {
    const patients = Array.from({ length: 50 }, (_, at) => aPatient(`many-${at}`));
    await server.keep('here', ...patients);
    const before = (await server.audit()).length;
    const wanted = Array.from({ length: 1000 }, (_, at) => `many-${at % 60}`);
    const got = await Promise.all(
      wanted.map((id) => server.get(`Patient/${id}`).then((response) => response.json() as Promise<{ id?: string }>)),
    );
    for (const [at, body] of got.entries()) expect(body.id).toBe(at % 60 < 50 ? wanted[at] : undefined);
    const rows = (await server.audit()).slice(before);
    expect(rows).toHaveLength(1000);
    expect(rows.filter(({ outcome }) => outcome === 4)).toHaveLength(wanted.filter((_, at) => at % 60 >= 50).length);
  });
});

describe('vread', () => {
  test('the version that stands and those that stood are served (http.html#vread)', async () => {
    const first = await server.get('Task/t1/_history/1');
    expect(first.headers.get('etag')).toBe('W/"1"');
    expect(((await first.json()) as { status: string }).status).toBe('ready');
    const second = await server.get('Task/t1/_history/2');
    expect(((await second.json()) as { status: string }).status).toBe('in-progress');
  });

  test('a version of another organisation is as unknown as one that never was', async () => {
    expect((await server.get('Task/t9/_history/1')).status).toBe(404);
  });
});

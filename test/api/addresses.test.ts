// The addresses of the service: discovery, what is not offered, health, headers, log lines (FHIR R4 http.html).

import { createConnection } from 'node:net';
import type { CapabilityStatement } from 'fhir/r4.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resourceTypes, searchParams } from '../../src/fhir/search-params.ts';
import { aPatient } from '../support/fhir-resources.ts';
import { aFhirServer, type Bundle, canonicalBase, type FhirServer } from '../support/fhir-server.ts';

let server: FhirServer;
let ready = true;
beforeAll(async () => {
  server = await aFhirServer({
    readiness: {
      database: () => Promise.resolve(ready),
      slow: () => (ready ? Promise.resolve(true) : new Promise(() => undefined)),
      broken: () => (ready ? Promise.resolve(true) : Promise.reject(new Error('away'))),
    },
  });
  await server.keep('here', aPatient('SECRET-ID', { name: [{ family: 'SECRET-NAME' }] }));
});
afterAll(() => server.close());

describe('discovery needs no token', () => {
  test('the CapabilityStatement lists exactly what the table of parameters holds (http.html#capabilities)', async () => {
    const response = await fetch(`${server.base}/metadata`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/fhir+json; charset=utf-8',
    ]);
    const statement = (await response.json()) as CapabilityStatement;
    expect(statement).toMatchObject({
      fhirVersion: '4.0.1',
      kind: 'instance',
      status: 'active',
      implementation: { url: server.base },
    });
    const rest = statement.rest?.[0];
    expect(rest?.resource?.map(({ type }) => type)).toEqual([...resourceTypes]);
    for (const resource of rest?.resource ?? []) {
      expect(resource.searchParam?.map(({ name }) => name)).toEqual(
        searchParams[resource.type as 'Task'].map(({ name }) => name),
      );
    }
    const task = rest?.resource?.find(({ type }) => type === 'Task');
    expect(task?.searchParam?.find(({ name }) => name === 'due-date')?.definition).toBe(
      `${canonicalBase}/SearchParameter/Task-due-date`,
    );
    expect(JSON.stringify(statement)).not.toContain('[]');
    expect(rest?.security?.extension?.[0]?.extension).toEqual([
      { url: 'token', valueUri: `${server.url}/oauth/token` },
    ]);
  });

  test('every inclusion that is listed is taken', async () => {
    const statement = (await (await fetch(`${server.base}/metadata`)).json()) as CapabilityStatement;
    for (const { type, searchInclude = [], searchRevInclude = [] } of statement.rest?.[0]?.resource ?? []) {
      for (const path of searchInclude)
        expect((await server.search(`${type}?_include=${path}`)).status, path).toBe(200);
      for (const path of searchRevInclude)
        expect((await server.search(`${type}?_revinclude=${path}`)).status, path).toBe(200);
    }
  });

  test('.well-known/smart-configuration names the token endpoint and what it takes', async () => {
    const response = await fetch(`${server.base}/.well-known/smart-configuration`, {
      headers: { accept: 'application/json' },
    });
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toMatchObject({
      token_endpoint: `${server.url}/oauth/token`,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
      code_challenge_methods_supported: ['S256'],
      capabilities: expect.arrayContaining(['client-confidential-asymmetric', 'permission-v2', 'permission-v1']),
    });
  });

  test('metadata is JSON or nothing', async () => {
    expect((await fetch(`${server.base}/metadata?_format=xml`)).status).toBe(406);
    expect((await fetch(`${server.base}/metadata`, { headers: { accept: 'application/fhir+xml' } })).status).toBe(406);
  });
});

describe('what is not offered says so', () => {
  test.each([
    ['POST', 'Task', 'GET, HEAD'],
    ['PUT', 'Task', 'GET, HEAD'],
    ['DELETE', 'Task?patient=p1', 'GET, HEAD'],
    ['PUT', 'Task/t1', 'GET, HEAD'],
    ['PATCH', 'Task/t1', 'GET, HEAD'],
    ['DELETE', 'Task/t1', 'GET, HEAD'],
    ['OPTIONS', 'Task/t1', 'GET, HEAD'],
    ['DELETE', 'Task/t1/_history/1', 'GET, HEAD'],
    ['POST', 'Task/t1/_history', 'GET, HEAD'],
    ['GET', 'Task/_search', 'POST'],
    ['POST', '', ''],
    ['GET', '', ''],
    ['POST', '_search', ''],
    ['PUT', 'metadata', 'GET, HEAD'],
  ])('%s %s answers 405 with Allow', async (method, path, allow) => {
    const authorization = `Bearer ${await server.token(server.clients.here, 'system/*.cruds')}`;
    const response = await fetch(`${server.base}/${path}`.replace(/\/$/, ''), { method, headers: { authorization } });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    expect(((await response.json()) as Bundle).issue?.[0]?.details?.coding[0]?.code).toBe(
      'fhir.interaction-unsupported',
    );
  });

  test('an attempt to write is audited', async () => {
    const before = (await server.audit()).length;
    const authorization = `Bearer ${await server.token(server.clients.here, 'system/*.cruds')}`;
    await fetch(`${server.base}/Task/t1`, { method: 'DELETE', headers: { authorization } });
    const rows = (await server.audit()).slice(before).filter(({ interaction }) => interaction !== 'token');
    expect(rows).toMatchObject([
      { actor: 'system:client-here', interaction: 'write', outcome: 4, resources: ['Task'] },
    ]);
  });

  test.each(['Task/t1/extra/more', 'Task/t1/$everything', 'Nonsense', 'Nonsense/a/b/c'])(
    '%s answers an OperationOutcome',
    async (path) => {
      const response = await server.get(path);
      expect([404, 405]).toContain(response.status);
      expect(((await response.json()) as Bundle).resourceType).toBe('OperationOutcome');
    },
  );

  test('addresses outside the contract are unknown', async () => {
    for (const path of ['/', '/fhir', '/fhir/R5/Task', '/admin', '/.env', '/%ff', '/FHIR/R4/Task', '/fhir/r4/Task']) {
      expect((await fetch(`${server.url}${path}`)).status, path).toBe(404);
    }
  });
});

describe('operations', () => {
  test('alive, ready, figures', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toBe('figures 1\n');
  });

  test('not ready names the checks that fail, broken and late ones among them', async () => {
    ready = false;
    const response = await fetch(`${server.url}/readyz`);
    ready = true;
    expect(response.status).toBe(503);
    expect(((await response.json()) as { checks: object }).checks).toEqual({
      database: 'not ready',
      slow: 'not ready',
      broken: 'not ready',
    });
  });

  test('a log line names the route, never the path, the query or what was found', async () => {
    await server.get('Patient/SECRET-ID');
    await server.search('Patient?identifier=MRN-SECRET-ID');
    await server.get('Patient/SECRET-ID/_history');
    await server.get(`Patient/${'SECRET-ID'.repeat(9)}`);
    await expect.poll(() => server.lines.some(({ fields }) => fields.route === 'history-instance Patient')).toBe(true);
    expect(JSON.stringify(server.lines)).not.toContain('SECRET');
    expect(JSON.stringify(server.requests)).not.toContain('SECRET');
    const line = server.lines.find(({ fields }) => fields.route === 'search-type Patient')?.fields;
    expect(line).toMatchObject({ method: 'GET', status: 200, client: 'client-here' });
  });

  test('every answer carries the headers that keep it where it belongs', async () => {
    for (const path of ['/healthz', '/fhir/R4/metadata', '/fhir/R4/Patient/SECRET-ID', '/nowhere', '/app/']) {
      const { headers } = await fetch(`${server.url}${path}`);
      expect(headers.get('cache-control'), path).toBe('no-store');
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
      expect(headers.get('x-request-id'), path).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('x-powered-by'), path).toBeNull();
    }
  });
});

describe('rude peers (F-73)', () => {
  const raw = (text: string, msMax = 5_000): Promise<string> =>
    new Promise((resolve) => {
      const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
      let answer = '';
      const timer = setTimeout(() => socket.destroy(), msMax);
      socket.on('data', (chunk) => {
        answer += chunk.toString();
        if (answer.includes('\r\n\r\n')) socket.end();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearTimeout(timer);
        resolve(answer);
      });
      socket.write(text);
    });

  test('what is no HTTP, two lengths, a length beside chunks and a flood of headers are refused', async () => {
    const head = 'POST /hl7 HTTP/1.1\r\nHost: x\r\n';
    for (const [text, status] of [
      ['MSH|^~\\&|x\r\n\r\n', '400'],
      [`${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, '400'],
      [`${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, '400'],
      [`${head}X: ${'a'.repeat(70_000)}\r\n\r\n`, '431'],
    ] as const) {
      expect(await raw(text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    }
  });

  test('a compressed body is not taken', async () => {
    const authorization = `Bearer ${await server.token(server.clients.here, 'system/*.rs')}`;
    const headers = { authorization, 'content-encoding': 'gzip', 'content-type': 'application/x-www-form-urlencoded' };
    expect((await fetch(`${server.base}/Task/_search`, { method: 'POST', headers, body: 'x' })).status).toBe(415);
  });

  test('above the limit of requests under way, more are told to come back', async () => {
    const held: (() => void)[] = [];
    const small = await aFhirServer({
      limits: { requestsMax: 2 },
      readiness: { held: () => new Promise((resolve) => held.push(() => resolve(true))) },
    });
    try {
      const slow = [fetch(`${small.url}/readyz`), fetch(`${small.url}/readyz`)];
      await expect.poll(() => held.length).toBe(2);
      const refused = await fetch(`${small.base}/metadata`);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
      for (const release of held) release();
      expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200]);
      expect((await fetch(`${small.base}/metadata`)).status).toBe(200);
    } finally {
      await small.close();
    }
  });

  test('while the database is away, reads and searches answer 503 and say when to come back', async () => {
    const authorization = `Bearer ${await server.token(server.clients.here, 'system/Patient.rs')}`;
    server.cutDatabase(true);
    try {
      for (const path of ['Patient/p1', 'Patient?_id=p1', 'Patient/p1/_history', 'Patient/p1/_history/1', 'Task/t1']) {
        const response = await server.get(path, { authorization });
        expect([response.status, response.headers.get('retry-after')], path).toEqual([503, '5']);
        const outcome = (await response.json()) as Bundle;
        expect(outcome.issue?.[0]?.code).toBe('transient');
        expect(JSON.stringify(outcome)).not.toContain('SQL');
      }
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    } finally {
      server.cutDatabase(false);
    }
  });
});

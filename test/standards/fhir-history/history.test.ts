// History of one resource (FHIR R4 http.html#history).

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPatient, aTask } from '../../support/fhir-resources.ts';
import { aFhirServer, type Bundle, type FhirServer } from '../../support/fhir-server.ts';

let server: FhirServer;
beforeAll(async () => {
  server = await aFhirServer();
  await server.keep('here', aPatient('p1'));
  for (let at = 0; at < 5; at += 1) {
    server.setNow(`2026-11-22T15:0${at}:00.000Z`);
    await server.keep('here', aTask('t1', 'p1', { description: `step ${at + 1}` }));
  }
  await server.keep('there', aTask('t9', 'p9'));
});
afterAll(() => server.close());

const bundleOf = async (path: string): Promise<Bundle> => (await (await server.get(path)).json()) as Bundle;
const versionsOf = (bundle: Bundle) => bundle.entry?.map(({ resource }) => resource.meta?.versionId);

describe('history of an instance', () => {
  test('all versions, latest first, each with how it came about', async () => {
    const bundle = (await bundleOf('Task/t1/_history')) as Bundle & {
      type: string;
      entry: { request: object; response: object; fullUrl: string }[];
    };
    expect(bundle.type).toBe('history');
    expect(bundle.total).toBe(5);
    expect(versionsOf(bundle)).toEqual(['5', '4', '3', '2', '1']);
    expect(bundle.entry[0]).toMatchObject({
      fullUrl: `${server.base}/Task/t1`,
      request: { method: 'PUT', url: 'Task/t1' },
      response: { status: '200', etag: 'W/"5"', lastModified: '2026-11-22T15:04:00.000Z' },
    });
    expect(bundle.entry[4]).toMatchObject({ request: { method: 'POST', url: 'Task' }, response: { status: '201' } });
    expect(bundle.link?.map(({ relation }) => relation)).toEqual(['self']);
  });

  test('pages by _count; the next link leads on until there is none', async () => {
    const seen: (string | undefined)[] = [];
    let next: string | undefined = 'Task/t1/_history?_count=2';
    let pages = 0;
    while (next !== undefined) {
      const page: Bundle = await bundleOf(next);
      seen.push(...(versionsOf(page) ?? []));
      expect(page.total).toBe(5);
      next = page.link?.find(({ relation }) => relation === 'next')?.url;
      pages += 1;
    }
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
    expect(pages).toBe(3);
  });

  test('_since leaves older versions out; _count=0 tells the number alone', async () => {
    const since = await bundleOf('Task/t1/_history?_since=2026-11-22T15:02:00Z');
    expect(versionsOf(since)).toEqual(['5', '4', '3']);
    const none = await bundleOf('Task/t1/_history?_count=0');
    expect([none.total, none.entry]).toEqual([5, undefined]);
  });

  test('a resource that stays as it was has one version', async () => {
    expect(versionsOf(await bundleOf('Patient/p1/_history'))).toEqual(['1']);
  });

  test.each([
    ['Task/t9/_history', 404],
    ['Task/none/_history', 404],
    ['Nonsense/t1/_history', 404],
    ['Task/t1/_history?_count=x', 400],
    ['Task/t1/_history?_count=-1', 400],
    ['Task/t1/_history?_since=lately', 400],
    ['Task/t1/_history?_cursor=0', 400],
    ['Task/t1/_history?_cursor=99999999999', 400],
    ['Task/t1/_history?_at=2026', 400],
    ['Task/t1/_history?_count=1&_count=2', 400],
    ['Task/_history', 405],
    ['_history', 405],
  ])('%s answers %i', async (path, status) => {
    const response = await server.get(path);
    expect(response.status).toBe(status);
    expect(((await response.json()) as Bundle).resourceType).toBe('OperationOutcome');
  });

  test('each look at a history leaves one audit row', async () => {
    const before = (await server.audit()).length;
    await server.get('Task/t1/_history?_count=1');
    await server.get('Task/none/_history');
    const rows = (await server.audit()).slice(before);
    expect(
      rows.map(({ interaction, outcome, patients, resources }) => ({ interaction, outcome, patients, resources })),
    ).toEqual([
      { interaction: 'history-instance', outcome: 0, patients: ['p1'], resources: ['Task/t1'] },
      { interaction: 'history-instance', outcome: 4, patients: [], resources: ['Task/none'] },
    ]);
  });
});

// The shape of answers: order, pages, totals, what comes along (FHIR R4 search.html#sort, #count, #include,
// http.html#paging), and the audit row of every search.

import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aCarePlan, anEncounter, aPatient, aProvenance, aTask } from '../../support/fhir-resources.ts';
import { aFhirServer, type Bundle, type FhirServer } from '../../support/fhir-server.ts';

let server: FhirServer;
beforeAll(async () => {
  server = await aFhirServer();
  await server.keep('here', aPatient('p1'), aPatient('p2'), anEncounter('e1', 'p1'), aCarePlan('c1', 'p1'));
  for (let at = 0; at < 23; at += 1) {
    // Days repeat, one in six has none, and statuses alternate: ties and gaps in every order.
    const end = at % 6 === 5 ? undefined : `2026-11-${String(20 + (at % 5)).padStart(2, '0')}T23:59:59-05:00`;
    await server.keep(
      'here',
      aTask(`t${String(at).padStart(2, '0')}`, at % 4 === 0 ? 'p2' : 'p1', {
        status: at % 2 === 0 ? 'ready' : 'in-progress',
        restriction: end === undefined ? {} : { period: { end } },
        basedOn: [{ reference: 'CarePlan/c1' }],
        encounter: { reference: 'Encounter/e1' },
      }),
    );
  }
  await server.keep(
    'here',
    aProvenance('v1', 'Patient/p1', 'Task/t01', 'Task/t03'),
    aProvenance('v2', 'Patient/p2', 'Task/t00'),
  );
  await server.keep('there', aPatient('p1'), aTask('t00', 'p1'), aTask('zz', 'p1'));
});
afterAll(() => server.close());

const linkOf = (bundle: Bundle, relation: string) => bundle.link?.find((link) => link.relation === relation)?.url;
const included = (bundle: Bundle) =>
  (bundle.entry ?? [])
    .filter(({ search }) => search?.mode === 'include')
    .map(({ resource }) => `${resource.resourceType}/${resource.id}`);

async function pages(path: string): Promise<{ ids: string[]; sizes: number[]; totals: (number | undefined)[] }> {
  const ids: string[] = [];
  const sizes: number[] = [];
  const totals: (number | undefined)[] = [];
  for (let next: string | undefined = path; next !== undefined && sizes.length < 30; ) {
    const found = await server.search(next);
    expect(found.status).toBe(200);
    ids.push(...found.ids);
    sizes.push(found.ids.length);
    totals.push(found.bundle.total);
    next = linkOf(found.bundle, 'next');
  }
  return { ids, sizes, totals };
}

describe('pages', () => {
  test.each([
    '_sort=due-date',
    '_sort=-due-date',
    '_sort=_id',
    '_sort=-_id',
    '_sort=_lastUpdated',
    '_sort=-_lastUpdated',
    '_sort=status,due-date',
    '_sort=-status,due-date',
    '_sort=status,-due-date,_id',
    '_sort=authored-on',
    'status=ready,in-progress',
    'status=ready,in-progress&_sort=-due-date',
    'status:not=completed&_sort=due-date',
    '',
  ])('following next from Task?%s yields every match once, in one order', async (query) => {
    const whole = await server.search(`Task?${query}&_count=500`);
    expect(whole.ids).toHaveLength(23);
    expect(linkOf(whole.bundle, 'next')).toBeUndefined();
    for (const count of [1, 4, 7, 22, 23]) {
      const { ids, sizes, totals } = await pages(`Task?${query}&_count=${count}`);
      expect(ids).toEqual(whole.ids);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(count);
      expect(new Set(totals)).toEqual(new Set([23]));
      if (count === 1) expect(sizes).toHaveLength(23);
    }
  });

  test('tasks are sorted by due date, those without one last', async () => {
    const { bundle } = await server.search('Task?_sort=due-date&_count=500');
    const ends = bundle.entry?.map(
      ({ resource }) => (resource as { restriction?: { period?: { end?: string } } }).restriction?.period?.end ?? '~',
    );
    expect(ends).toEqual([...(ends ?? [])].sort());
  });

  test('without _sort the worklist comes in the order in which it is due', async () => {
    const usual = await server.search('Task?status=ready&_count=500');
    const sorted = await server.search('Task?status=ready&_sort=due-date&_count=500');
    expect(usual.ids).toEqual(sorted.ids);
  });

  test('rows that come between two pages neither repeat nor hide others', async () => {
    const first = await server.search('Encounter?_sort=_id&_count=1&patient=p1');
    await server.keep('here', anEncounter('e0', 'p1'), anEncounter('e5', 'p1'));
    const next = linkOf(first.bundle, 'next');
    expect(next).toBeUndefined();
    const again = await server.search('Encounter?_sort=_id&_count=1&patient=p1');
    expect(again.ids).toEqual(['e0']);
    await server.keep('here', anEncounter('e00', 'p1'));
    const rest = await pages(linkOf(again.bundle, 'next') ?? '');
    expect(rest.ids).toEqual(['e00', 'e1', 'e5']);
  });

  test('_count above the limit is the limit; the self link says what was understood', async () => {
    const { bundle } = await server.search('Task?status=ready&_count=100000&_format=json');
    expect(linkOf(bundle, 'self')).toBe(`${server.base}/Task?status=ready&_count=100000`);
  });

  test.each(['_count=0', '_summary=count'])('%s tells the number alone', async (query) => {
    const { bundle } = await server.search(`Task?patient=p2&${query}`);
    expect([bundle.total, bundle.entry, linkOf(bundle, 'next')]).toEqual([6, undefined, undefined]);
  });

  test('_total=none leaves the total out; accurate tells it', async () => {
    expect((await server.search('Task?_count=2&_total=none')).bundle.total).toBeUndefined();
    expect((await server.search('Task?_count=2&_total=accurate')).bundle.total).toBe(23);
  });

  test('a cursor fits only the query it came from, and a made-up one is refused', async () => {
    const first = await server.search('Task?patient=p1&_count=2');
    const cursor = new URL(linkOf(first.bundle, 'next') ?? '').searchParams.get('_cursor') ?? '';
    const other = (path: string) => server.search(`${path}&_cursor=${cursor}`).then(({ status }) => status);
    expect(await other('Task?patient=p1&_count=2')).toBe(200);
    expect(await other('Task?patient=p2&_count=2')).toBe(400);
    expect(await other('Task?_count=2')).toBe(400);
    const [digest] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string];
    const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify([digest, ...parts])).toString('base64url');
    for (const bad of [
      forged(["'; drop table resource --"], 1),
      forged([1], 1),
      forged([], 1),
      forged(['a', 'b'], 1),
      forged([null], 1),
      forged(['a'], -1),
      forged(['a'], '1'),
      '!!',
      'AAAA',
      'x'.repeat(2000),
    ]) {
      expect((await server.search(`Task?patient=p1&_count=2&_cursor=${bad}`)).status).toBe(400);
    }
  });

  test('a day that no calendar has does not reach the database in a cursor', async () => {
    const first = await server.search('Task?_sort=due-date&_count=2');
    const cursor = new URL(linkOf(first.bundle, 'next') ?? '').searchParams.get('_cursor') ?? '';
    const [digest] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string];
    const forged = Buffer.from(JSON.stringify([digest, ['2026-02-30T00:00:00.000000Z', 't1'], null])).toString(
      'base64url',
    );
    expect((await server.search(`Task?_sort=due-date&_count=2&_cursor=${forged}`)).status).toBe(400);
  });
});

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

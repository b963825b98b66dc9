// Order and pages (FHIR R4 search.html#sort, #count, http.html#paging): every match once, in one order, whatever comes and
// goes in between.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anEncounter } from '../../support/fhir-resources.ts';
import type { FhirServer } from '../../support/fhir-server.ts';
import { aWorklist, linkOf } from '../../support/worklist.ts';

let server: FhirServer;
beforeAll(async () => {
  server = await aWorklist();
});
afterAll(() => server.close());

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

// The overview page: a link that works once, a session, what the page shows and what it must not do.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { appLink } from '../../src/api/ops/app-session.ts';
import { aCarePlan, aPatient, aTask } from '../support/fhir-resources.ts';
import { aFhirServer, canonicalBase, type FhirServer } from '../support/fhir-server.ts';

let server: FhirServer;
const due = (day: string) => ({ period: { end: `${day}T23:59:59-05:00` } });
beforeAll(async () => {
  server = await aFhirServer();
  const why = {
    url: `${canonicalBase}/StructureDefinition/due-explanation`,
    valueString: 'business day 2 = Tue 24 Nov',
  };
  await server.keep(
    'here',
    aPatient('p1', { name: [{ family: '<script>alert(1)</script>', given: ['Ann & "Bo"'] }] }),
    aPatient('p2', {
      name: [
        { use: 'old', family: 'Former' },
        { use: 'official', family: 'Jones', given: ['Kim'] },
      ],
    }),
    aCarePlan('c1', 'p1'),
    aCarePlan('c2', 'p2', { status: 'on-hold' }),
    aTask('late', 'p1', { restriction: due('2026-11-23') }),
    aTask('today', 'p2', { restriction: due('2026-11-24'), extension: [why] }),
    aTask('soon', 'p2', { restriction: due('2026-12-01') }),
    aTask('far', 'p2', { restriction: due('2026-12-02') }),
    aTask('done', 'p2', { status: 'completed', restriction: due('2026-11-24') }),
    aTask('held', 'p2', { status: 'on-hold', restriction: due('2026-11-24') }),
  );
  // Still the 24th in New York.
  server.setNow('2026-11-25T04:30:00Z');
});
afterAll(() => server.close());

let links = 0;
const signing = () => ({
  issuerKey: server.issuerKey,
  publicUrl: server.url,
  now: server.now,
  newId: () => `link-${(links += 1)}` as never,
});
const open = (link: string) => fetch(link, { redirect: 'manual' });
const page = (cookie: string) => fetch(`${server.url}/app/`, { headers: { cookie } });
const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';

test('without a link there is no data, only how to get one', async () => {
  const response = await fetch(`${server.url}/app/`);
  const text = await response.text();
  expect(response.status).toBe(401);
  expect(text).toContain('npm run -s token -- --app');
  expect(text).not.toContain('Jones');
});

test('a link opens a session once; the cookie is out of reach of scripts and other sites', async () => {
  const link = await appLink(signing(), 'here');
  const opened = await open(link);
  expect([opened.status, opened.headers.get('location')]).toEqual([303, '/app/']);
  expect(opened.headers.get('set-cookie')).toMatch(
    /^throughline=[\w.-]+; Path=\/app; Max-Age=43200; HttpOnly; SameSite=Strict$/,
  );
  expect((await open(link)).status).toBe(401);
  const shown = await page(cookieOf(opened));
  expect(shown.status).toBe(200);
  expect(shown.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
});

test('a link lives fifteen minutes, a session twelve hours; neither stands in for the other or for a token', async () => {
  const link = await appLink(signing(), 'here');
  const cookie = cookieOf(await open(await appLink(signing(), 'here')));
  const token = new URL(link).searchParams.get('link') ?? '';
  expect((await page(`throughline=${token}`)).status).toBe(401);
  expect((await open(`${server.url}/app/?link=${cookie.split('=')[1]}`)).status).toBe(401);
  expect((await server.get('Patient/p1', { authorization: `Bearer ${token}` })).status).toBe(401);
  const access = await server.token(server.clients.here, 'system/*.rs');
  expect((await page(`throughline=${access}`)).status).toBe(401);
  const now = server.now();
  server.setNow(new Date(now + 901_000).toISOString());
  expect((await open(link)).status).toBe(401);
  expect((await page(cookie)).status).toBe(200);
  server.setNow(new Date(now + 12 * 3_600_000 + 1_000).toISOString());
  expect((await page(cookie)).status).toBe(401);
  server.setNow(new Date(now).toISOString());
});

test('the page shows what is overdue, due today in the practice’s zone and due next, and whose it is', async () => {
  const text = await (await page(cookieOf(await open(await appLink(signing(), 'here'))))).text();
  const figures = Object.fromEntries(
    [...text.matchAll(/<dt>(.*?)<\/dt><dd>(\d+)<\/dd>/g)].map(([, name, count]) => [name, Number(count)]),
  );
  expect(figures).toEqual({
    'Open cases': 1,
    'Suspended cases': 1,
    'Tasks due today': 1,
    'Tasks overdue': 1,
    'Messages parked': 0,
  });
  const tables = [...text.matchAll(/<caption>(.*?)<\/caption>.*?<tbody>(.*?)<\/tbody>/g)].map(([, title, rows]) => [
    title,
    rows?.split('<tr>').length,
  ]);
  expect(tables).toEqual([
    ['Overdue', 2],
    ['Due today', 2],
    ['Due in the next seven days', 2],
  ]);
  expect(text).toContain('Jones, Kim');
  expect(text).toContain('Tue 24 Nov 2026<');
  expect(text).toContain('business day 2 = Tue 24 Nov');
  expect(text).toContain('Care coordinator');
  expect(text).toContain('Reach the patient');
});

test('names are text, never markup (F-69)', async () => {
  const text = await (await page(cookieOf(await open(await appLink(signing(), 'here'))))).text();
  expect(text).not.toContain('<script');
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;, Ann &amp; &quot;Bo&quot;');
});

test('more rows than a table holds are counted', async () => {
  const many = Array.from({ length: 60 }, (_, at) => aTask(`more-${at}`, 'p2', { restriction: due('2026-11-26') }));
  await server.keep('here', ...many);
  const text = await (await page(cookieOf(await open(await appLink(signing(), 'here'))))).text();
  expect(text).toContain('and 11 more');
});

test('the view is audited with the patients it showed', async () => {
  const before = (await server.audit()).length;
  await page(cookieOf(await open(await appLink(signing(), 'here'))));
  const rows = (await server.audit()).slice(before);
  expect(rows).toMatchObject([{ organisation: 'here', action: 'R', interaction: 'overview', outcome: 0 }]);
  expect([...(rows[0]?.patients ?? [])].sort()).toEqual(['p1', 'p2']);
});

test('a client makes a link only with scopes for what the page shows', async () => {
  const ask = async (scope: string, method = 'POST') =>
    fetch(`${server.url}/app/link`, {
      method,
      headers: { authorization: `Bearer ${await server.token(server.clients.here, scope)}` },
    });
  expect((await ask('system/Task.rs')).status).toBe(403);
  expect((await ask('system/*.rs', 'GET')).status).toBe(405);
  expect((await fetch(`${server.url}/app/link`, { method: 'POST' })).status).toBe(401);
  const { link } = (await (await ask('system/*.rs')).json()) as { link: string };
  expect((await open(link)).status).toBe(303);
});

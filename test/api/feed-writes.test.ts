// What a feed sends over FHIR, on a real port: who may, what is taken, what is kept before the answer, and how a refusal
// tells where it is wrong.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { instant } from '../../src/base/instant.ts';
import { createIntake, type Intake } from '../../src/flow/intake.ts';
import { receiveResource } from '../../src/flow/receive-resource.ts';
import { takeEntries } from '../../src/store/inbox.ts';
import { aFeedLanguage } from '../support/feed-language.ts';
import { aNotification, anEncounterAlone } from '../support/fhir-messages.ts';
import { aFhirServer, type Bundle, type FhirServer } from '../support/fhir-server.ts';

const bytesMax = 200_000;
let server: FhirServer;
let intake: Intake;
const counted: string[] = [];
beforeAll(async () => {
  const language = aFeedLanguage({ partner: 'hospital' });
  server = await aFhirServer({
    limits: { messageBytesMax: bytesMax },
    receiveResource: (posted) =>
      receiveResource(
        {
          feedOf: (partner) => (partner === 'hospital' ? { intake } : undefined),
          languageOf: () => language,
          count: (what, labels) => void counted.push(`${what} ${labels.trigger ?? labels.code}`),
        },
        posted,
      ),
  });
  intake = createIntake(
    server.database('here'),
    () => instant(server.now()),
    () => undefined,
  );
});
afterAll(() => server.close());
beforeEach(() => server.owner.query('truncate inbox, message, message_raw'));

interface Answer {
  readonly status: number;
  readonly outcome: Bundle;
  readonly headers: Headers;
}

async function post(
  body: unknown,
  { path = '$process-message', method = 'POST', ...headers }: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${server.base}/${path}`, {
    method,
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    headers: {
      authorization: `Bearer ${await server.token(server.clients.here, 'system/*.cruds')}`,
      'content-type': 'application/fhir+json',
      ...headers,
    },
  } as RequestInit);
  return { status: response.status, outcome: (await response.json()) as Bundle, headers: response.headers };
}

const kept = async () =>
  (
    await server.owner.query<{
      partner: string;
      control_id: string;
      raw: Buffer;
      digest: Buffer;
      trigger: string;
      state: string;
    }>(
      'select m.partner, m.control_id, r.raw, m.digest, i.trigger, i.state from message m join inbox i on i.message = m.id join message_raw r on r.id = m.id order by m.id',
    )
  ).rows;

test('a message is on disk, byte for byte, when 202 says so', async () => {
  const body = JSON.stringify(aNotification(), undefined, 2);
  const { status, outcome, headers } = await post(body);
  expect([status, outcome.resourceType, outcome.issue?.[0]?.severity]).toEqual([
    202,
    'OperationOutcome',
    'information',
  ]);
  expect(headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
  const [row, ...more] = await kept();
  expect(more).toEqual([]);
  expect(row).toMatchObject({ partner: 'hospital', trigger: 'FHIR^DISCHARGE', state: 'received' });
  expect(row?.control_id).toMatch(/^b-notification-discharge/);
  expect(row?.raw.toString('utf8')).toBe(body);
  expect(row?.digest).toEqual(createHash('sha256').update(body).digest());
  expect(counted.slice(-2)).toEqual(['received FHIR^DISCHARGE', 'acknowledged 202']);
});

test('the same bytes again answer 202 and leave no second row; other bytes are kept and marked', async () => {
  expect((await post(aNotification())).status).toBe(202);
  expect((await post(aNotification())).status).toBe(202);
  expect(await kept()).toHaveLength(1);
  const other = { ...aNotification({ mrn: '1002' }), id: aNotification().id };
  expect((await post(other)).status).toBe(202);
  const taken = await server.database('here').transaction((tx) => takeEntries(tx, server.now(), 10, 64));
  expect(taken.map((entry) => entry.controlIdReused)).toEqual([false, true]);
});

test.each([
  ['notification-admit', 'FHIR^ADMIT'],
  ['notification-transfer', 'FHIR^TRANSFER'],
  ['notification-lab-report', 'FHIR^OTHER'],
  ['', 'FHIR^ENCOUNTER'],
])('the event %j is the trigger %s', async (event, trigger) => {
  const { status, outcome } = await post(aNotification({ event }));
  expect(status).toBe(202);
  expect((await kept()).map((row) => row.trigger)).toEqual([trigger]);
  if (trigger === 'FHIR^OTHER') expect(outcome.issue?.[0]?.diagnostics).toMatch(/without effect/);
});

test('an Encounter is taken by POST and by PUT, whose id must be its own', async () => {
  const encounter = anEncounterAlone();
  expect((await post(encounter, { path: 'Encounter' })).status).toBe(202);
  const later = anEncounterAlone({ updatedAt: '2026-11-18T08:00:00-05:00' });
  expect((await post(later, { path: 'Encounter/enc-1', method: 'PUT' })).status).toBe(202);
  expect((await kept()).map((row) => [row.trigger, row.control_id])).toEqual([
    ['FHIR^ENCOUNTER', 'enc-1/2026-11-17T08:00:00-05:00'],
    ['FHIR^ENCOUNTER', 'enc-1/2026-11-18T08:00:00-05:00'],
  ]);
  const wrong = await post(encounter, { path: 'Encounter/other', method: 'PUT' });
  expect([wrong.status, wrong.outcome.issue]).toMatchObject([400, [{ expression: ['Encounter.id'] }]]);
});

test('what is wrong is said with its place, and nothing is kept', async () => {
  const bundle = aNotification();
  const [, ...rest] = bundle.entry ?? [];
  for (const [body, place] of [
    [{ ...bundle, type: 'transaction' }, 'Bundle.type'],
    [{ ...bundle, entry: rest }, 'Bundle.entry[0].resource'],
    [
      { ...bundle, entry: bundle.entry?.filter(({ fullUrl }) => fullUrl !== 'urn:uuid:encounter') },
      'MessageHeader.focus[0]',
    ],
    [aNotification({ patient: { identifier: [] } }), 'Patient.identifier'],
    [anEncounterAlone(), 'Bundle'],
  ] as const) {
    const { status, outcome } = await post(body);
    expect([status, outcome.issue?.[0]]).toMatchObject([
      400,
      {
        severity: 'error',
        code: 'invalid',
        expression: [place],
        details: { coding: [{ code: 'fhir.message-invalid' }] },
      },
    ]);
  }
  const other = await post(bundle, { path: 'Encounter' });
  expect([other.status, other.outcome.issue?.[0]]).toMatchObject([400, { expression: ['Encounter'] }]);
  expect(await kept()).toEqual([]);
});

test('JSON that can be read two ways, is nested too deep or too large is refused, and nothing is kept', async () => {
  const text = JSON.stringify(aNotification());
  const trials: [string | Buffer, number, string][] = [
    [text.replace('"type":"message"', '"type":"message","type":"batch"'), 400, 'fhir.json-invalid'],
    [text.replace('"type":"message"', '"type":"message","__proto__":{"type":"x"}'), 400, 'fhir.json-invalid'],
    [`${'['.repeat(90_000)}${']'.repeat(90_000)}`, 400, 'fhir.json-invalid'],
    [text.slice(0, -1), 400, 'fhir.json-invalid'],
    ['', 400, 'fhir.json-invalid'],
    [Buffer.concat([Buffer.from(text), Buffer.from([0xff])]), 400, 'fhir.json-invalid'],
    [`${text}${' '.repeat(bytesMax)}`, 413, 'http.body-too-large'],
  ];
  for (const [body, expected, code] of trials) {
    const { status, outcome } = await post(body);
    expect([status, outcome.issue?.[0]?.details?.coding[0]?.code]).toEqual([expected, code]);
  }
  expect(await kept()).toEqual([]);
});

test('who has no token, no feed or not the scope is refused, and the refusal audited', async () => {
  const body = aNotification();
  expect((await post(body, { authorization: '' })).status).toBe(401);
  const stranger = `Bearer ${await server.token(server.clients.there, 'system/*.cruds')}`;
  const before = (await server.audit()).length;
  const refused = await post(body, { authorization: stranger });
  expect([refused.status, refused.outcome.issue?.[0]?.details?.coding[0]?.code]).toEqual([403, 'partner.unknown']);
  const reader = `Bearer ${await server.token(server.clients.here, 'system/*.rs')}`;
  expect((await post(body, { authorization: reader })).status).toBe(403);
  const creator = `Bearer ${await server.token(server.clients.here, 'system/Encounter.c')}`;
  expect((await post(anEncounterAlone(), { path: 'Encounter', authorization: creator })).status).toBe(202);
  const update = { path: 'Encounter/enc-1', method: 'PUT', authorization: creator };
  expect((await post(anEncounterAlone(), update)).status).toBe(403);
  const denied = (await server.audit()).slice(before).filter(({ interaction }) => interaction !== 'token');
  expect(denied).toMatchObject([
    { organisation: 'there', interaction: 'process-message', outcome: 8 },
    { organisation: 'here', interaction: 'process-message', outcome: 8 },
    { organisation: 'here', interaction: 'update', outcome: 8 },
  ]);
  expect((await kept()).map((row) => row.trigger)).toEqual(['FHIR^ENCOUNTER']);
});

test('another type, another method, a parameter and a format that is not JSON are refused', async () => {
  expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415);
  const got = await server.get('$process-message');
  expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
  expect((await post(aNotification(), { path: '$process-message?response-url=http://127.0.0.1/' })).status).toBe(400);
  expect((await post(aNotification(), { path: '$process-message?async=true' })).status).toBe(202);
  expect((await post(aNotification(), { accept: 'application/fhir+xml' })).status).toBe(406);
  expect((await post(aNotification(), { path: 'Encounter/enc-1', method: 'DELETE' })).status).toBe(405);
});

test('what cannot be kept is not acknowledged', async () => {
  const standing = intake;
  const { Fault } = await import('../../src/base/fault.ts');
  intake = { ...standing, keep: () => Promise.reject(new Fault('store.unavailable')) };
  const { status, headers } = await post(aNotification());
  intake = standing;
  expect([status, headers.get('retry-after')]).toEqual([503, '5']);
  expect(await kept()).toEqual([]);
});

test('the CapabilityStatement tells of it', async () => {
  const statement = (await (await server.get('metadata')).json()) as {
    rest: { operation: { name: string }[]; resource: { type: string; interaction: { code: string }[] }[] }[];
  };
  expect(statement.rest[0]?.operation.map(({ name }) => name)).toEqual(['process-message']);
  const writes = statement.rest[0]?.resource.filter(({ interaction }) =>
    interaction.some(({ code }) => code === 'create'),
  );
  expect(writes?.map(({ type }) => type)).toEqual(['Encounter']);
});

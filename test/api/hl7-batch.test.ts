// Files of messages over HTTP (HL7 v2.5.1 ch. 2.10.3), and what operators see of them.

import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Received, Reply } from '../../src/flow/receive-message.ts';
import { aFhirServer, type FhirServer } from '../support/fhir-server.ts';
import { anOperator } from '../support/operator.ts';

const { partner: operator, client: operatorClient } = anOperator('here');

interface Shown {
  readonly files: readonly { readonly id: number; readonly flags: readonly unknown[] }[];
  readonly outcomes: readonly unknown[];
}

let server: FhirServer;
let received: string[] = [];
let isAway = false;
const controlIdOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1').split('|')[9] ?? '';

/** Refuses control ids that start with X. A token is no client certificate: whoever came by it must not be asked for one. */
function receive({ bytes, told, isVouchedFor }: Received): Promise<Reply> {
  if (isAway || !isVouchedFor) return Promise.resolve('close');
  const controlId = controlIdOf(bytes);
  received.push(controlId);
  const bad = controlId.startsWith('X');
  told?.({
    controlId,
    problems: bad ? [{ code: 'hl7.type-missing', location: 'MSH^1^9', errorCode: '200', reply: 'AR' }] : [],
  });
  return Promise.resolve([Buffer.from(`MSH|^~\\&|ack\rMSA|${bad ? 'AR' : 'AA'}|${controlId}\r`)]);
}

beforeAll(async () => {
  server = await aFhirServer({
    limits: { messageBytesMax: 1_000, batchBytesMax: 100_000, bodyMsMax: 1_000 },
    receive,
    clients: [operator],
  });
});
afterAll(() => server.close());
beforeEach(() => {
  received = [];
  isAway = false;
});

const message = (controlId: string) => `MSH|^~\\&|A|B|C|D|20261120||ADT^A01|${controlId}|P|2.5.1\r`;
const batch = (...ids: string[]) => `BHS|^~\\&|A|B|C|D\r${ids.map(message).join('')}BTS|${ids.length}\r`;

async function post(body: string, path = '/hl7', headers: Record<string, string> = {}): Promise<Response> {
  const authorization = `Bearer ${await server.token(server.clients.here, 'system/*.rs')}`;
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    body,
    headers: { authorization, 'content-type': 'application/hl7-v2', ...headers },
  });
}

async function ops(path: string, body?: unknown): Promise<{ status: number; json: Shown }> {
  const authorization = `Bearer ${await server.token(operatorClient, 'system/*.rs')}`;
  const response = await fetch(`${server.url}/ops${path}`, {
    headers: { authorization },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as Shown };
}

test('a batch is answered by a batch: one acknowledgment a message, in order', async () => {
  const response = await post(batch('1', 'X2', '3'));
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/hl7-v2; charset=utf-8']);
  const text = await response.text();
  expect(text.match(/MSA\|..\|\w+/g)).toEqual(['MSA|AA|1', 'MSA|AR|X2', 'MSA|AA|3']);
  expect(text).toMatch(/^BHS\|\^~\\&\|C\|D\|A\|B\|.*\rBTS\|3\|message 2 \(control id X2\): AR\r$/s);
  expect(received).toEqual(['1', 'X2', '3']);
});

test('larger than a message may be, and larger than a file may be', async () => {
  const ids = Array.from({ length: 300 }, (_, index) => `L${index}`);
  const response = await post(batch(...ids));
  expect([response.status, received]).toEqual([200, ids]);
  expect((await post(batch(...Array.from({ length: 3_000 }, (_, index) => `M${index}`)))).status).toBe(413);
});

test('bare messages are a file where the address says so, one message with another behind it where not', async () => {
  expect((await (await post(message('1') + message('2'), '/hl7?as=batch')).text()).match(/MSA\|AA/g)).toHaveLength(2);
  received = [];
  await post(message('1') + message('2'));
  expect(received).toEqual(['1']);
});

test('a file with nothing in it is refused', async () => {
  const response = await post('', '/hl7?as=batch');
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('hl7.not-a-message')]);
});

test('while the database is away there is no acknowledgment at all', async () => {
  isAway = true;
  const response = await post(batch('1'));
  expect([response.status, await response.text()]).toEqual([503, expect.not.stringContaining('MSA')]);
});

test('a file cut off on its way is not answered; its messages up to there are kept, the torn one is not', async () => {
  const authorization = `Bearer ${await server.token(server.clients.here, 'system/*.rs')}`;
  const ids = Array.from({ length: 200 }, (_, index) => `T${index}`);
  const text = batch(...ids);
  await new Promise<void>((resolve) => {
    const req = request(`${server.url}/hl7`, {
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'application/hl7-v2',
        'content-length': text.length,
        'content-disposition': 'attachment; filename="night.hl7"',
      },
    });
    req.on('error', () => resolve());
    req.write(text.slice(0, text.length - 40));
    setTimeout(() => req.destroy(), 200);
  });
  await expect
    .poll(async () => (await ops('/files?limit=1')).json.files[0])
    .toMatchObject({
      name: 'night.hl7',
      state: 'failed',
      reason: 'hl7.file-broken',
    });
  expect(received).not.toContain('T199');
});

test('operators see the file, what did not fit and how each message was answered', async () => {
  await post(`BHS|^~\\&\r${message('1')}${message('X2')}BTS|7\r`, '/hl7', {
    'content-disposition': 'attachment; filename="day 1.hl7"',
  });
  const { json } = await ops('/files?partner=hospital&state=done&limit=1');
  const [file] = json.files;
  expect(file).toMatchObject({ source: 'http', name: 'day 1.hl7', messages: 2, refused: 1, batches: 1 });
  expect(file?.flags).toEqual([
    { code: 'batch-count', place: 'BTS^1^1', says: expect.stringContaining('said 7, found 2') },
  ]);
  expect((await ops(`/files/${file?.id}`)).json.outcomes).toHaveLength(2);
  expect((await ops(`/files/${file?.id}?answer=refused`)).json.outcomes).toMatchObject([
    { number: 2, line: 3, controlId: 'X2', answer: 'AR', reason: 'hl7.type-missing', place: 'MSH^1^9' },
  ]);
  expect((await ops('/files/999999')).status).toBe(404);
  expect((await ops('/files/abc')).status).toBe(400);
  expect((await ops('/files?what=1')).status).toBe(400);
});

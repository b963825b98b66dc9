// HL7 v2 over HTTP: who may post, what is taken, and what comes back.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { aFhirServer, type FhirServer } from '../support/fhir-server.ts';

const message = 'MSH|^~\\&|A|B|C|D|20261120||ADT^A01|1|P|2.5.1\r';
let server: FhirServer;
let received: { bytes: string; partner: string; isOversize?: true }[] = [];
let reply: readonly Uint8Array[] | 'close' = [];
beforeAll(async () => {
  server = await aFhirServer({
    limits: { messageBytesMax: 1_000 },
    receive: ({ bytes, partner, isOversize }) => {
      received.push({ bytes: Buffer.from(bytes).toString('latin1'), partner, ...(isOversize && { isOversize }) });
      return Promise.resolve(reply);
    },
  });
});
afterAll(() => server.close());
beforeEach(() => {
  received = [];
  reply = [Buffer.from('MSH|^~\\&|ack\rMSA|AA|1\r')];
});

async function post(body: string | Buffer, headers: Record<string, string> = {}, query = ''): Promise<Response> {
  const authorization = `Bearer ${await server.token(server.clients.here, 'system/*.rs')}`;
  return fetch(`${server.url}/hl7${query}`, {
    method: 'POST',
    body,
    headers: { authorization, 'content-type': 'application/hl7-v2', ...headers },
  });
}

test('the acknowledgment is the body; the partner is the one of the token', async () => {
  const response = await post(message);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/hl7-v2; charset=utf-8']);
  expect(await response.text()).toBe('MSH|^~\\&|ack\rMSA|AA|1\r');
  expect(received).toEqual([{ bytes: message, partner: 'hospital' }]);
});

test('who names a partner is refused unless the token is that one’s', async () => {
  expect((await post(message, {}, '?partner=hospital')).status).toBe(200);
  received = [];
  for (const path of ['?partner=elsewhere', '?partner=', '?as=batch&partner=elsewhere'])
    expect((await post(message, {}, path)).status).toBe(403);
  expect(received).toEqual([]);
});

test('bytes arrive as they were sent', async () => {
  const bytes = Buffer.from([0x4d, 0x53, 0x48, 0xff, 0xfe, 0x00, 0x0d]);
  await post(bytes, { 'content-type': 'x-application/hl7-v2+er7; charset=iso-8859-1' });
  expect(received[0]?.bytes).toBe(bytes.toString('latin1'));
});

test('a refusal of the message is an acknowledgment too and answers 200', async () => {
  reply = [Buffer.from('MSA|AR|1\r')];
  const response = await post('no message at all');
  expect([response.status, await response.text()]).toEqual([200, 'MSA|AR|1\r']);
});

test('nothing to say is 204; nothing kept is 503 without an acknowledgment', async () => {
  reply = [];
  expect((await post(message)).status).toBe(204);
  reply = 'close';
  const response = await post(message);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await response.text()).not.toContain('MSA');
});

test('who sends no token, or one of a client that no feed lists, is refused and nothing is kept', async () => {
  expect((await post(message, { authorization: '' })).status).toBe(401);
  expect((await post(message, { authorization: 'Bearer x' })).status).toBe(401);
  const other = `Bearer ${await server.token(server.clients.there, 'system/*.rs')}`;
  const before = (await server.audit()).length;
  expect((await post(message, { authorization: other })).status).toBe(403);
  expect((await server.audit()).slice(before)).toMatchObject([
    { organisation: 'there', interaction: 'message', outcome: 8 },
  ]);
  expect(received).toEqual([]);
});

test('another type, another method and a message above the limit are refused', async () => {
  expect((await post(message, { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await post('x'.repeat(1_001))).status).toBe(413);
  expect((await post('x'.repeat(1_000))).status).toBe(200);
  const got = await fetch(`${server.url}/hl7`);
  expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
});

test('a message above the limit is refused by an acknowledgment, and its beginning handed on so that its fate is known', async () => {
  reply = [Buffer.from('MSH|^~\\&|ack\rMSA|AR|1\r')];
  const large = `${message}OBX|1|TX|||${'x'.repeat(1_000)}\r`;
  for (const body of [large, `\ufeff${large}`]) {
    received = [];
    const response = await post(body);
    expect([response.status, response.headers.get('content-type')]).toEqual([413, 'application/hl7-v2; charset=utf-8']);
    expect(await response.text()).toContain('MSA|AR|1');
    expect(received).toMatchObject([{ partner: 'hospital', isOversize: true }]);
    expect(received[0]?.bytes).toContain(message.trim());
  }
  // Without an answer that could say it is refused, and where no whole header begins it, there is the plain one.
  reply = 'close';
  expect(await (await post(large)).json()).toMatchObject({ error: 'http.body-too-large' });
  received = [];
  for (const body of ['x'.repeat(1_001), `${message.trim()}${'x'.repeat(1_000)}`])
    expect(await (await post(body)).json()).toMatchObject({ error: 'http.body-too-large' });
  expect(received).toEqual([]);
});

test('a body that grows past the limit without a length is cut off', async () => {
  const authorization = `Bearer ${await server.token(server.clients.here, 'system/*.rs')}`;
  const stream = new ReadableStream({
    pull(controller) {
      controller.enqueue(Buffer.alloc(600, 'x'));
    },
  });
  const response = await fetch(`${server.url}/hl7`, {
    method: 'POST',
    body: stream,
    duplex: 'half',
    headers: { authorization, 'content-type': 'application/hl7-v2' },
  } as RequestInit).catch(() => undefined);
  expect(response?.status ?? 413).toBe(413);
  expect(received).toEqual([]);
});

// Senders on slow lines (RFC 9110 15.5.9): a body that keeps coming is taken, one that stops or crawls is told so with 408
// and its own code. Real sockets; the limits are short, so nobody waits.

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FeedPartner } from '../../src/catalog/partner.ts';
import type { Received } from '../../src/flow/receive-message.ts';
import { aFhirServer, type FhirServer } from '../support/fhir-server.ts';
import { anOperator } from '../support/operator.ts';

const { partner: operator, client } = anOperator('here');

const feed = {
  kind: 'feed',
  id: 'hospital',
  organisation: 'here',
  http: { clients: ['client-here'] },
  dialect: {
    partner: 'hospital',
    timeZone: 'America/New_York',
    defaultAuthority: { uri: 'https://hospital.example/mrn', name: 'H' },
    authorities: {},
  },
} as unknown as FeedPartner;

const times = { bodyPauseMsMax: 400, bodyBytesPerSecondMin: 500, bodyMsMax: 20_000 };
let server: FhirServer;
let tokens: { readonly operator: string; readonly sender: string };

beforeAll(async () => {
  server = await aFhirServer({
    limits: times,
    clients: [operator],
    feeds: [feed],
    receive: ({ told }: Received) => {
      told?.({ controlId: '1', problems: [] });
      return Promise.resolve([Buffer.from('MSH|^~\\&|ack\rMSA|AA|1\r')]);
    },
  });
  tokens = {
    operator: await server.token(client, 'system/*.rs'),
    sender: await server.token(server.clients.here, 'system/*.rs'),
  };
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly ms: number;
}

interface Sent {
  readonly path: string;
  readonly type: string;
  readonly body: string;
  /** Bytes that go out at once, and the pause behind each. */
  readonly piece: number;
  readonly everyMs: number;
  /** No more than so many bytes ever come. */
  readonly upTo?: number;
}

/** Sends a body piece by piece until it is answered, and gives the answer when the connection has ended. */
async function send({ path, type, body, piece, everyMs, upTo = body.length }: Sent): Promise<Answer> {
  const started = performance.now();
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const token = path.startsWith('/ops') ? tokens.operator : tokens.sender;
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n` +
      `${upTo < body.length ? '' : 'Connection: close\r\n'}\r\n`,
  );
  for (let at = 0; at < upTo && text === ''; at += piece) {
    socket.write(body.slice(at, Math.min(at + piece, upTo)));
    await sleep(everyMs);
  }
  await ended;
  const [head = '', answer = ''] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body: answer, ms: performance.now() - started };
}

const message = (id: number) => `MSH|^~\\&|A|B|C|D|20261120||ADT^A01|${id}|P|2.5.1\r`;
const messages = Array.from({ length: 12 }, (_, id) => message(id)).join('');
const members = `identifier\n${Array.from({ length: 100 }, (_, at) => `${1000 + at}\n`).join('')}`;
const list = { path: '/ops/panel/loads', type: 'text/csv', body: members };
const batch = { path: '/hl7?as=batch', type: 'application/hl7-v2', body: messages };
const single = { path: '/hl7', type: 'application/hl7-v2', body: message(1) };

test.each([
  ['a list of members', list, 201],
  ['a file of messages', batch, 200],
])('%s that keeps coming is taken, however long a pause may be', async (_name, what, status) => {
  const answer = await send({ ...what, piece: Math.ceil(what.body.length / 8), everyMs: 80 });
  expect(answer.status).toBe(status);
  expect(answer.ms).toBeGreaterThan(times.bodyPauseMsMax);
});

test.each([
  ['a list of members', list, 100],
  ['a file of messages', batch, 100],
  ['one message', single, 20],
  ['a message of which nothing came', single, 0],
])('%s whose sender falls silent is answered with 408', async (_name, what, upTo) => {
  const { status, head, body, ms } = await send({ ...what, piece: 1_000, everyMs: 0, upTo });
  expect(status).toBe(408);
  expect(head).toMatch(/^connection: close$/im);
  expect(JSON.parse(body)).toMatchObject({
    error: 'http.body-unfinished',
    message: expect.stringContaining('did not arrive within its time'),
  });
  expect(ms).toBeLessThan(5_000);
});

test('a body that crawls has the time that fits its size, and no more', async () => {
  // 506 bytes at 500 a second, and one pause: 1.4 seconds.
  const { status, body, ms } = await send({ ...list, piece: 2, everyMs: 50 });
  expect([status, JSON.parse(body)]).toEqual([
    408,
    expect.objectContaining({ error: 'http.body-unfinished', detail: 'the whole may take 2 s' }),
  ]);
  expect(ms).toBeGreaterThan(1_300);
});

test('a file that stopped is told among the files, with the reason', async () => {
  const { rows } = await server.owner.query(`select state, reason from intake_file where state <> 'done'`);
  expect(rows).toEqual([{ state: 'failed', reason: 'http.body-unfinished' }]);
});

test('a search says it as an outcome', async () => {
  const form = { path: '/fhir/R4/Task/_search', type: 'application/x-www-form-urlencoded', body: '_count=1' };
  const { status, body } = await send({ ...form, piece: 3, everyMs: 0, upTo: 3 });
  expect([status, JSON.parse(body)]).toMatchObject([
    408,
    { resourceType: 'OperationOutcome', issue: [{ code: 'timeout', diagnostics: 'nothing came for 1 s' }] },
  ]);
});

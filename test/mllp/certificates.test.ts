// Several feeds on one port, told apart by the common names of their client certificates (F-41): never by the message.

import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { frame } from '../../src/hl7/frame.ts';
import { createMllpServer } from '../../src/mllp/server.ts';
import { aCertificateAuthority, type Credentials } from '../support/certificates.ts';
import { anAdmission } from '../support/hl7.ts';
import { generousLimits, type Peer, peerOn } from '../support/mllp.ts';

const authority = aCertificateAuthority();
const server = authority.issue('throughline.example');

const oldTls = (version: tls.SecureVersion): tls.ConnectionOptions => ({
  ...{ minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' },
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start() {
  const received: { partner: string; clientName: string | undefined }[] = [];
  const warned: Record<string, unknown>[] = [];
  const counted: string[] = [];
  const mllp = createMllpServer({
    listeners: [
      {
        port: 0,
        host: '127.0.0.1',
        partner: 'hill-hospital+lake-hospital',
        partnerOf: new Map([
          ['adt.hill.example', 'hill-hospital'],
          ['adt.lake.example', 'lake-hospital'],
          ['spare.lake.example', 'lake-hospital'],
        ]),
        tls: { ...server, ca: authority.cert, requireClientCertificate: true },
      },
    ],
    limits: generousLimits,
    log: { ...silentLog, warn: (event, fields) => void warned.push({ event, ...fields }) },
    count: (name, labels) => counted.push(`${name} ${labels.partner} ${labels.problem ?? ''}`.trim()),
    receive: async ({ bytes, partner, clientName }) => {
      received.push({ partner, clientName });
      return [Buffer.concat([Buffer.from('ACK '), bytes.subarray(0, 10)])];
    },
  });
  const { ports } = await mllp.listen();
  cleanups.push(() => mllp.stop(500));
  const connect = (client?: Credentials, more: tls.ConnectionOptions = {}): Promise<Peer> =>
    new Promise((resolve) => {
      const socket = tls.connect({
        port: ports[0]!,
        host: '127.0.0.1',
        ca: authority.cert,
        servername: 'localhost',
        ...client,
        ...more,
      });
      cleanups.push(() => void socket.destroy());
      const peer = peerOn(socket);
      socket.once('secureConnect', () => resolve(peer));
      socket.once('close', () => resolve(peer));
    });
  return { connect, received, warned, counted };
}

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds() && tries < 400; tries += 1) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('two feeds on one port', () => {
  it('are told apart by the names of their certificates', async () => {
    const { connect, received } = await start();
    for (const name of ['adt.hill.example', 'adt.lake.example', 'spare.lake.example']) {
      const peer = await connect(authority.issue(name));
      // Both write the same message, with the same sender in MSH-4.
      peer.write(frame(Buffer.from(anAdmission({ facility: 'HILL' }))));
      await until(() => peer.replies.length > 0);
      expect(peer.replies).toHaveLength(1);
    }
    expect(received).toEqual([
      { partner: 'hill-hospital', clientName: 'adt.hill.example' },
      { partner: 'lake-hospital', clientName: 'adt.lake.example' },
      { partner: 'lake-hospital', clientName: 'spare.lake.example' },
    ]);
  });

  it('a certificate of the same authority with another name is refused: nothing is read, the log says why', async () => {
    const { connect, received, warned, counted } = await start();
    const peer = await connect(authority.issue('adt.stranger.example'));
    peer.write(frame(Buffer.from(anAdmission({ facility: 'HILL', name: 'Winter^Ada' }))));
    await until(() => peer.isClosed());
    expect(peer.isClosed()).toBe(true);
    expect(peer.replies).toEqual([]);
    expect(received).toEqual([]);
    expect(counted).toContain('problem hill-hospital+lake-hospital unknown-certificate');
    expect(warned).toEqual([
      expect.objectContaining({ event: 'connection problem', kind: 'unknown-certificate', remote: '127.0.0.1' }),
    ]);
    expect(JSON.stringify(warned)).not.toMatch(/Winter|stranger/);
  });

  it.each([
    ['no certificate', undefined, {}],
    [
      'a certificate of another authority that bears the right name',
      aCertificateAuthority('Other').issue('adt.hill.example'),
      {},
    ],
    ['a certificate that has expired', authority.issue('adt.hill.example', { to: '20240101000000Z' }), {}],
    ['a certificate that does not hold yet', authority.issue('adt.hill.example', { from: '491231000000Z' }), {}],
    // Old versions are spoken at all only where the client lowers its own demands.
    ['TLS 1.1', authority.issue('adt.hill.example'), oldTls('TLSv1.1')],
    ['TLS 1.0', authority.issue('adt.hill.example'), oldTls('TLSv1')],
  ] as const)('%s is refused in the handshake', async (_, client, more) => {
    const { connect, received, counted } = await start();
    const peer = await connect(client, more);
    peer.write(frame(Buffer.from(anAdmission())));
    await until(() => peer.isClosed());
    expect(peer.isClosed()).toBe(true);
    expect(received).toEqual([]);
    expect(counted).toContain('problem hill-hospital+lake-hospital handshake');
  });

  it('a client that asks for the keys to be changed gets no second handshake, and others go on', async () => {
    const { connect, received } = await start();
    const client = authority.issue('adt.hill.example');
    const peer = await connect(client, { maxVersion: 'TLSv1.2' });
    let isDone = false;
    (peer.socket as tls.TLSSocket).renegotiate({}, (failed) => {
      isDone = failed === null;
    });
    // A refusal is an alert to which not every client says anything; a new handshake is done in milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isDone).toBe(false);
    const other = await connect(client, { maxVersion: 'TLSv1.2' });
    other.write(frame(Buffer.from(anAdmission())));
    await until(() => other.replies.length > 0);
    expect(other.replies).toHaveLength(1);
    expect(received).toHaveLength(1);
  });
});

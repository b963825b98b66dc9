// The whole service with two feeds of two organisations on one port: the client certificate decides whose a message is,
// whatever it says of itself.

import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { frame } from '../../src/hl7/frame.ts';
import { untilDecided, withOwner } from '../support/aftermath.ts';
import { aCertificateAuthority, type Credentials } from '../support/certificates.ts';
import { aDatabase, type TestDatabase } from '../support/database.ts';
import { anUpdate } from '../support/hl7.ts';
import { peerOn } from '../support/mllp.ts';
import { type Addresses, aTestFolder, type ServiceProcess, startProcess } from '../support/service-process.ts';
import { freePorts, twoOrganisations } from '../support/two-organisations.ts';

const authority = aCertificateAuthority();
let database: TestDatabase;
let service: ServiceProcess;
let addresses: Addresses;

beforeAll(async () => {
  database = await aDatabase();
  const [port] = (await freePorts(1)) as [number];
  const { profilesDir } = await twoOrganisations({ 'hill-practice': port, 'lake-practice': port });
  const folder = aTestFolder('certificates');
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const server = authority.issue('throughline.example');
  const [key, cert, ca] = [file('s.key', server.key), file('s.crt', server.cert), file('ca.crt', authority.cert)];
  for (const feed of ['hill-hospital', 'lake-hospital']) {
    const settings = `key-file: ${key}, cert-file: ${cert}, ca-file: ${ca}, client-certificate: required`;
    appendFileSync(
      path.join(profilesDir, 'partners', `${feed}.yaml`),
      `\ntls: { ${settings}, names: [${feed}.example] }\n`,
    );
  }
  service = await startProcess({ DATABASE_URL: database.url, PROFILES_DIR: profilesDir });
  addresses = await service.ready;
}, 60_000);
afterAll(() => service?.kill('SIGTERM'));

/** The acknowledgment, or nothing where the connection was closed without one. */
function send(client: Credentials, message: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = tls.connect({
      port: addresses.mllp['hill-hospital'] as number,
      host: '127.0.0.1',
      ca: authority.cert,
      servername: 'localhost',
      ...client,
    });
    const peer = peerOn(socket);
    socket.once('secureConnect', () => peer.write(frame(Buffer.from(message))));
    const timer = setInterval(() => {
      if (peer.replies.length === 0 && !peer.isClosed()) return;
      clearInterval(timer);
      socket.destroy();
      resolve(peer.replies[0]);
    }, 5);
  });
}

test('both partners are told the one port', () => {
  expect(addresses.mllp['hill-hospital']).toBe(addresses.mllp['lake-hospital']);
});

test('the same message is each organisation’s own, by the certificate that brought it', async () => {
  const message = anUpdate({ mrn: '9001', visit: 'V9001', facility: 'HILL', controlId: 'shared' });
  for (const feed of ['hill-hospital', 'lake-hospital'])
    expect(await send(authority.issue(`${feed}.example`), message)).toContain('MSA|AA|shared');
  await untilDecided(database.ownerUrl);
  const rows = await withOwner(database.ownerUrl, async (client) => {
    const found = await client.query('select organisation, partner, state from inbox order by organisation');
    return found.rows as unknown[];
  });
  expect(rows).toEqual([
    { organisation: 'hill-practice', partner: 'hill-hospital', state: 'applied' },
    { organisation: 'lake-practice', partner: 'lake-hospital', state: 'applied' },
  ]);
});

test('a certificate of nobody is closed upon, and the log says so without a word of the message', async () => {
  const message = anUpdate({ mrn: '9002', facility: 'HILL', name: 'Secretperson^Ada' });
  expect(await send(authority.issue('stranger.example'), message)).toBeUndefined();
  const warned = () => service.output().includes('unknown-certificate');
  for (let tries = 0; !warned() && tries < 200; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(warned()).toBe(true);
  expect(service.output()).not.toContain('Secretperson');
});

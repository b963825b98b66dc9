// Where the MLLP server listens: addresses, taken ports, and TLS with client certificates.

import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { describe, expect, test, vi } from 'vitest';
import { connectMllp } from '../../scripts/mllp-client.ts';
import { silentLog } from '../../src/base/log.ts';
import { frame } from '../../src/hl7/frame.ts';
import { createMllpServer } from '../../src/mllp/server.ts';
import { connectPeer, generousLimits, type MllpFixtureOptions, peerOn } from '../support/mllp.ts';
import { cleanups, start } from '../support/mllp-session.ts';

describe('listening', () => {
  test('a port that is taken rejects, and no other is held', async () => {
    const { port } = await start();
    const spare = await new Promise<number>((resolve) => {
      const probe = net.createServer().listen(0, '127.0.0.1', () => {
        const { port: free } = probe.address() as net.AddressInfo;
        probe.close(() => resolve(free));
      });
    });
    const listener = (at: number) => ({ port: at, host: '127.0.0.1', partner: 'x' });
    const second = createMllpServer({
      listeners: [listener(spare), listener(port)],
      limits: generousLimits,
      log: silentLog,
      receive: async () => [],
    });
    await expect(second.listen()).rejects.toThrow('EADDRINUSE');
    await expect(connectPeer(spare)).rejects.toThrow('ECONNREFUSED');
  });

  test('each port is a partner of its own', async () => {
    const server = createMllpServer({
      listeners: ['north', 'south'].map((partner) => ({ port: 0, host: '127.0.0.1', partner })),
      limits: generousLimits,
      log: silentLog,
      receive: async ({ partner, remote }) => [Buffer.from(`${partner} ${remote}`)],
    });
    const { ports } = await server.listen();
    cleanups.push(() => server.stop(500));
    const answers = await Promise.all(
      ports.map(async (port) => {
        const client = await connectMllp({ host: '127.0.0.1', port });
        const answer = await client.send('x');
        await client.close();
        return answer;
      }),
    );
    expect(answers).toEqual(['north 127.0.0.1', 'south 127.0.0.1']);
  });
});

describe('TLS', () => {
  const file = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
  const server = { key: file('server.key'), cert: file('server.crt'), ca: file('authority.crt') };
  const trust = { ca: file('authority.crt') };
  const nameOf: MllpFixtureOptions['receive'] = async ({ clientName }) => [Buffer.from(clientName ?? 'nobody')];

  const startTls = (requireClientCertificate: boolean, limits: MllpFixtureOptions['limits'] = {}) =>
    start({ listener: { tls: { ...server, requireClientCertificate } }, receive: nameOf, limits });
  const ask = async (port: number, options: tls.ConnectionOptions) => {
    const client = await connectMllp({ host: 'localhost', port, tls: options, timeMsMax: 5000 });
    cleanups.push(() => client.close());
    return client.send('x');
  };

  test('a client certificate names its owner', async () => {
    const { port } = await startTls(true);
    expect(await ask(port, { ...trust, key: file('client.key'), cert: file('client.crt') })).toBe('general-hospital');
  });

  test.each([
    ['without a certificate', {}],
    ['with a stranger’s certificate', { key: file('stranger.key'), cert: file('stranger.crt') }],
  ])('%s nothing is received where one is required', async (_what, identity) => {
    const { port, received, counted, server: mllp } = await startTls(true);
    await expect(ask(port, { ...trust, ...identity })).rejects.toThrow();
    expect(received).toEqual([]);
    await vi.waitFor(() => expect(counted).toContain('problem handshake'));
    await vi.waitFor(() => expect(mllp.connectionCount).toBe(0));
  });

  test('where none is required, a certificate that cannot be verified names nobody', async () => {
    const { port } = await startTls(false);
    expect(await ask(port, trust)).toBe('nobody');
    expect(await ask(port, { ...trust, key: file('stranger.key'), cert: file('stranger.crt') })).toBe('nobody');
    expect(await ask(port, { ...trust, key: file('client.key'), cert: file('client.crt') })).toBe('general-hospital');
  });

  test('TLS 1.1 is refused', async () => {
    const { port } = await startTls(false);
    await expect(ask(port, { ...trust, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' })).rejects.toThrow();
  });

  test('a plain peer is not received, and a silent one does not shut out a sender', async () => {
    const { port, connect, received, counted } = await startTls(false, { connectionsMax: 3 });
    const plain = await connect();
    plain.write(frame('plain'));
    await vi.waitFor(() => expect(plain.isClosed()).toBe(true));
    expect(received).toEqual([]);
    for (let count = 0; count < 5; count += 1) await connect();
    expect(await ask(port, trust)).toBe('nobody');
    expect(counted).toContain('problem evicted');
  });

  test('places are given back when TLS connections end', async () => {
    const { port, server: mllp } = await startTls(false);
    for (let count = 0; count < 3; count += 1) {
      const socket = tls.connect({ port, host: 'localhost', ...trust });
      const peer = peerOn(socket);
      await vi.waitFor(() => expect(socket.authorized).toBe(true));
      peer.write(frame('x'));
      await vi.waitFor(() => expect(peer.replies).toEqual(['nobody']));
      if (count === 0) socket.end();
      else socket.destroy();
    }
    await vi.waitFor(() => expect(mllp.connectionCount).toBe(0));
  });

  test('stopping ends TLS connections and unfinished handshakes', async () => {
    const { port, server: mllp, connect } = await startTls(false);
    const socket = tls.connect({ port, host: 'localhost', ...trust });
    const peer = peerOn(socket);
    await vi.waitFor(() => expect(socket.authorized).toBe(true));
    const silent = await connect();
    await vi.waitFor(() => expect(mllp.connectionCount).toBe(2));
    await mllp.stop(1000);
    await vi.waitFor(() => expect([peer.isClosed(), silent.isClosed()]).toEqual([true, true]));
  });
});

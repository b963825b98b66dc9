// What the MLLP server promises beyond framing: one message at a time, no reply without receipt, limits that a rude
// peer cannot turn against others, and an orderly stop.

import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { frame } from '../../src/hl7/frame.ts';
import { acknowledgmentOf, connectPeer } from '../support/mllp.ts';
import { cleanups, start } from '../support/mllp-session.ts';

const many = (count: number) => Buffer.concat(Array.from({ length: count }, (_, index) => frame(`m${index}`)));

/** A promise that is settled from outside. */
function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('one message in progress per connection', () => {
  test('5 000 pipelined messages are received one at a time and answered in order', async () => {
    let running = 0;
    let most = 0;
    const { connect } = await start({
      receive: async ({ bytes }) => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return [acknowledgmentOf(bytes)];
      },
    });
    const peer = await connect();
    peer.write(many(5000));
    await vi.waitFor(() => expect(peer.replies.length).toBe(5000), { timeout: 15_000 });
    expect(most).toBe(1);
    expect(peer.replies).toEqual(Array.from({ length: 5000 }, (_, index) => `ACK m${index}`));
  });

  test('connections do not wait for one another', async () => {
    const first = gate();
    const { connect } = await start({
      receive: async ({ bytes }) => {
        if (Buffer.from(bytes).toString() === 'slow') await first.opened;
        return [acknowledgmentOf(bytes)];
      },
    });
    const [slow, quick] = [await connect(), await connect()];
    slow.write(frame('slow'));
    quick.write(frame('quick'));
    await vi.waitFor(() => expect(quick.replies).toEqual(['ACK quick']));
    expect(slow.replies).toEqual([]);
    first.open();
    await vi.waitFor(() => expect(slow.replies).toEqual(['ACK slow']));
  });

  test('a sender that ends its side while a message is in progress still gets its reply, then the connection ends', async () => {
    const { connect, received } = await start({
      receive: async ({ bytes }) => {
        await pause(100);
        return [acknowledgmentOf(bytes)];
      },
    });
    const peer = await connect();
    peer.socket.end(many(2));
    await vi.waitFor(() => expect(peer.replies).toEqual(['ACK m0', 'ACK m1']));
    await vi.waitFor(() => expect(peer.isClosed()).toBe(true));
    expect(received).toEqual(['m0', 'm1']);
  });

  test('two replies to one message go out in their order, and none is none', async () => {
    const { connect } = await start({
      receive: async ({ bytes }) => (bytes.length === 1 ? [] : [Buffer.from('CA'), Buffer.from('AA')]),
    });
    const peer = await connect();
    peer.write(Buffer.concat([frame('x'), frame('both')]));
    await vi.waitFor(() => expect(peer.replies).toEqual(['CA', 'AA']));
  });
});

describe('back-pressure', () => {
  test('a sender that never waits is slowed down, not buffered', async () => {
    const hold = gate();
    const { connect, received } = await start({
      limits: { queuedMax: 4 },
      receive: async ({ bytes }) => {
        await hold.opened;
        return [acknowledgmentOf(bytes)];
      },
    });
    const peer = await connect();
    const message = frame('x'.repeat(100_000));
    let isTaken = false;
    for (let count = 0; count < 400; count += 1) isTaken = peer.socket.write(message);
    await pause(300);
    expect(isTaken).toBe(false);
    // 40 MB were offered; what the sockets and four frames hold is far less.
    expect(peer.socket.writableLength).toBeGreaterThan(20_000_000);
    expect(received.length).toBe(1);
    hold.open();
    await vi.waitFor(() => expect(peer.replies.length).toBe(400), { timeout: 15_000 });
  });

  test('the time limit of a frame stands still while the server is the slow one', async () => {
    const hold = gate();
    const { connect, counted } = await start({
      limits: { queuedMax: 1, frameTimeMsMax: 150 },
      receive: async ({ bytes }) => {
        await hold.opened;
        return [acknowledgmentOf(bytes)];
      },
    });
    const peer = await connect();
    const last = Buffer.from(frame('last'));
    peer.write(Buffer.concat([many(3), last.subarray(0, 3)]));
    await pause(50);
    peer.write(last.subarray(3));
    await pause(400);
    hold.open();
    await vi.waitFor(() => expect(peer.replies.at(-1)).toBe('ACK last'));
    expect(counted).toEqual(['connection']);
  });

  test('a peer that takes no replies is dropped', async () => {
    const { connect, counted } = await start({
      limits: { frameTimeMsMax: 200 },
      receive: async () => [Buffer.alloc(4_000_000)],
    });
    const peer = await connect();
    peer.socket.pause();
    peer.write(many(20));
    await vi.waitFor(() => expect(counted).toContain('problem reply-timeout'), { timeout: 5000 });
  });
});

describe('no reply without receipt', () => {
  test.each([
    ['refuses to keep it', async () => 'close' as const],
    ['fails', async () => Promise.reject(new Error('no database'))],
  ])('the connection is closed when receiving %s', async (_what, fail) => {
    let isFirst = true;
    const { connect, received, counted } = await start({
      receive: async ({ bytes }) => {
        if (!isFirst) return fail();
        isFirst = false;
        return [acknowledgmentOf(bytes)];
      },
    });
    const peer = await connect();
    peer.write(many(4));
    await vi.waitFor(() => expect(peer.isClosed()).toBe(true));
    expect(peer.replies).toEqual(['ACK m0']);
    // What stood behind it is not received either: the sender sends all of it again, in order.
    expect(received).toEqual(['m0', 'm1']);
    expect(counted).toContain('problem not-received');
  });
});

describe('limits', () => {
  test('of a frame one byte over the largest size only the beginning is given on, in its turn, and the next one is taken', async () => {
    const oversized: boolean[] = [];
    const { connect, counted } = await start({
      limits: { bytesMax: 1000 },
      receive: async ({ bytes, isOversize = false }) => {
        oversized.push(isOversize);
        return [acknowledgmentOf(bytes.subarray(0, 3))];
      },
    });
    const peer = await connect();
    for (const text of [`all${'x'.repeat(997)}`, `big${'x'.repeat(998)}`, 'end']) peer.write(frame(text));
    await vi.waitFor(() => expect(peer.replies).toEqual(['ACK all', 'ACK big', 'ACK end']));
    expect(oversized).toEqual([false, true, false]);
    expect(counted).toContain('problem frame-too-large');
  });

  test('the connection that is one too many is refused, the others live', async () => {
    const { connect, counted } = await start({ limits: { connectionsMax: 2 } });
    const peers = [await connect(), await connect()];
    for (const peer of peers) peer.write(frame('a'));
    for (const peer of peers) await vi.waitFor(() => expect(peer.replies).toEqual(['ACK a']));
    const third = await connect();
    await vi.waitFor(() => expect(third.isClosed()).toBe(true));
    expect(counted).toContain('refused');
    for (const peer of peers) peer.write(frame('b'));
    for (const peer of peers) await vi.waitFor(() => expect(peer.replies).toEqual(['ACK a', 'ACK b']));
    peers[0]?.socket.destroy();
    await vi.waitFor(async () => {
      const again = await connect();
      again.write(frame('c'));
      await vi.waitFor(() => expect(again.replies).toEqual(['ACK c']), { timeout: 200 });
    });
  });

  test('so is one too many of an address', async () => {
    const { connect, counted } = await start({ limits: { connectionsPerAddressMax: 1 } });
    const first = await connect();
    first.write(frame('a'));
    await vi.waitFor(() => expect(first.replies).toEqual(['ACK a']));
    const second = await connect();
    await vi.waitFor(() => expect(second.isClosed()).toBe(true));
    expect(counted).toContain('refused');
    expect(first.isClosed()).toBe(false);
  });

  test.each([
    ['over all addresses', { connectionsMax: 50 }],
    ['of one address', { connectionsPerAddressMax: 50 }],
  ])('a horde of idle sockets at the limit %s does not shut out a sender', async (_what, limits) => {
    const { connect, counted, server } = await start({ limits });
    const sender = await connect();
    sender.write(frame('early'));
    await vi.waitFor(() => expect(sender.replies).toEqual(['ACK early']));
    for (let count = 0; count < 120; count += 1) (await connect()).write('\x0bM');
    const started = performance.now();
    const late = await connect();
    late.write(frame('late'));
    await vi.waitFor(() => expect(late.replies).toEqual(['ACK late']), { interval: 5 });
    expect(performance.now() - started).toBeLessThan(1000);
    sender.write(frame('still'));
    await vi.waitFor(() => expect(sender.replies).toEqual(['ACK early', 'ACK still']));
    expect(server.connectionCount).toBeLessThanOrEqual(50);
    expect(counted).toContain('problem evicted');
  });

  test('a connection that brings no message is closed after the idle time, bytes or not', async () => {
    const { connect, counted } = await start({ limits: { idleTimeMsMax: 200 } });
    const [silent, noisy] = [await connect(), await connect()];
    const noise = setInterval(() => noisy.write('x'), 20);
    cleanups.push(() => clearInterval(noise));
    await vi.waitFor(() => expect([silent.isClosed(), noisy.isClosed()]).toEqual([true, true]), { timeout: 3000 });
    expect(counted.filter((name) => name === 'problem idle').length).toBe(2);
  });

  test('the idle time starts again with each message, and does not run while one is in progress', async () => {
    const { connect, counted } = await start({
      limits: { idleTimeMsMax: 200 },
      receive: async ({ bytes }) => {
        await pause(350);
        return [acknowledgmentOf(bytes)];
      },
    });
    const peer = await connect();
    await pause(120);
    peer.write(frame('a'));
    await vi.waitFor(() => expect(peer.replies).toEqual(['ACK a']));
    await pause(120);
    expect(peer.isClosed()).toBe(false);
    peer.write(frame('b'));
    await vi.waitFor(() => expect(peer.replies).toEqual(['ACK a', 'ACK b']));
    expect(counted).toEqual(['connection']);
    await vi.waitFor(() => expect(peer.isClosed()).toBe(true));
    expect(counted).toEqual(['connection', 'problem idle']);
  });
});

describe('stopping', () => {
  test('what is in progress is received and acknowledged, what waits is not', async () => {
    const hold = gate();
    const { connect, server, received } = await start({
      receive: async ({ bytes }) => {
        await hold.opened;
        return [acknowledgmentOf(bytes)];
      },
    });
    const [busy, idle] = [await connect(), await connect()];
    busy.write(many(3));
    await vi.waitFor(() => expect(received).toEqual(['m0']));
    const stopped = server.stop(5000);
    await vi.waitFor(() => expect(idle.isClosed()).toBe(true));
    expect(busy.isClosed()).toBe(false);
    hold.open();
    await stopped;
    await vi.waitFor(() => expect(busy.isClosed()).toBe(true));
    expect(busy.replies).toEqual(['ACK m0']);
    expect(received).toEqual(['m0']);
  });

  test('no new connection is taken', async () => {
    const { server, port } = await start();
    await server.stop(100);
    await expect(connectPeer(port)).rejects.toThrow('ECONNREFUSED');
  });

  test('it takes no longer than it may', async () => {
    const { connect, server, received } = await start({ receive: () => new Promise(() => {}) });
    const peer = await connect();
    peer.write(frame('a'));
    await vi.waitFor(() => expect(received).toEqual(['a']));
    const started = performance.now();
    await server.stop(200);
    expect(performance.now() - started).toBeLessThan(1500);
    await vi.waitFor(() => expect(peer.isClosed()).toBe(true));
    expect(server.connectionCount).toBe(0);
  });

  test('a peer that does not close its end does not delay it', async () => {
    const { server, port } = await start();
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    cleanups.push(() => void socket.destroy());
    socket.on('error', () => {});
    await vi.waitFor(() => expect(server.connectionCount).toBe(1));
    const started = performance.now();
    await server.stop(5000);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

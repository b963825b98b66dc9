// Frames over real sockets (HL7 v2 MLLP release 1): however the bytes are cut, each message is received once, whole,
// and answered in its order.

import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { frame } from '../../src/hl7/frame.ts';
import { connectPeer, type MllpFixture, type Peer, startMllp } from '../support/mllp.ts';

let mllp: MllpFixture;
let peer: Peer;

beforeEach(async () => {
  mllp = await startMllp({ limits: { bytesMax: 11_000_000, frameTimeMsMax: 400 } });
  peer = await connectPeer(mllp.port);
});

afterEach(async () => {
  peer.socket.destroy();
  await mllp.server.stop(1000);
});

const framed = (text: string) => Buffer.from(frame(text));
const replies = (...texts: string[]) =>
  vi.waitFor(() => expect(peer.replies).toEqual(texts.map((text) => `ACK ${text}`)));

/** Lets one write leave as a packet of its own. */
const packet = async (bytes: Uint8Array | string) => {
  peer.write(bytes);
  await pause(5);
};

describe('pieces', () => {
  test('a message byte by byte', async () => {
    for (const byte of framed('MSH|a')) await packet(Uint8Array.of(byte));
    await replies('MSH|a');
  });

  test('FS and CR in two packets', async () => {
    const bytes = framed('MSH|a');
    await packet(bytes.subarray(0, -1));
    await packet(bytes.subarray(-1));
    await replies('MSH|a');
  });

  test('a multi-byte character in two packets', async () => {
    const bytes = framed('Müller 山');
    await packet(bytes.subarray(0, 3));
    await packet(bytes.subarray(3, 12));
    await packet(bytes.subarray(12));
    await replies('Müller 山');
    expect(mllp.received).toEqual(['Müller 山']);
  });

  test('three messages in one packet', async () => {
    peer.write(Buffer.concat(['a', 'b', 'c'].map(framed)));
    await replies('a', 'b', 'c');
  });

  test('one message and a half, then the rest', async () => {
    const second = framed('second');
    await packet(Buffer.concat([framed('first'), second.subarray(0, 4)]));
    await replies('first');
    await packet(second.subarray(4));
    await replies('first', 'second');
  });

  test('a message of 10 MB', async () => {
    const text = `MSH|${'x'.repeat(10_000_000)}`;
    peer.write(framed(text));
    await vi.waitFor(() => expect(peer.replies.length).toBe(1), { timeout: 10_000 });
    expect(mllp.received[0] === text).toBe(true);
  });
});

describe('faults', () => {
  test('a missing end block: the unfinished message is dropped, the next one received', async () => {
    peer.write(Buffer.concat([Buffer.from('\x0bunfinished'), framed('next')]));
    await replies('next');
    expect(mllp.counted).toContain('problem missing-end-block');
  });

  test('garbage before a message is dropped', async () => {
    peer.write(Buffer.concat([Buffer.from('\0\0garbage\x1c\r'), framed('a')]));
    await replies('a');
    expect(mllp.counted).toContain('problem noise');
  });

  test('line ends between messages are no garbage', async () => {
    peer.write(Buffer.concat([framed('a'), Buffer.from('\r\n'), framed('b')]));
    await replies('a', 'b');
    expect(mllp.counted).toEqual(['connection']);
  });

  test('a lone FS is data', async () => {
    peer.write(framed('a\x1cb'));
    await replies('a\x1cb');
  });

  test('an HTTP probe gets no reply and is not received', async () => {
    peer.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await vi.waitFor(() => expect(mllp.counted).toContain('problem noise'));
    peer.write(framed('a'));
    await replies('a');
    expect(mllp.received).toEqual(['a']);
  });

  test('an unreadable message does not harm the one after it', async () => {
    peer.write(Buffer.concat([framed('\x06'), framed(''), framed('MSH|good')]));
    await replies('\x06', '', 'MSH|good');
  });

  test('a partial frame held beyond the limit ends the connection, and nobody else’s', async () => {
    const other = await connectPeer(mllp.port);
    peer.write('\x0bMSH|half');
    await vi.waitFor(() => expect(peer.isClosed()).toBe(true));
    expect(mllp.counted).toContain('problem frame-timeout');
    other.write(framed('a'));
    await vi.waitFor(() => expect(other.replies).toEqual(['ACK a']));
    other.socket.destroy();
  });

  test('dripping bytes does not extend the time for a frame', async () => {
    const started = performance.now();
    peer.write('\x0b');
    while (!peer.isClosed() && performance.now() - started < 5000) await packet('x');
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('an endless frame ends the connection at the size limit', async () => {
    peer.write('\x0b');
    const block = Buffer.alloc(1 << 20, 'x');
    for (let count = 0; count < 40 && !peer.isClosed(); count += 1) {
      peer.write(block);
      await pause(1);
    }
    await vi.waitFor(() => expect(peer.isClosed()).toBe(true));
    expect(mllp.counted.some((name) => name === 'problem frame-too-large' || name === 'problem frame-timeout')).toBe(
      true,
    );
    expect(mllp.received).toEqual([]);
  });

  test('a reset in the middle of a frame leaves the server well', async () => {
    peer.write('\x0bMSH|half');
    await pause(20);
    peer.socket.resetAndDestroy();
    const next = await connectPeer(mllp.port);
    next.write(framed('a'));
    await vi.waitFor(() => expect(next.replies).toEqual(['ACK a']));
    next.socket.destroy();
  });

  test('a sender that leaves right after its last byte is received', async () => {
    peer.write(framed('a'));
    await pause(10);
    peer.socket.resetAndDestroy();
    await vi.waitFor(() => expect(mllp.received).toEqual(['a']));
  });

  test('a sender that ends its side still gets its reply', async () => {
    peer.socket.end(Buffer.concat([framed('a'), framed('b')]));
    await replies('a', 'b');
    await vi.waitFor(() => expect(peer.isClosed()).toBe(true));
  });
});

test('it listens on the address it was given and no other', async () => {
  const address = mllp.port;
  const reached = await new Promise<boolean>((resolve) => {
    const socket = net.connect(address, '127.0.0.2');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.unref();
  });
  expect(reached).toBe(false);
});

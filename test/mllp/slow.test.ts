// A thousand half-open connections (F-38) and a good sender among them: at the limits as they are by default, whoever
// the slow ones are, wherever they come from and whatever they have sent before.

import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { frame } from '../../src/hl7/frame.ts';
import { createSlots, type Slot } from '../../src/mllp/slots.ts';
import type { Peer } from '../support/mllp.ts';
import { start } from '../support/mllp-session.ts';

const byDefault = { connectionsMax: 512, connectionsPerAddressMax: 256 };

test('1 000 half-open connections from its own address do not keep a sender from being served', async () => {
  const { connect, counted, server } = await start({ limits: { ...byDefault, frameTimeMsMax: 1_500 } });
  const early = await connect();
  early.write(frame('m0'));
  const slow: Peer[] = [];
  for (let count = 0; count < 1_000; count += 1) {
    const peer = await connect();
    peer.write('\x0bMSH|^~\\&|SLOW');
    slow.push(peer);
  }
  const late = await connect();
  for (let count = 1; count <= 100; count += 1) {
    for (const peer of [early, late]) peer.write(frame(`m${count}`));
    if (count % 10 === 0) for (const peer of slow) peer.write('x');
    await pause(1);
  }
  await vi.waitFor(() => expect([early.replies.length, late.replies.length]).toEqual([101, 100]), { timeout: 10_000 });
  expect(early.replies.at(-1)).toBe('ACK m100');
  expect(server.connectionCount).toBeLessThanOrEqual(256);
  await vi.waitFor(() => expect(slow.every((peer) => peer.isClosed())).toBe(true), { timeout: 10_000 });
  expect(new Set(counted)).toEqual(new Set(['connection', 'problem evicted', 'problem frame-timeout']));
  expect([early.isClosed(), late.isClosed()]).toEqual([false, false]);
}, 30_000);

function aSlot(
  name: string,
  taken: string[],
  state: { brought?: boolean; stuck?: boolean; address?: string } = {},
): Slot {
  return {
    address: state.address ?? '192.0.2.1',
    hasBroughtMessage: state.brought ?? false,
    isStuck: () => state.stuck ?? false,
    evict: () => taken.push(name),
  };
}

test('without room, the oldest that brought nothing goes, then the oldest stuck in a frame, and nobody else', () => {
  const gone: string[] = [];
  const slots = createSlots({ connectionsMax: 4, connectionsPerAddressMax: 4 });
  slots.take(aSlot('sender', gone, { brought: true }));
  slots.take(aSlot('stuck', gone, { brought: true, stuck: true }));
  slots.take(aSlot('stuck later', gone, { brought: true, stuck: true }));
  slots.take(aSlot('idle', gone));
  const newcomers = ['a', 'b', 'c', 'd'].map((name) => slots.take(aSlot(name, gone, { brought: true })));
  expect(newcomers).toEqual([true, true, true, false]);
  expect(gone).toEqual(['idle', 'stuck', 'stuck later']);
  expect(slots.count).toBe(4);
});

test('an address that has all its places taken loses one of its own', () => {
  const gone: string[] = [];
  const slots = createSlots({ connectionsMax: 9, connectionsPerAddressMax: 1 });
  slots.take(aSlot('other', gone, { address: '192.0.2.2' }));
  slots.take(aSlot('first', gone));
  expect(slots.take(aSlot('second', gone))).toBe(true);
  expect(gone).toEqual(['first']);
});

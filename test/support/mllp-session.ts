// MLLP servers and peers of one test: whatever a test starts ends with it, in reverse order.

import { afterEach } from 'vitest';
import { connectPeer, type MllpFixtureOptions, startMllp } from './mllp.ts';

export const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export async function start(options: MllpFixtureOptions = {}) {
  const mllp = await startMllp(options);
  cleanups.push(() => mllp.server.stop(500));
  const connect = async () => {
    const peer = await connectPeer(mllp.port);
    cleanups.push(() => void peer.socket.destroy());
    return peer;
  };
  return { ...mllp, connect };
}

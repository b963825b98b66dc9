// A horde of half-open connections in a process of its own: each has begun a frame and goes on with a byte now and
// then, never to its end. It says how many are still connected; asked for none, it lets them go.

import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer } from './child.ts';

export interface SlowQuestion {
  readonly mllpPort: number;
  readonly connections: number;
}

export interface SlowAnswer {
  readonly open: number;
}

/** In turn, so that each of a thousand sends a byte every ten seconds. */
const everyMs = 10;
const sockets = new Set<net.Socket>();
let dribbling: NodeJS.Timeout | undefined;

function dribble(): void {
  let turn = 0;
  dribbling = setInterval(() => {
    const all = [...sockets];
    turn += 1;
    all[turn % Math.max(1, all.length)]?.write('x');
  }, everyMs);
}

function open(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      resolve();
    });
    socket.once('connect', () => {
      sockets.add(socket);
      socket.write('\x0bMSH|^~\\&|SLOW');
      resolve();
    });
  });
}

answer<SlowQuestion>(async ({ mllpPort, connections }): Promise<SlowAnswer> => {
  clearInterval(dribbling);
  if (connections === 0) for (const socket of sockets) socket.destroy();
  for (let at = 0; at < connections; at += 50)
    await Promise.all(Array.from({ length: Math.min(50, connections - at) }, () => open(mllpPort)));
  await sleep(300);
  if (connections > 0) dribble();
  return { open: sockets.size };
});

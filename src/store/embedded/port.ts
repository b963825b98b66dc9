// Which port the embedded server listens on when nobody asked for one: the same as last time, so that whoever
// holds its address keeps it; else one below the range that outgoing connections draw from.

import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { Fault } from '../../base/fault.ts';
import type { Place } from './place.ts';

/**
 * Ports from 32768 up may be taken by any outgoing connection; a client that keeps dialling a stopped server
 * there can even connect to itself and so keep the server out.
 */
const range = { from: 20_000, to: 32_000 };

export async function choosePort(place: Place, isRetry: boolean): Promise<number> {
  const last = readLastPort(place);
  if (last !== undefined && !isRetry && (await isFree(last))) return last;
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(range.from, range.to);
    if (await isFree(port)) return port;
  }
  throw new Fault('postgres.start', { detail: `No free port between ${range.from} and ${range.to}.` });
}

function readLastPort(place: Place): number | undefined {
  try {
    return Number(readFileSync(place.lastPort, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

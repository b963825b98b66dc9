// The running server, as its own files and the process table tell: postmaster.pid holds its id on line 1, its
// port on line 4 and its phase on line 8.

import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../base/fault.ts';
import { commandOf, lifeOf, processesIn, workingFolder } from './alive.ts';
import type { Place } from './place.ts';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly phase: 'starting' | 'ready' | 'stopping';
}

/** The live postmaster of this cluster. A zombie, or another program that now has its id, is none. */
export function findPostmaster(place: Place): Postmaster | undefined {
  const lines = pidFile(place);
  const pid = Number(lines?.[0]);
  if (!lines || !pid || lifeOf(pid) === undefined || !serves(pid, place)) return undefined;
  const phase = lines[7]?.trim();
  return { pid, port: Number(lines[3] ?? 0), phase: phase === 'ready' || phase === 'stopping' ? phase : 'starting' };
}

/**
 * Makes way for a new server; the caller holds the place's lock, so none is on its way. Postgres itself passes
 * over the file of a dead process, but takes a zombie or a recycled id for alive; and it waits for no child of a
 * killed server that still holds shared memory.
 */
export async function clearRemains(place: Place): Promise<void> {
  if (findPostmaster(place)) return;
  const left = await untilAlone(place, 1_000);
  // Most end by themselves once they notice. One deep in a long query does not.
  for (const pid of left) signal(pid, 'SIGKILL');
  if (left.length > 0) await untilAlone(place, 5_000);
  rmSync(join(place.cluster, 'postmaster.pid'), { force: true });
}

/** Waits until no process of a gone server is left, and says which still are when time is up. */
export async function untilAlone(place: Place, limitMs: number): Promise<number[]> {
  const cluster = realpathSync(place.cluster);
  const deadline = Date.now() + limitMs;
  for (;;) {
    const left = processesIn(cluster).filter((pid) => /^(postgres: |\S*\/postgres )/.test(commandOf(pid)));
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(20);
  }
}

/** Recovery after a crash replays up to `max_wal_size`, which takes minutes on a slow disk. */
const readyMs = 600_000;

/** Undefined when `isLost` says that waiting is no use. */
export async function untilReady(place: Place, isLost: () => boolean): Promise<Postmaster | undefined> {
  const deadline = Date.now() + readyMs;
  while (Date.now() < deadline) {
    if (isLost()) return undefined;
    const found = findPostmaster(place);
    if (found?.phase === 'ready') return found;
    await sleep(10);
  }
  throw new Fault('postgres.start', { detail: `Postgres was not ready after ${readyMs / 1000} s.` });
}

/** For a server that another process started: undefined when it ends before it is ready. */
export const untilAdoptable = (place: Place): Promise<Postmaster | undefined> =>
  untilReady(place, () => (findPostmaster(place)?.phase ?? 'stopping') === 'stopping');

/** Waits for a server that is on its way out; one that never arrives there is killed, which loses nothing committed. */
export async function untilGone(pid: number, limitMs = 60_000): Promise<void> {
  const life = lifeOf(pid);
  const deadline = Date.now() + limitMs;
  while (life !== undefined && lifeOf(pid) === life) {
    if (Date.now() > deadline) signal(pid, 'SIGKILL');
    await sleep(10);
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone already, which is what every signal sent here is for.
  }
}

function pidFile(place: Place): string[] | undefined {
  try {
    return readFileSync(join(place.cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
}

/** On Windows nothing tells; there an id that lives is believed. */
const serves = (pid: number, place: Place): boolean =>
  process.platform === 'win32' ||
  commandOf(pid).includes(` -D ${place.cluster} `) ||
  workingFolder(pid) === realpathSync(place.cluster);

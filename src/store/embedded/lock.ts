// One starter at a time per place. The lock saves work and noise; safety does not hang on it, because a finished
// cluster appears by one rename and Postgres itself refuses a second server on one folder.

import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../base/fault.ts';
import { lifeOf } from './alive.ts';

/** Longer than the holder may wait for a server that recovers from a crash. */
const waitMs = 900_000;

export async function withLock<Result>(lock: string, work: () => Promise<Result>): Promise<Result> {
  const mine = `${process.pid} ${lifeOf(process.pid) ?? ''} ${randomUUID()}`;
  const deadline = Date.now() + waitMs;
  while (!takeLock(lock, mine)) {
    const holder = readLock(lock);
    if (holder !== undefined && !isHeld(holder)) removeStale(lock);
    else if (Date.now() > deadline) {
      throw new Fault('postgres.start', { detail: `Another process has held ${lock} for ${waitMs / 1000} s.` });
    } else await sleep(25);
  }
  try {
    return await work();
  } finally {
    if (readLock(lock) === mine) rmSync(lock, { force: true });
  }
}

/** Written aside and linked into place, so a lock file is never seen empty. */
function takeLock(lock: string, mine: string): boolean {
  const aside = `${lock}.${randomUUID()}`;
  writeFileSync(aside, mine, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(aside, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readLock(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return undefined;
  }
}

function isHeld(holder: string): boolean {
  const [pid, life] = holder.split(' ');
  return lifeOf(Number(pid)) === life;
}

function removeStale(lock: string): void {
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
    rmSync(aside, { force: true });
  } catch {
    // Someone else removed it first.
  }
}

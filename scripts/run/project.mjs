// What the parts of run.mjs share: where the project is, how to speak, and one at a time.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** To stderr: the standard output belongs to the command. */
export const say = (text) => process.stderr.write(`${text}\n`);

/** Something the caller can put right; shown without a stack. */
export class Refusal extends Error {}

/** Two commands started together must not install, or build, over one another. */
export async function oneAtATime(work) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const lock = join(tmpdir(), `throughline-run-${process.getuid?.() ?? 0}-${name}`);
  const holder = join(lock, 'pid');
  for (let hasSpoken = false; ; ) {
    try {
      mkdirSync(lock);
      writeFileSync(holder, String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isAlive(holder)) rmSync(lock, { recursive: true, force: true });
      else if (!hasSpoken) {
        say('Waiting for another command that installs or builds …');
        hasSpoken = true;
      }
      await sleep(100);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isAlive(holder) {
  try {
    return process.kill(Number(readFileSync(holder, 'utf8')) || process.pid, 0);
  } catch (error) {
    // Between making the folder and writing the file there is a moment without one.
    return error.code === 'EPERM' || (error.code === 'ENOENT' && isFresh(holder));
  }
}

const seen = new Map();
function isFresh(holder) {
  const since = seen.get(holder) ?? Date.now();
  seen.set(holder, since);
  return Date.now() - since < 2_000;
}

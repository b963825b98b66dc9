// Postgres killed at random moments of a feed (F-09): the service stays, starts it again, says AA for nothing that is
// not on disk, and ends where an undisturbed one would.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { expectAsUndisturbed, untilDecided } from '../support/aftermath.ts';
import { aFeed } from '../support/feed.ts';
import { start } from '../support/postgres-folder.ts';
import { createProgress } from '../support/progress.ts';
import { seeded } from '../support/seeded.ts';
import { deliver } from '../support/sender.ts';
import { aTestFolder, startProcess } from '../support/service-process.ts';

const seed = 91_842;
const messages = aFeed({
  seed,
  messages: 2_000,
  patients: 300,
  before: Math.floor(Date.now() / 3_600_000) * 3_600_000,
});

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('outlives its database, however often that is restarted at once', { timeout: 300_000 }, async () => {
  const random = seeded(seed);
  const folder = aTestFolder('restarted');
  const service = await startProcess({ DATA_DIR: folder });
  const port = (await service.ready).mllp['general-hospital'] as number;
  const postgres = await start(path.join(folder, 'postgres'), { database: 'throughline', durable: true });
  /** The server that runs now; right after a kill there may be none for a moment. */
  const postmaster = async (): Promise<number> => {
    const file = path.join(postgres.dataDir, 'cluster', 'postmaster.pid');
    while (!existsSync(file)) await sleep(5);
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    return isAlive(pid) ? pid : sleep(5).then(postmaster);
  };

  let acknowledged = 0;
  const progress = createProgress();
  const delivering = deliver(messages, {
    port: () => port,
    connections: 6,
    onAcknowledged: (count) => {
      acknowledged = count;
      progress.reach(count);
    },
  });
  const backMs: number[] = [];
  const counts = Array.from({ length: 20 }, (_, index) => index * 95 + random.whole(1, 90));
  for (const [index, count] of counts.entries()) {
    await progress.until(count);
    await sleep(random.whole(0, 40));
    const from = performance.now();
    // What `pg_ctl restart -m immediate` sends, and every third time what the kernel sends when memory is short.
    process.kill(await postmaster(), index % 3 === 2 ? 'SIGKILL' : 'SIGQUIT');
    await sleep(20);
    const before = acknowledged;
    void progress.until(before + 1).then(() => backMs.push(Math.round(performance.now() - from)));
  }
  const delivery = await delivering;
  await untilDecided(postgres.url);

  expect(service.isRunning() || service.output().slice(-3_000)).toBe(true);
  expect(delivery.strange).toEqual([]);
  expect(delivery.stalled).toBe(0);
  expect(delivery.acknowledged).toHaveLength(messages.length);
  await expectAsUndisturbed(postgres.url, messages, delivery.acknowledged);
  console.info(
    `20 restarts, ${delivery.again} tries repeated; first acknowledgment after one, ms: ${backMs.join(' ')}`,
  );
  expect(await service.kill('SIGTERM')).toEqual({ code: 0, signal: null });
});

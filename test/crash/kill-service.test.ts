// kill -9 of the service at random moments of a feed, started again at once (F-01): what was acknowledged is there
// once, and what came of it is as if nothing had happened.

import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { expectAsUndisturbed, untilDecided } from '../support/aftermath.ts';
import { aFeed } from '../support/feed.ts';
import { start } from '../support/postgres-folder.ts';
import { createProgress } from '../support/progress.ts';
import { seeded } from '../support/seeded.ts';
import { deliver } from '../support/sender.ts';
import { aTestFolder, type Settings, startProcess } from '../support/service-process.ts';

const seed = 20_261_122;
const messages = aFeed({
  seed,
  messages: 2_000,
  patients: 300,
  before: Math.floor(Date.now() / 3_600_000) * 3_600_000,
});

it('loses and doubles nothing, however often the service is killed', { timeout: 300_000 }, async () => {
  const random = seeded(seed);
  const folder = aTestFolder('killed');
  let settings: Settings = { DATA_DIR: folder };
  let service = await startProcess(settings);
  const { http, mllp } = await service.ready;
  const port = mllp['general-hospital'] as number;
  settings = { ...settings, HTTP_PORT: new URL(http).port, MLLP_PORT: String(port) };

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
  const kill = async () => {
    const from = performance.now();
    await service.kill('SIGKILL');
    const before = acknowledged;
    service = await startProcess(settings);
    void progress.until(before + 1).then(() => backMs.push(Math.round(performance.now() - from)));
  };

  // Fifteen times while messages arrive, two of these again while it starts; five times while it works off the rest.
  const counts = Array.from({ length: 13 }, () => random.whole(1, 1_950)).sort((a, b) => a - b);
  for (const [index, count] of counts.entries()) {
    await progress.until(count);
    await sleep(random.whole(0, 40));
    await kill();
    if (index % 6 === 5) {
      await sleep(random.whole(0, 1_200));
      await kill();
    }
  }
  const delivery = await delivering;
  for (let times = 0; times < 5; times += 1) {
    await service.ready;
    await sleep(random.whole(0, 120));
    await kill();
  }

  await service.ready;
  const postgres = await start(path.join(folder, 'postgres'), { database: 'throughline', durable: true });
  await untilDecided(postgres.url);
  expect(delivery.strange).toEqual([]);
  expect(delivery.stalled).toBe(0);
  expect(delivery.acknowledged).toHaveLength(messages.length);
  await expectAsUndisturbed(postgres.url, messages, delivery.acknowledged);
  console.info(
    `20 kills, ${delivery.again} tries repeated; first acknowledgment after a kill, ms: ${backMs.join(' ')}`,
  );
  expect(await service.kill('SIGTERM')).toEqual({ code: 0, signal: null });
});

// SIGTERM under load (F-04): what was acknowledged is kept, what was not is dropped without a word, and the process is
// gone with code 0 well within its time, even when its peers are slow and its database is silent.

import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchLocalToken } from '../../scripts/local-token.ts';
import { expectAsUndisturbed, untilDecided } from '../support/aftermath.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { aDatabase, type TestDatabase } from '../support/database.ts';
import { aFeed } from '../support/feed.ts';
import { createProgress } from '../support/progress.ts';
import { deliver, sendOnce } from '../support/sender.ts';
import { aTestFolder, type ServiceProcess, startProcess } from '../support/service-process.ts';

const stopMsMax = 10_000;
let database: TestDatabase;
beforeAll(async () => {
  database = await aDatabase();
});
let running: ServiceProcess | undefined;
afterAll(() => running?.kill('SIGTERM'));

it('stopped and started five times during a feed, it loses nothing', { timeout: 90_000 }, async () => {
  const messages = aFeed({ seed: 4, messages: 600, patients: 90, before: Date.parse('2026-11-20T12:00:00Z') });
  const progress = createProgress();
  let service = await startProcess({ DATABASE_URL: database.url });
  let port = (await service.ready).mllp['general-hospital'] as number;
  const settings = { DATABASE_URL: database.url, MLLP_PORT: String(port) };
  const delivering = deliver(messages, { port: () => port, connections: 4, onAcknowledged: progress.reach });
  const took: number[] = [];
  for (const count of [40, 150, 260, 370, 480]) {
    await progress.until(count);
    const from = performance.now();
    expect(await service.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    took.push(Math.round(performance.now() - from));
    service = await startProcess(settings);
    port = (await service.ready).mllp['general-hospital'] as number;
  }
  running = service;
  const delivery = await delivering;
  expect(delivery).toMatchObject({ strange: [], stalled: 0 });
  expect(Math.max(...took)).toBeLessThan(stopMsMax);
  await untilDecided(database.ownerUrl);
  await expectAsUndisturbed(database.ownerUrl, messages, delivery.acknowledged);
  console.info(`stopped under load in ms: ${took.join(' ')}; ${delivery.again} tries repeated`);
});

it('slow peers and a silent database do not hold it up', { timeout: 60_000 }, async () => {
  const proxy = await startCuttingProxy(database.url);
  const service = await startProcess({ DATABASE_URL: proxy.through(database.url) });
  const { http, mllp } = await service.ready;
  const half = net.connect(mllp['general-hospital'] as number, '127.0.0.1');
  half.write('\x0bMSH|^~\\&|half a message');
  const waiting = net.connect(Number(new URL(http).port), '127.0.0.1');
  waiting.write(
    'POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\ngrant',
  );
  for (const socket of [half, waiting]) socket.on('error', () => undefined);
  proxy.setMood('swallow');
  const [message] = aFeed({ seed: 5, messages: 1, patients: 2, before: Date.parse('2026-11-20T12:00:00Z') });
  const answer = sendOnce(mllp['general-hospital'] as number, message as string);
  await sleep(300);
  const from = performance.now();
  expect(await service.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  const took = performance.now() - from;
  expect(took).toBeLessThan(stopMsMax);
  console.info(`stopped with a silent database in ${Math.round(took)} ms`);
  expect(await answer).toBe('closed');
  for (const socket of [half, waiting]) socket.destroy();
  await proxy.stop();
});

it('readers meanwhile get whole answers and no 5xx', { timeout: 60_000 }, async () => {
  const dataDir = aTestFolder('readers');
  const service = await startProcess({ DATA_DIR: dataDir });
  const { http } = await service.ready;
  const local = { dataDir, host: '127.0.0.1', httpPort: Number(new URL(http).port), publicUrl: undefined };
  const { token } = await fetchLocalToken(local, 'system/*.rs');
  const statuses = new Map<number, number>();
  let broken = 0;
  async function readOn(path: string): Promise<void> {
    for (;;) {
      try {
        const answer = await fetch(`${http}${path}`, { headers: { authorization: `Bearer ${token}` } });
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        await answer.json();
      } catch (thrown) {
        // An answer that has begun and does not end is worse than none.
        if (!(thrown instanceof TypeError) || thrown.message !== 'fetch failed') broken += 1;
        return;
      }
    }
  }
  const reading = ['Task', 'Patient?identifier=none', 'CarePlan', 'Encounter', 'metadata', 'Task?status=requested'].map(
    (path) => readOn(`/fhir/R4/${path}`),
  );
  await expect.poll(() => statuses.get(200) ?? 0, { timeout: 20_000 }).toBeGreaterThan(50);
  const from = performance.now();
  expect(await service.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  const took = performance.now() - from;
  expect(took).toBeLessThan(stopMsMax);
  await Promise.all(reading);
  expect([...statuses.keys()]).toEqual([200]);
  expect(broken).toBe(0);
  console.info(`stopped under reading in ${Math.round(took)} ms after ${statuses.get(200)} answers`);
});

// The connection to the database cut at the worst moments (F-02, F-03, F-10, F-11), and senders that go too early
// (F-37): no acknowledgment without the message on disk, no second effect of one that was.

import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { instant } from '../../src/base/instant.ts';
import { createIntake } from '../../src/flow/intake.ts';
import { frame } from '../../src/hl7/frame.ts';
import { openDatabase } from '../../src/store/pool.ts';
import { expectAsUndisturbed, untilDecided, withOwner } from '../support/aftermath.ts';
import { type CuttingProxy, startCuttingProxy } from '../support/cutting-proxy.ts';
import { aDatabase, type TestDatabase } from '../support/database.ts';
import { aFeed } from '../support/feed.ts';
import { aDischarge, anAdmission } from '../support/hl7.ts';
import { deliver, sendOnce } from '../support/sender.ts';
import { type ServiceProcess, startProcess } from '../support/service-process.ts';

let database: TestDatabase;
let proxy: CuttingProxy;
let service: ServiceProcess;
let port: number;
const sent: string[] = [];

beforeAll(async () => {
  database = await aDatabase();
  proxy = await startCuttingProxy(database.url);
  service = await startProcess({ DATABASE_URL: proxy.through(database.url) });
  port = (await service.ready).mllp['general-hospital'] as number;
}, 60_000);
afterAll(async () => {
  await service.kill('SIGTERM');
  await proxy.stop();
});

const count = async (what: string): Promise<number> =>
  withOwner(
    database.ownerUrl,
    async (owner) => (await owner.query(`select count(*)::int as count from ${what}`)).rows[0].count as number,
  );

function next(): string {
  const mrn = `C${sent.length}`;
  sent.push(aDischarge({ mrn, visit: `V${mrn}`, at: '20261118150000-0500', controlId: `cut-${mrn}` }));
  return sent.at(-1) as string;
}

/** Sends until it is acknowledged; gives what the tries came to. */
async function sendAgain(message: string): Promise<string[]> {
  const answers: string[] = [];
  for (let again = 0; again < 50 && !answers.at(-1)?.includes('MSA|AA|'); again += 1) {
    if (again > 0) await sleep(50);
    answers.push(await sendOnce(port, message));
  }
  return answers;
}

it('committed, but the answer of the database lost: no AA; the resent message is known (F-02)', async () => {
  const message = next();
  const cut = proxy.cutAfter('intake.keep');
  expect(await sendOnce(port, message)).toBe('closed');
  await cut;
  expect(await count('message')).toBe(1);
  expect(await sendOnce(port, message)).toContain('MSA|AA|cut-C0');
  await untilDecided(database.ownerUrl);
  expect([await count('message'), await count(`resource where type = 'Task'`)]).toEqual([1, 4]);
});

it('lost before it reached the database: no AA; the resent message is kept', async () => {
  const message = next();
  const cut = proxy.cutBefore('intake.keep');
  expect(await sendOnce(port, message)).toBe('closed');
  await cut;
  expect(await count('message')).toBe(1);
  expect((await sendAgain(message)).at(-1)).toContain('MSA|AA|cut-C1');
});

it.each(['cutAfter', 'cutBefore'] as const)(
  'a worked batch whose commit was lost on the way (%s) has one effect',
  async (when) => {
    await untilDecided(database.ownerUrl);
    const before = await count(`resource where type = 'Task'`);
    const cut = proxy[when]('commit\0');
    expect(await sendOnce(port, next())).toContain('MSA|AA|');
    await cut;
    await untilDecided(database.ownerUrl);
    expect(await count(`resource where type = 'Task'`)).toBe(before + 4);
  },
);

it('a sender that hangs up right after the last byte: kept; its second try is acknowledged (F-03, F-37)', async () => {
  for (const goodbye of ['end', 'destroy', 'end', 'destroy', 'end', 'destroy'] as const) {
    const message = next();
    await new Promise<void>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => {
        if (goodbye === 'end') socket.end(frame(Buffer.from(message)));
        else socket.write(frame(Buffer.from(message)), () => socket.destroy());
      });
      socket.on('error', () => undefined).on('close', () => resolve());
      socket.resume();
    });
    expect(await sendOnce(port, message)).toContain('MSA|AA|');
  }
});

it('database away: closed without an answer, the process stays; back again: acknowledged', async () => {
  const message = next();
  const { http } = await service.ready;
  proxy.setMood('refuse');
  for (let tries = 0; tries < 5; tries += 1) expect(await sendOnce(port, message)).toBe('closed');
  expect((await fetch(`${http}/readyz`)).status).toBe(503);
  expect((await fetch(`${http}/healthz`)).status).toBe(200);
  proxy.setMood('pass');
  const answers = await sendAgain(message);
  expect(answers.at(-1)).toContain('MSA|AA|');
  expect(service.isRunning() || service.output().slice(-3_000)).toBe(true);
});

it('every backend ended, again and again, under load: all acknowledged in the end (F-10)', async () => {
  const messages = aFeed({ seed: 10, messages: 150, patients: 25, before: Date.parse('2026-11-20T12:00:00Z') });
  sent.push(...messages);
  let isOver = false;
  const ending = (async () => {
    for (let times = 0; times < 15 && !isOver; times += 1) {
      await withOwner(database.ownerUrl, (owner) =>
        owner.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'throughline%' and datname = current_database()`,
        ),
      );
      await sleep(250);
    }
  })();
  const delivery = await deliver(messages, { port: () => port, connections: 3 });
  isOver = true;
  await ending;
  expect(delivery).toMatchObject({ strange: [], stalled: 0 });
  expect(service.isRunning() || service.output().slice(-3_000)).toBe(true);
});

it('leaves what an undisturbed run leaves', { timeout: 60_000 }, async () => {
  await untilDecided(database.ownerUrl);
  await expectAsUndisturbed(database.ownerUrl, sent, sent);
});

it('a network that swallows packets: given up in bounded time, and healed when it passes them again (F-11)', async () => {
  const limited = openDatabase({
    url: proxy.through(database.url),
    organisation: 'riverside-practice',
    application: 'throughline half-open',
    connectionsMax: 2,
    statementMsMax: 200,
  });
  const intake = createIntake(
    limited,
    () => instant(Date.now()),
    () => undefined,
  );
  const keep = (controlId: string) =>
    intake.keep({
      partner: 'general-hospital',
      controlId,
      digest: Buffer.from(controlId),
      raw: Buffer.from(anAdmission({ controlId })),
      shard: 1,
      trigger: 'ADT^A01',
    });
  await keep('HALF-1');
  proxy.setMood('swallow');
  await expect(keep('HALF-2')).rejects.toMatchObject({ code: 'store.unavailable' });
  // Without a connection at all, the wait for one is bounded too.
  const both = await Promise.allSettled([keep('HALF-3'), keep('HALF-4')]);
  expect(both).toMatchObject(Array(2).fill({ status: 'rejected', reason: { code: 'store.unavailable' } }));
  proxy.setMood('pass');
  await keep('HALF-2');
  expect(await count(`message where control_id like 'HALF-%'`)).toBe(2);
  await limited.close();
});

// Overload by others' doing, over real sockets and a real database: a sender that never waits (F-35), one that loses
// patience and sends again (F-36), and a facility that floods (F-40). Counted, not timed.

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { frame } from '../../src/hl7/frame.ts';
import { anAdmission } from '../support/hl7.ts';
import { start } from '../support/mllp-session.ts';
import { open } from '../support/sender.ts';
import { aSite, type TestSite } from '../support/site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await aSite({ now: '2026-11-22T15:00:00Z' });
});
afterAll(() => site.close());

const message = (name: string) =>
  anAdmission({ mrn: name, visit: `V${name}`, at: '20261120100000-0500', name: `Moss^${name}`, controlId: name });
const count = async (table: string) => Number((await site.owner.query(`select count(*) from ${table}`)).rows[0].count);

it('messages sent again and again while nothing can be kept are kept once, and all senders hear so', async () => {
  const { port } = await start({ receive: site.receive });
  const names = Array.from({ length: 20 }, (_, at) => `P${at}`);
  await site.owner.query('begin');
  await site.owner.query('lock table message in access exclusive mode');
  for (let round = 0; round < 3; round += 1)
    await Promise.all(
      names.map(async (name) => {
        const line = await open(port);
        expect(await line?.ask(message(name), 40)).toBe('silent');
        line?.end();
      }),
    );
  const last = names.map(async (name) => {
    const line = await open(port);
    const answer = await line?.ask(message(name), 20_000);
    line?.end();
    return answer;
  });
  await sleep(50);
  await site.owner.query('commit');
  const answers = await Promise.all(last);
  for (const [at, answer] of answers.entries())
    expect(answer).toMatchObject({ text: expect.stringContaining(`MSA|AA|${names[at]}`) });
  expect([await count('message'), await count('inbox')]).toEqual([names.length, names.length]);
  await site.work();
  expect(await count('patient')).toBe(names.length);
});

it('a sender that never waits is held up by TCP, and each of its messages is kept once, in order', {
  timeout: 120_000,
}, async () => {
  const { connect } = await start({ receive: site.receive });
  const peer = await connect();
  const before = await count('message');
  const names = Array.from({ length: 10_000 }, (_, at) => `W${at}`);
  const note = `NTE|1||${'so much to tell '.repeat(180)}\r`;
  let written = 0;
  const writing = (async () => {
    for (const name of names) {
      if (!peer.socket.write(frame(Buffer.from(message(name) + note)))) await once(peer.socket, 'drain');
      written += 1;
    }
  })();
  await site.owner.query('begin');
  await site.owner.query('lock table message in access exclusive mode');
  for (let last = -1; last < written; await sleep(200)) last = written;
  // Nothing can be kept just now: what is not in the buffers of the kernel has stayed with the sender.
  expect(written).toBeLessThan(names.length / 2);
  await site.owner.query('commit');
  await writing;
  await vi.waitFor(() => expect(peer.replies).toHaveLength(names.length), { timeout: 90_000, interval: 100 });
  expect(peer.replies.every((reply, at) => reply.includes(`MSA|AA|${names[at]}\r`))).toBe(true);
  expect((await count('message')) - before).toBe(names.length);
});

it('a facility that floods over eight connections holds nobody else up for more than what is under way', async () => {
  const mllp = await start({ receive: site.receive });
  const floods = await Promise.all(Array.from({ length: 8 }, () => mllp.connect()));
  const each = 400;
  const flooded = () => floods.reduce((sum, peer) => sum + peer.replies.length, 0);
  for (const [lane, peer] of floods.entries())
    for (let at = 0; at < each; at += 1) peer.write(frame(Buffer.from(message(`F${lane}-${at}`))));
  const line = await open(mllp.port);
  const passed: number[] = [];
  while (flooded() < floods.length * each - 200) {
    const before = flooded();
    const answer = await line?.ask(message(`Q${passed.length}`), 20_000);
    expect(answer).toMatchObject({ text: expect.stringContaining('MSA|AA') });
    passed.push(flooded() - before);
  }
  line?.end();
  expect(passed.length).toBeGreaterThan(5);
  // Eight connections with eight messages under way each: those being kept, those gathered behind them, and slack.
  expect(Math.max(...passed)).toBeLessThanOrEqual(8 * 8 * 4);
});

// What must hold after a disturbed feed: every message is there once, byte for byte, and decided; and what came of them
// is what comes of them undisturbed.

import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect } from 'vitest';
import { essenceOf } from './essence.ts';
import { aSite } from './site.ts';

export const practice = 'riverside-practice';

/** What the same messages lead to when nothing disturbs. */
export async function undisturbedEssence(messages: readonly string[]): Promise<string[]> {
  const site = await aSite({ now: new Date().toISOString() });
  await Promise.all(messages.map((message) => site.send(message)));
  await site.work();
  const essence = await essenceOf(site.owner, practice);
  await site.close();
  return essence;
}

/** A connection of the database's owner; a lost one is opened again by the next call. */
export async function withOwner<Result>(url: string, work: (owner: pg.Client) => Promise<Result>): Promise<Result> {
  const owner = new pg.Client({
    connectionString: url,
    application_name: 'test owner',
    connectionTimeoutMillis: 5_000,
  });
  owner.on('error', () => undefined);
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end().catch(() => undefined);
  }
}

export async function untilDecided(url: string): Promise<void> {
  const waiting = () =>
    withOwner(
      url,
      async (owner) =>
        (await owner.query(`select count(*)::int as count from inbox where state = 'received'`)).rows[0]
          .count as number,
    );
  while ((await waiting().catch(() => 1)) > 0) await sleep(100);
}

export async function expectAsUndisturbed(
  url: string,
  messages: readonly string[],
  acknowledged: readonly string[],
): Promise<void> {
  await withOwner(url, async (owner) => {
    const { rows: kept } = await owner.query<{ raw: Buffer }>('select raw from message_raw');
    const counts = new Map<string, number>();
    for (const { raw } of kept) counts.set(raw.toString('utf8'), (counts.get(raw.toString('utf8')) ?? 0) + 1);
    expect(acknowledged.filter((message) => counts.get(message) !== 1)).toEqual([]);
    expect([...counts.keys()].filter((message) => !messages.includes(message))).toEqual([]);
    const { rows: undecided } = await owner.query(
      `select message, state, reason from inbox where state not in ('applied', 'ignored', 'parked') or (state <> 'applied' and reason is null) or reason like 'defect%'`,
    );
    expect(undecided).toEqual([]);
    const { rows: audits } = await owner.query(
      `select i.message, count(a.id)::int as audits from inbox i left join audit a on a.request = i.message::text and a.interaction = 'message'
        where i.state <> 'ignored' group by i.message having count(a.id) <> 1`,
    );
    expect(audits).toEqual([]);
    const essence = await essenceOf(owner, practice);
    const expected = await undisturbedEssence(messages);
    expect(expected.length).toBeGreaterThan(1);
    expect(essence.filter((line) => !expected.includes(line)).slice(0, 3)).toEqual([]);
    expect(expected.filter((line) => !essence.includes(line)).slice(0, 3)).toEqual([]);
    expect(essence).toHaveLength(expected.length);
  });
}

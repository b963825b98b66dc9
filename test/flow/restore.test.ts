// The database is restored from a backup, and the senders send again what they still hold (F-08): the same as if
// nothing had happened.

import { afterAll, expect, it } from 'vitest';
import { aDatabase, type TestDatabase } from '../support/database.ts';
import { essenceOf } from '../support/essence.ts';
import { aFeed } from '../support/feed.ts';
import { aSite, type TestSite } from '../support/site.ts';

const now = '2026-11-22T15:00:00Z';
const feed = aFeed({ seed: 8, messages: 240, patients: 40, before: Date.parse(now) });
const sites: TestSite[] = [];
afterAll(async () => {
  for (const site of sites) await site.close();
});

async function another(database?: TestDatabase): Promise<TestSite> {
  const site = await aSite({ now, ...(database && { database }) });
  sites.push(site);
  return site;
}
async function play(site: TestSite, messages: readonly string[]): Promise<void> {
  for (const message of messages) expect(String(await site.send(message))).toContain('MSA|AA');
}
const essence = (site: TestSite) => essenceOf(site.owner, 'riverside-practice');
const countOf = async (site: TestSite) =>
  (
    await site.owner.query(
      'select (select count(*) from message)::int as messages, (select count(*) from inbox)::int as entries',
    )
  ).rows[0];

it('a backup from the middle of the day, and a window of messages sent again, end where the lost database did', async () => {
  const lost = await another();
  await play(lost, feed);
  await lost.work();

  // The backup was taken while some of what had been acknowledged was not worked yet.
  const database = await aDatabase();
  const before = await aSite({ now, database });
  await play(before, feed.slice(0, 110));
  await before.work(16);
  await play(before, feed.slice(110, 130));
  await before.close();
  const restored = await another(await aDatabase({ copyOf: database }));

  await play(restored, feed.slice(80));
  await restored.work();
  expect(await countOf(restored)).toEqual(await countOf(lost));
  expect(await essence(restored)).toEqual(await essence(lost));
});

// Locks on words: one batch waits for another only where they name the same, and never takes more than the table holds.

import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lockWords } from '../../src/store/locks.ts';
import { type Database, openDatabase, type Transaction } from '../../src/store/pool.ts';
import { aDatabase } from '../support/database.ts';

let database: Database;
let owner: pg.Client;
beforeAll(async () => {
  const made = await aDatabase();
  database = openDatabase({ url: made.url, organisation: 'here', application: 'test', connectionsMax: 4 });
  owner = new pg.Client({ connectionString: made.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await database.close();
});

const locksHeld = async (): Promise<number> =>
  Number((await owner.query(`select count(*) from pg_locks where locktype = 'advisory' and granted`)).rows[0].count);
const words = (count: number, mark: string) => Array.from({ length: count }, (_, at) => `${mark}${at}`);

/** Whether somebody else gets the locks while the first transaction holds its own. */
async function isFree(first: (tx: Transaction) => Promise<void>, second: (tx: Transaction) => Promise<void>) {
  return database.transaction(async (tx) => {
    await first(tx);
    const attempt = database.transaction(async (other) => {
      await other.query('test.timeout', `set local lock_timeout = '300ms'`, []);
      await second(other);
    });
    return attempt.then(
      () => true,
      () => false,
    );
  });
}
const alone =
  (...exclusive: string[]) =>
  (tx: Transaction) =>
    lockWords(tx, 'stays', { exclusive });
const beside =
  (...shared: string[]) =>
  (tx: Transaction) =>
    lockWords(tx, 'stays', { shared });

it('keeps others from the same word, and from no other', async () => {
  expect(await isFree(alone('a', 'b'), alone('b'))).toBe(false);
  expect(await isFree(alone('a', 'b'), alone('c'))).toBe(true);
  expect(await isFree(beside('a'), beside('a'))).toBe(true);
  expect(await isFree(beside('a'), alone('a'))).toBe(false);
});

it('takes one lock for all where a batch names more than the table has room for', async () => {
  await database.transaction(async (tx) => {
    await alone(...words(20_000, 'w'))(tx);
    expect(await locksHeld()).toBe(1);
  });
  expect(await isFree(alone(...words(20_000, 'w')), alone('x'))).toBe(false);
  expect(await isFree(beside(...words(20_000, 'w')), alone('w7'))).toBe(false);
});

// A control id that comes again with other bytes (decision 29): which message is flagged, and when that is known.

import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { decideEntries, type InboxEntry, noteFailure, takeEntries } from '../../src/store/inbox.ts';
import { type ArrivedMessage, keepMessages } from '../../src/store/intake.ts';
import { type Database, openDatabase } from '../../src/store/pool.ts';
import { setAside } from '../../src/store/replays.ts';
import { aDatabase } from '../support/database.ts';

const organisation = 'hill-practice';
const now = Date.parse('2026-11-24T15:00:00Z');
let owner: pg.Client;
let database: Database;

beforeAll(async () => {
  const { url, ownerUrl } = await aDatabase();
  owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  database = openDatabase({ url, organisation, application: 'test reused', connectionsMax: 2, plansOnce: true });
});
afterAll(async () => {
  await database.close();
  await owner.end();
});
beforeEach(() => owner.query('truncate inbox, message, message_raw'));

const aMessage = (controlId: string, content: string, rest: Partial<ArrivedMessage> = {}): ArrivedMessage => ({
  partner: 'hospital',
  controlId,
  digest: createHash('sha256').update(content).digest(),
  raw: Buffer.from(content),
  shard: 1,
  trigger: 'ADT^A01',
  ...rest,
});
const keep = (...messages: readonly ArrivedMessage[]) => keepMessages(database, organisation, messages, now);
const take = (): Promise<InboxEntry[]> => database.transaction((tx) => takeEntries(tx, now, 64, 64));
const flagged = async (): Promise<boolean[]> =>
  (await owner.query<{ flag: boolean }>('select control_id_reused as flag from inbox order by message')).rows.map(
    ({ flag }) => flag,
  );

it('is told of the later one when it is taken up, whether it came in the same statement or after the first was decided', async () => {
  await keep(aMessage('1', 'first'), aMessage('1', 'second'), aMessage('2', 'alone'));
  const before = await take();
  expect(before.map((entry) => entry.controlIdReused)).toEqual([false, true, false]);
  await database.transaction((tx) =>
    decideEntries(
      tx,
      before.map(({ message, controlIdReused }) => ({ message, state: 'applied', warnings: [], controlIdReused })),
      now,
    ),
  );
  await keep(aMessage('1', 'third'));
  expect((await take()).map((entry) => entry.controlIdReused)).toEqual([true]);
  expect(await flagged()).toEqual([false, true, false, false]);
});

it('is a matter of one feed', async () => {
  await keep(aMessage('1', 'first'), aMessage('1', 'second', { partner: 'clinic' }));
  expect((await take()).map((entry) => entry.controlIdReused)).toEqual([false, false]);
});

it('is told at once of one that is parked at once, since nobody takes it up', async () => {
  const parked = { parkedFor: 'hl7.several-messages', parkedAt: 'MSH-2' };
  await keep(aMessage('1', 'first'));
  await keep(aMessage('1', 'second', parked), aMessage('2', 'alone', parked), aMessage('2', 'other', parked));
  expect(await flagged()).toEqual([false, true, false, true]);
});

it('is nothing that messages without a control id have in common', async () => {
  const parked = { parkedFor: 'hl7.header-missing', parkedAt: 'MSH-10' };
  await keep(aMessage('', 'first'), aMessage('', 'second'), aMessage('', 'third', parked));
  expect((await take()).map((entry) => entry.controlIdReused)).toEqual([false, false]);
  expect(await flagged()).toEqual([false, false, false]);
});

it('is noted on what is set aside before anybody worked it, and on what failed too often', async () => {
  await keep(...['first', 'second', 'third'].map((content) => aMessage('1', content)));
  const [, second, third] = (await take()).map((entry) => entry.message);
  await database.transaction((tx) => setAside(tx, second as number, 'asked by the hospital', now));
  const failure = { message: third as number, reason: 'defect.unexpected', attemptsMax: 1, retryAt: now, now };
  await noteFailure(database, failure);
  expect(await flagged()).toEqual([false, true, true]);
});

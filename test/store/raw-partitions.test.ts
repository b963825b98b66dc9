// Raw messages in weekly partitions: made ahead, dropped whole by policy; nothing undecided is dropped with them, and
// what was kept for a year is still known when it comes again.

import { cpSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeEntries } from '../../src/store/inbox.ts';
import { keepMessages } from '../../src/store/intake.ts';
import { migrate } from '../../src/store/migrate.ts';
import { type Database, openDatabase } from '../../src/store/pool.ts';
import { keepRawPartitions } from '../../src/store/raw-upkeep.ts';
import { aDatabase } from '../support/database.ts';
import { aTestFolder } from '../support/service-process.ts';

const organisations = ['hill-practice', 'lake-practice'] as const;
let owner: pg.Client;
let url: string;
const databases = new Map<string, Database>();

beforeAll(async () => {
  const database = await aDatabase();
  url = database.url;
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  for (const organisation of organisations)
    databases.set(
      organisation,
      openDatabase({ url: database.url, organisation, application: 'test raw', connectionsMax: 3, plansOnce: true }),
    );
});
afterAll(async () => {
  for (const database of databases.values()) await database.close();
  await owner.end();
});

const databaseOf = (organisation: string): Database => databases.get(organisation) as Database;

/** A message that arrives at this moment; gives how many were new. */
const keep = (organisation: string, controlId: string, at: string, content = controlId): Promise<number> =>
  keepMessages(
    databaseOf(organisation),
    organisation,
    [
      {
        partner: 'hospital',
        controlId,
        digest: Buffer.from(content.padEnd(32, '.')),
        raw: Buffer.from(`MSH|${content}`),
        shard: 1,
        trigger: 'ADT^A01',
      },
    ],
    Date.parse(at),
  );

const upkeepAt = async (moment: string, days = 90) =>
  (await owner.query('select made, dropped, moved::int from keep_raw_partitions_at($1, $2)', [moment, days])).rows[0];
const weeks = async (): Promise<string[]> =>
  (
    await owner.query(
      `select relname from pg_class where relispartition and relkind = 'r' and relname <> 'message_raw_default' order by 1`,
    )
  ).rows.map((row: { relname: string }) => row.relname);
const decide = (controlId: string, state: string) =>
  owner.query(`update inbox set state = $2, reason = 'x', decided_at = received_at where control_id = $1`, [
    controlId,
    state,
  ]);
const rawOf = async (controlId: string) =>
  (
    await owner.query(
      `select r.raw, r.tableoid::regclass::text as part from message m join message_raw r on r.id = m.id where m.control_id = $1`,
      [controlId],
    )
  ).rows[0] as { raw: Buffer; part: string } | undefined;

describe('the upkeep of raw messages', () => {
  it('keeps what comes before any week is made, and sorts it into its week', async () => {
    expect(await weeks()).toEqual([]);
    await keep('hill-practice', 'early', '2026-01-07T12:00:00Z');
    expect((await rawOf('early'))?.part).toBe('message_raw_default');
    expect(await upkeepAt('2026-01-07T13:00:00Z')).toEqual({ made: 9, dropped: 0, moved: 0 });
    expect(await weeks()).toEqual(expect.arrayContaining(['message_raw_20260105', 'message_raw_20260302']));
    expect((await rawOf('early'))?.part).toBe('message_raw_20260105');
    expect(await upkeepAt('2026-01-07T14:00:00Z')).toEqual({ made: 0, dropped: 0, moved: 0 });
  });

  it('drops whole weeks past the policy; fates and keys stay, the undecided move on, in every organisation', async () => {
    await keep('hill-practice', 'applied', '2026-01-11T23:59:59Z');
    for (const state of ['received', 'parked', 'waiting']) {
      await keep('hill-practice', `hill-${state}`, '2026-01-08T12:00:00Z');
      await keep('lake-practice', `lake-${state}`, '2026-01-09T12:00:00Z');
      await decide(`hill-${state}`, state);
      await decide(`lake-${state}`, state);
    }
    await decide('applied', 'applied');
    await decide('early', 'ignored');
    // The last message of the week is not older than 90 days until 90 days after the week's end.
    expect(await upkeepAt('2026-04-11T23:00:00Z')).toMatchObject({ dropped: 0 });
    expect(await upkeepAt('2026-04-12T00:00:00Z')).toMatchObject({ dropped: 1, moved: 6 });
    expect(await weeks()).not.toContain('message_raw_20260105');
    expect(await rawOf('applied')).toBeUndefined();
    for (const state of ['received', 'parked', 'waiting'])
      for (const where of ['hill', 'lake'])
        expect(await rawOf(`${where}-${state}`)).toEqual({
          raw: Buffer.from(`MSH|${where}-${state}`),
          part: 'message_raw_20260406',
        });
    const { rows } = await owner.query(
      `select count(*)::int as fates from inbox where control_id in ('applied', 'early')`,
    );
    expect(rows).toEqual([{ fates: 2 }]);
    expect((await owner.query('select starts_at, ends_at from raw_expiry')).rows).toEqual([
      { starts_at: new Date('2026-01-05T00:00:00Z'), ends_at: new Date('2026-01-12T00:00:00Z') },
    ]);
  });

  it('lets a moved message be taken with its bytes', async () => {
    const taken = await databaseOf('lake-practice').transaction((tx) => takeEntries(tx, Date.now(), 10, 64));
    expect(taken.map((entry) => [entry.controlId, entry.raw.toString()])).toEqual([
      ['lake-received', 'MSH|lake-received'],
    ]);
  });

  it('knows a duplicate whose bytes are long gone, and flags its control id with other bytes', async () => {
    expect(await keep('hill-practice', 'applied', '2027-01-11T12:00:00Z')).toBe(0);
    expect(await keep('lake-practice', 'applied', '2027-01-11T12:00:00Z')).toBe(1);
    expect(await keep('hill-practice', 'applied', '2027-01-11T12:00:00Z', 'other bytes')).toBe(1);
    for (const [organisation, flag] of [
      ['hill-practice', true],
      ['lake-practice', false],
    ] as const) {
      const taken = await databaseOf(organisation).transaction((tx) => takeEntries(tx, Date.now(), 10, 64));
      expect(taken.find((entry) => entry.controlId === 'applied')?.controlIdReused).toBe(flag);
    }
  });

  it('puts off a drop while somebody reads, and makes up for it', async () => {
    await keep('hill-practice', 'read', '2026-04-15T12:00:00Z');
    await decide('read', 'applied');
    const reader = new pg.Client({ connectionString: url });
    await reader.connect();
    await reader.query('begin; select count(*) from message_raw');
    expect(await upkeepAt('2026-08-01T00:00:00Z')).toMatchObject({ dropped: 0 });
    expect(await rawOf('read')).toBeDefined();
    await reader.query('commit');
    await reader.end();
    expect((await upkeepAt('2026-08-01T00:00:00Z')).dropped).toBeGreaterThan(0);
    expect(await rawOf('read')).toBeUndefined();
  });

  it('deletes from no week what has none and is too old, unless it is undecided', async () => {
    await keep('hill-practice', 'stray', '2019-01-01T00:00:00Z');
    await keep('hill-practice', 'stray-parked', '2019-01-01T00:00:00Z');
    await decide('stray', 'applied');
    await decide('stray-parked', 'parked');
    await upkeepAt('2026-08-01T00:00:00Z');
    expect(await rawOf('stray')).toBeUndefined();
    expect((await rawOf('stray-parked'))?.part).toBe('message_raw_20260727');
  });

  it('is done by the service, which owns nothing, as of now only; several at once do it once', async () => {
    const results = await Promise.all(
      organisations.flatMap((one) => [1, 2].map(() => keepRawPartitions(databaseOf(one), 90))),
    );
    expect(results.filter(({ made }) => made > 0).length).toBeLessThanOrEqual(1);
    expect((await keepRawPartitions(databaseOf('hill-practice'), 90)).made).toBe(0);
    await expect(
      databaseOf('hill-practice').query('', `select keep_raw_partitions_at('2099-01-01', 1)`, []),
    ).rejects.toMatchObject({ code: 'defect.unexpected', detail: 'SQLSTATE 42501' });
    await expect(keepRawPartitions(databaseOf('hill-practice'), 0)).rejects.toThrow();
    const [week] = await weeks();
    await expect(databaseOf('hill-practice').query('', `select raw from ${week}`, [])).rejects.toMatchObject({
      detail: 'SQLSTATE 42501',
    });
  });

  it('works for an owner whom row-level security binds, since he is no superuser', async () => {
    const database = await aDatabase({ migrated: false });
    const role = `plain_owner_${process.pid}`;
    const superuser = new pg.Client({ connectionString: database.ownerUrl });
    await superuser.connect();
    await superuser.query(`create role ${role} login password 'plain' createrole`);
    await superuser.query(`grant throughline_service to ${role} with admin option`);
    await superuser.query(`alter schema public owner to ${role}`);
    const address = new URL(database.ownerUrl);
    address.username = role;
    address.password = 'plain';
    // With a message from before there were partitions.
    const early = aTestFolder('migrations');
    for (const file of ['0001-create-foundation.sql', '0002-extend-fates.sql'])
      cpSync(path.join('src/store/migrations', file), path.join(early, file));
    await migrate({ connectionString: address.href, folder: early });
    await superuser.query(
      `with kept as (insert into message (organisation, partner, control_id, digest, received_at, raw)
         values ('hill-practice', 'hospital', 'early', 'x', '2026-01-06', 'early') returning *)
       insert into inbox (message, organisation, partner, shard, trigger, received_at, state)
       select id, organisation, partner, 1, 'ADT^A01', received_at, 'applied' from kept`,
    );
    await migrate({ connectionString: address.href, folder: 'src/store/migrations' });
    const plain = new pg.Client({ connectionString: address.href });
    await plain.connect();
    const moved = await superuser.query(
      `select m.control_id, i.control_id as named, convert_from(r.raw, 'UTF8') as raw from message m join message_raw r using (id) join inbox i on i.message = m.id`,
    );
    expect(moved.rows).toEqual([{ control_id: 'early', named: 'early', raw: 'early' }]);
    const upkeep = (moment: string) =>
      plain.query('select made, dropped, moved::int from keep_raw_partitions_at($1, 90)', [moment]);
    await upkeep('2026-01-07T13:00:00Z');
    const site = openDatabase({
      url: address.href,
      organisation: 'hill-practice',
      application: 'x',
      connectionsMax: 1,
    });
    await keepMessages(
      site,
      'hill-practice',
      ['undecided', 'decided'].map((controlId) => ({
        partner: 'hospital',
        controlId,
        digest: Buffer.from(controlId),
        raw: Buffer.from(controlId),
        shard: 1,
        trigger: 'ADT^A01',
      })),
      Date.parse('2026-01-07T13:00:00Z'),
    );
    await site.query('', `update inbox set state = 'applied' where control_id = 'decided'`, []);
    await site.close();
    expect((await upkeep('2026-06-01T00:00:00Z')).rows).toEqual([{ made: 9, dropped: 8, moved: 1 }]);
    const { rows } = await superuser.query('select raw from message_raw');
    expect(rows).toEqual([{ raw: Buffer.from('undecided') }]);
    await plain.end();
    await superuser.query(
      `alter schema public owner to current_user; drop owned by ${role} cascade; drop role ${role}`,
    );
    await superuser.end();
  });
});

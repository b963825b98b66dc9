// The databases that tests are given: apart from one another, and unforgiving about connections left open.

import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { aDatabase } from '../support/database.ts';

async function connect(url: string, application_name?: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, ...(application_name && { application_name }) });
  client.on('error', () => {});
  await client.connect();
  return client;
}

describe('a test database', () => {
  it('is migrated, and its own', async () => {
    const [one, other] = await Promise.all([aDatabase(), aDatabase()]);
    const client = await connect(one.url);
    await client.query('create table mine (x int)');
    expect(
      (await client.query('select count(*)::int as migrations from migration')).rows[0].migrations,
    ).toBeGreaterThan(0);
    await client.end();
    const stranger = await connect(other.ownerUrl);
    expect((await stranger.query(`select to_regclass('mine') as mine`)).rows).toEqual([{ mine: null }]);
    await stranger.end();
  });

  it('names the connection that was left open when it is dropped, and is dropped all the same', async () => {
    const database = await aDatabase();
    await connect(database.url, 'forgetful pool');
    await expect(database.drop()).rejects.toThrow('forgetful pool');
    await expect(connect(database.url)).rejects.toMatchObject({ code: '3D000' });
  });

  it('is dropped in peace once its connections are closed', async () => {
    const database = await aDatabase();
    await (await connect(database.url)).end();
    await database.drop();
    await expect(connect(database.url)).rejects.toMatchObject({ code: '3D000' });
  });
});

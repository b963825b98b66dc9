// The migrator: order, checksums, one at a time, and roles that two databases of one cluster share.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/base/fault.ts';
import { migrate } from '../../src/store/migrate.ts';
import { aDatabase } from '../support/database.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  folders.push(folder);
});
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

const ask = async (url: string, question: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(question).finally(() => client.end());
  return rows;
};

const detailOf = async (promise: Promise<unknown>): Promise<string> => {
  const fault = await promise.then(
    () => expect.unreachable('it should have failed'),
    (thrown: Fault) => thrown,
  );
  return fault.detail ?? '';
};

describe('migrate', () => {
  it('applies the files in the order of their numbers, once', async () => {
    const { url } = await aDatabase({ migrated: false });
    write('0002-add-row.sql', 'insert into ward values (2);');
    write('0001-create-ward.sql', 'create table ward (bed int);\r\ninsert into ward values (1);');
    expect(await migrate({ connectionString: url, folder })).toEqual({ applied: ['0001-create-ward', '0002-add-row'] });
    expect(await migrate({ connectionString: url, folder })).toEqual({ applied: [] });
    expect(await ask(url, 'select bed from ward order by bed')).toEqual([{ bed: 1 }, { bed: 2 }]);
  });

  it('takes a file for the same whether its lines end with LF or CRLF', async () => {
    const { url } = await aDatabase({ migrated: false });
    write('0001-create-ward.sql', 'create table ward\n(bed int);\n');
    await migrate({ connectionString: url, folder });
    write('0001-create-ward.sql', 'create table ward\r\n(bed int);\r\n');
    expect(await migrate({ connectionString: url, folder })).toEqual({ applied: [] });
  });

  it('refuses a file that was edited after it was applied, and names it', async () => {
    const { url } = await aDatabase({ migrated: false });
    write('0001-create-ward.sql', 'create table ward (bed int);');
    await migrate({ connectionString: url, folder });
    write('0001-create-ward.sql', 'create table ward (bed bigint);');
    expect(await detailOf(migrate({ connectionString: url, folder }))).toContain('0001-create-ward');
  });

  it('refuses a database that a newer release has migrated', async () => {
    const { url } = await aDatabase({ migrated: false });
    write('0001-create-ward.sql', 'create table ward (bed int);');
    write('0002-create-room.sql', 'create table room (door int);');
    await migrate({ connectionString: url, folder });
    rmSync(join(folder, '0002-create-room.sql'));
    expect(await detailOf(migrate({ connectionString: url, folder }))).toContain('0002-create-room');
  });

  it('refuses a file that would slip in before an applied one', async () => {
    const { url } = await aDatabase({ migrated: false });
    write('0002-create-room.sql', 'create table room (door int);');
    await migrate({ connectionString: url, folder });
    write('0001-create-ward.sql', 'create table ward (bed int);');
    expect(await detailOf(migrate({ connectionString: url, folder }))).toContain('0001-create-ward');
  });

  it('undoes a file that fails half way, and keeps those before it', async () => {
    const { url } = await aDatabase({ migrated: false });
    write('0001-create-ward.sql', 'create table ward (bed int);');
    write('0002-create-room.sql', 'create table room (door int);\nselect nothing_of_the_kind();');
    const detail = await detailOf(migrate({ connectionString: url, folder }));
    expect(detail).toContain('0002-create-room');
    expect(detail).toContain('line 2');
    expect(await ask(url, `select to_regclass('ward')::text as ward, to_regclass('room')::text as room`)).toEqual([
      { ward: 'ward', room: null },
    ]);
    expect(await ask(url, 'select name from migration')).toEqual([{ name: '0001-create-ward' }]);
  });

  it.each([['create-ward.sql'], ['1-create-ward.sql'], ['0001-ward.sql'], ['0001_create_ward.sql']])(
    'refuses the file name %s',
    async (name) => {
      write(name, 'select 1;');
      expect(await detailOf(migrate({ connectionString: 'postgres://nowhere', folder }))).toContain(name);
    },
  );

  it('refuses two files with one number, and a folder without files', async () => {
    expect(await detailOf(migrate({ connectionString: 'postgres://nowhere', folder }))).toContain('no migrations');
    write('0001-create-ward.sql', 'select 1;');
    write('0001-create-room.sql', 'select 1;');
    expect(await detailOf(migrate({ connectionString: 'postgres://nowhere', folder }))).toContain('0001');
  });

  it('lets several processes migrate one database at once: one does the work, all return', async () => {
    const { url } = await aDatabase({ migrated: false });
    write('0001-create-ward.sql', 'create table ward (bed int); select pg_sleep(0.1);');
    const results = await Promise.all([1, 2, 3].map(() => migrate({ connectionString: url, folder })));
    expect(results.flatMap((result) => result.applied)).toEqual(['0001-create-ward']);
  });

  it('lets several databases of one cluster create, grant and alter the same role at once', async () => {
    const databases = await Promise.all([1, 2, 3, 4].map(() => aDatabase({ migrated: false })));
    const role = `ward_clerk_${process.pid}`;
    write(
      '0001-create-role.sql',
      `do $$ begin
         if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
       end $$;
       grant ${role} to current_user; alter role ${role} set statement_timeout = '5s';
       create table ward (bed int); grant select on ward to ${role}; select pg_sleep(0.05);`,
    );
    const results = await Promise.all(databases.map(({ url }) => migrate({ connectionString: url, folder })));
    expect(results.flatMap((result) => result.applied)).toHaveLength(4);
    for (const { url } of databases) await ask(url, `drop owned by ${role}`);
    await ask(databases[0]?.url ?? '', `drop role ${role}`);
  });
});

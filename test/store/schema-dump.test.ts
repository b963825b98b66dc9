// The schema dump: it shows whatever a migration can make, and reads the same from two databases with one schema.

import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { dumpSchema } from '../../scripts/schema-dump.ts';
import { aDatabase } from '../support/database.ts';

async function dumpOf(...statements: string[]): Promise<string> {
  const { url } = await aDatabase({ migrated: false });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
    return await dumpSchema(client);
  } finally {
    await client.end();
  }
}

const ward = 'create table ward (id bigint generated always as identity primary key, name text not null unique)';

describe('the dump of a schema', () => {
  it.each([
    ['a default', `alter table ward add beds int default 4`, 'beds integer default 4'],
    [
      'a computed column',
      `alter table ward add long boolean generated always as (length(name) > 9) stored`,
      'long boolean generated always as',
    ],
    [
      'a check',
      `alter table ward add constraint named check (name <> '')`,
      `constraint named CHECK ((name <> ''::text))`,
    ],
    ['a reference', `alter table ward add part_of bigint references ward`, 'FOREIGN KEY (part_of) REFERENCES ward(id)'],
    [
      'a partial index',
      `create index short on ward (name) where length(name) < 3`,
      'CREATE INDEX short ON public.ward USING btree (name) WHERE',
    ],
    ['row-level security', `alter table ward enable row level security`, 'alter table ward enable row level security;'],
    [
      'a policy',
      `create policy own on ward for select using (name = current_user)`,
      'create policy own on ward as permissive for select to public using',
    ],
    ['a grant', `grant select, insert on ward to public`, 'grant insert, select on ward to public;'],
    ['a grant on a column', `grant update (name) on ward to public`, 'grant update (name) on ward to public;'],
    ['a view', `create view wards as select name from ward`, 'create view wards as'],
    ['an enumeration', `create type shift as enum ('day', 'night')`, `create type shift as enum ('day', 'night');`],
    ['a domain', `create domain bed as int check (value > 0)`, 'create domain bed as integer CHECK ((VALUE > 0));'],
    [
      'a comment',
      `comment on column ward.name is 'as on the door'`,
      `comment on column ward.name is 'as on the door';`,
    ],
    ['an extension', `create extension pg_trgm`, 'create extension pg_trgm;'],
    ['a sequence', `create sequence ticket increment 5`, 'create sequence ticket as bigint increment 5;'],
  ])('shows %s', async (_what, statement, line) => {
    const [before, after] = await Promise.all([dumpOf(ward), dumpOf(ward, statement)]);
    expect(before).not.toContain(line);
    expect(after).toContain(line);
  });

  it('shows a function and the trigger that calls it', async () => {
    const dump = await dumpOf(
      ward,
      `create function keep() returns trigger language plpgsql as $$ begin return old; end $$`,
      'create trigger keeper before delete on ward for each row execute function keep()',
    );
    expect(dump).toContain('FUNCTION public.keep()');
    expect(dump).toContain('CREATE TRIGGER keeper BEFORE DELETE ON public.ward FOR EACH ROW EXECUTE FUNCTION keep();');
  });

  it('shows partitions', async () => {
    const dump = await dumpOf(
      'create table visit (day date not null) partition by range (day)',
      `create table visit_2026 partition of visit for values from ('2026-01-01') to ('2027-01-01')`,
    );
    expect(dump).toContain('partition by RANGE (day)');
    expect(dump).toContain('alter table visit attach partition visit_2026 FOR VALUES FROM');
  });

  it('does not depend on the order in which things were made', async () => {
    const other = 'create table bed (id int primary key)';
    expect(await dumpOf(other, ward, 'create index b on ward (name)', 'create index a on ward (name)')).toBe(
      await dumpOf(ward, other, 'create index a on ward (name)', 'create index b on ward (name)'),
    );
  });
});

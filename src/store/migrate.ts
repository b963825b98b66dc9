// Brings a database to the schema of this release: files `NNNN-verb-noun.sql`, in order, each in a transaction of
// its own, one migrator at a time. What has been applied is remembered with its checksum and may not change.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Fault } from '../base/fault.ts';

export interface MigrateOptions {
  readonly connectionString: string;
  /** Where the `.sql` files are. */
  readonly folder: string;
  /** `log.info` will do. */
  readonly log?: (event: string, fields: { readonly file: string }) => void;
}

export interface Migration {
  readonly name: string;
  readonly checksum: string;
  readonly text: string;
}

/** Any number of processes may call this at once; all return when the schema is current. */
export async function migrate(options: MigrateOptions): Promise<{ readonly applied: string[] }> {
  const migrations = readMigrations(options.folder);
  const client = new pg.Client({
    connectionString: options.connectionString,
    connectionTimeoutMillis: 30_000,
    application_name: 'throughline migrate',
  });
  client.on('error', () => {});
  await client.connect().catch((cause: unknown) => {
    throw new Fault('store.unavailable', {
      detail: `${whyNot(cause)} Check DATABASE_URL and the server it names.`,
      cause,
    });
  });
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await client.query(
      `create table if not exists migration (
         name text primary key, checksum text not null, applied_at timestamptz not null default now()
       )`,
    );
    const pending = await comparePast(client, migrations);
    for (const migration of pending) {
      await applyOne(client, migration);
      options.log?.('migration applied', { file: migration.name });
    }
    return { applied: pending.map((migration) => migration.name) };
  } finally {
    // The session ends here, and the advisory lock with it.
    await client.end();
  }
}

/** Any constant will do; it must not be another advisory lock of ours. */
const lockKey = 7_331_001;

export function readMigrations(folder: string): readonly Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const numbers = new Set<string>();
  for (const name of names) {
    const number = /^(\d{4})-[a-z0-9]+(-[a-z0-9]+)+\.sql$/.exec(name)?.[1];
    if (!number) refuse(`${name} is not named NNNN-verb-noun.sql.`);
    if (numbers.has(number)) refuse(`Two migrations are numbered ${number}.`);
    numbers.add(number);
  }
  if (names.length === 0) refuse(`There are no migrations in ${folder}.`);
  return names.map((name) => {
    // Line ends differ by checkout; the checksum must not.
    const text = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
    return { name: name.slice(0, -'.sql'.length), checksum: createHash('sha256').update(text).digest('hex'), text };
  });
}

async function comparePast(client: pg.Client, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const past = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from migration order by name',
  );
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  for (const { name, checksum } of past.rows) {
    const expected = known.get(name);
    if (expected === undefined)
      refuse(`The database has migration ${name}, which this release does not know: it is older.`);
    if (expected !== checksum) refuse(`Migration ${name} was changed after it was applied.`);
  }
  const done = new Set(past.rows.map((row) => row.name));
  const pending = migrations.filter((migration) => !done.has(migration.name));
  const last = past.rows.at(-1)?.name ?? '';
  for (const { name } of pending) if (name < last) refuse(`Migration ${name} comes before ${last}, which is applied.`);
  return pending;
}

/** Roles belong to the whole cluster: two databases that migrate at once may collide there, and one tries again. */
async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await client.query('begin');
    try {
      await client.query(migration.text);
      await client.query('insert into migration (name, checksum) values ($1, $2)', [
        migration.name,
        migration.checksum,
      ]);
      await client.query('commit');
      return;
    } catch (cause) {
      await client.query('rollback');
      if (attempt < 20 && isRoleCollision(cause)) await sleep(10 * attempt);
      else refuse(`Migration ${migration.name} failed: ${describe(cause, migration.text)}`, cause);
    }
  }
}

const sharedCatalogs = new Set(['pg_authid', 'pg_auth_members', 'pg_shdepend', 'pg_db_role_setting']);

function isRoleCollision(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  if (error.code === '23505') return sharedCatalogs.has(error.table ?? '');
  // Grants and alterations of one role at once end with this internal error.
  return error.code === 'XX000' && /tuple concurrently (updated|deleted)/.test(error.message);
}

function describe(cause: unknown, text: string): string {
  if (!(cause instanceof pg.DatabaseError)) return String(cause);
  const line = cause.position ? ` (line ${text.slice(0, Number(cause.position)).split('\n').length})` : '';
  return `${cause.message}${line}`;
}

/** Never the address itself: it holds a password. */
function whyNot(cause: unknown): string {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  if (cause instanceof pg.DatabaseError) return `It answered: ${cause.message} (${cause.code}).`;
  return code === undefined ? `No connection: ${message}.` : `No connection (${code}).`;
}

function refuse(detail: string, cause?: unknown): never {
  throw new Fault('store.migration', { detail, ...(cause !== undefined && { cause }) });
}

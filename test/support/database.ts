// A migrated database of a test file's own, copied from the run's template. When the file ends the database is
// dropped, and the file fails if it left a connection open.

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, inject } from 'vitest';

export interface TestDatabase {
  /** As the service is given it. */
  readonly url: string;
  /** The same database for the test's own looks and arrangements, below every policy. */
  readonly ownerUrl: string;
  /** Drops it now; throws if connections linger. Otherwise the end of the file does. */
  drop(): Promise<void>;
}

export interface DatabaseOptions {
  /** The migrated template unless false: an empty database. */
  readonly migrated?: boolean;
  /** A copy of this one as it is now, as a backup would be; nobody may be connected to it. */
  readonly copyOf?: TestDatabase;
}

const made = new Map<string, TestDatabase>();

export async function aDatabase(options: DatabaseOptions = {}): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const { copyOf, migrated } = options;
  const template = copyOf
    ? new URL(copyOf.url).pathname.slice(1)
    : migrated === false
      ? 'template0'
      : inject('templateName');
  await onCluster((client) => client.query(`create database ${name} template ${template}`));
  const address = new URL(inject('clusterUrl'));
  address.pathname = `/${name}`;
  const url = address.href;
  address.searchParams.set('application_name', 'test owner');
  const database: TestDatabase = { url, ownerUrl: address.href, drop: () => drop(name) };
  made.set(name, database);
  return database;
}

afterAll(async () => {
  const faults: unknown[] = [];
  for (const database of [...made.values()]) await database.drop().catch((fault) => faults.push(fault));
  if (faults.length > 0) throw faults.length === 1 ? faults[0] : new AggregateError(faults);
});

async function drop(name: string): Promise<void> {
  if (!made.delete(name)) return;
  await onCluster(async (client) => {
    const left = await lingering(client, name);
    await client.query(`drop database if exists ${name} with (force)`);
    if (left.length > 0) throw new Error(`Connections left open when the database was dropped: ${left.join('; ')}`);
  });
}

/** A closed connection leaves the server's list a moment after the client is done. */
async function lingering(client: pg.Client, name: string): Promise<string[]> {
  const deadline = Date.now() + 2_000;
  for (;;) {
    const { rows } = await client.query<{ who: string; state: string; asked: string }>(
      `select application_name as who, coalesce(state, '') as state, left(query, 60) as asked
         from pg_stat_activity where datname = $1 and backend_type = 'client backend' order by backend_start`,
      [name],
    );
    if (rows.length === 0) return [];
    if (Date.now() > deadline) return rows.map((row) => `"${row.who}" (${row.state}; last: ${row.asked})`);
    await sleep(20);
  }
}

async function onCluster<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: inject('clusterUrl'), application_name: 'test databases' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

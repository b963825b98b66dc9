// What runs stand on: an embedded Postgres of the simulation's own, migrated once, and for each process a copy of it that
// is thrown away and made anew every so many seeds. Each seed is an organisation of its own there.

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrationsFolder } from '../../src/service/package-root.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/start.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Locks } from './schedule.ts';

export const templateName = 'simulation_template';

export interface Cluster {
  /** The maintenance database, of which `templateName` is a neighbour. */
  readonly url: string;
  stop(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  const folder = await mkdtemp(path.join(tmpdir(), 'throughline-simulation-'));
  // The server may run under another account. Measured: a socket of the file system saves a fifth of each round trip.
  await chmod(folder, 0o777);
  const hasSockets = process.platform !== 'win32';
  const server = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'postgres'),
    database: templateName,
    durable: false,
    settings: { autovacuum: 'off', ...(hasSockets && { unix_socket_directories: folder }) },
  });
  await migrate({ connectionString: server.url, folder: migrationsFolder() });
  const url = new URL(server.url);
  url.pathname = '/postgres';
  if (hasSockets) url.searchParams.set('host', folder);
  return {
    url: url.href,
    async stop() {
      await server.stop();
      await rm(server.dataDir, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Connection {
  readonly client: pg.Client;
  /** Its process of the server. */
  readonly pid: number;
  /** Breaks off what it is asked just now. */
  readonly cancel: () => Promise<void>;
}

export interface Ground {
  /** So many connections of one organisation, with nothing open on them. */
  linesFor(organisation: string, count: number): Promise<readonly Connection[]>;
  /** Which of them wait for a lock just now. */
  readonly lookAtLocks: () => Promise<Locks>;
  /** For looks from outside, below every policy. */
  readonly owner: pg.Client;
  close(): Promise<void>;
}

const lineCount = 4;

/** `template`: a migrated database that nobody is connected to. */
export async function prepareGround(clusterUrl: string, template: string, name: string): Promise<Ground> {
  const url = new URL(clusterUrl);
  await onCluster(clusterUrl, `create database ${name} template ${template}`);
  url.pathname = `/${name}`;
  const owner = await connect(url.href, byIndex);
  const lines = await Promise.all(Array.from({ length: lineCount }, () => connect(url.href, asService)));
  const connections = await Promise.all(lines.map((client) => connectionOf(client, owner)));
  const pids = connections.map(({ pid }) => pid);
  return {
    owner,
    async linesFor(organisation, count) {
      const chosen = connections.slice(0, count);
      const text = `select set_config('throughline.organisation', $1, false)`;
      await Promise.all(
        chosen.map(({ client }) => client.query({ name: 'simulation.organisation', text, values: [organisation] })),
      );
      return chosen;
    },
    async lookAtLocks() {
      const text = `select pid, pg_blocking_pids(pid) as by from pg_stat_activity
                     where pid = any ($1) and wait_event_type = 'Lock'`;
      const { rows } = await owner.query<Blocked>({ name: 'simulation.locks', text, values: [pids] });
      return { waiting: rows.length, knotted: knottedAmong(rows) };
    },
    async close() {
      await Promise.all([owner, ...lines].map((client) => client.end()));
      await onCluster(clusterUrl, `drop database ${name} with (force)`);
    },
  };
}

async function connectionOf(client: pg.Client, owner: pg.Client): Promise<Connection> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = rows[0]?.pid ?? 0;
  return { client, pid, cancel: async () => void (await owner.query('select pg_cancel_backend($1)', [pid])) };
}

interface Blocked {
  readonly pid: number;
  readonly by: readonly number[];
}

/** Those that wait, over whomever, for themselves. */
function knottedAmong(rows: readonly Blocked[]): ReadonlySet<number> {
  const blockers = new Map(rows.map(({ pid, by }) => [pid, by]));
  const waitsFor = (from: number, wanted: number, seen: Set<number>): boolean =>
    (blockers.get(from) ?? []).some((by) => by === wanted || (!seen.has(by) && waitsFor(by, wanted, seen.add(by))));
  return new Set(rows.map(({ pid }) => pid).filter((pid) => waitsFor(pid, pid, new Set())));
}

/** Tables that were empty when a plan was made must not be scanned later. */
const byIndex = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off';

/** As the pool of the service sets its connections. */
const asService = `${byIndex} -c role=throughline_service -c deadlock_timeout=10s -c statement_timeout=60000`;

const int8 = 20;
const date = 1082;
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === int8) return Number;
    if (oid === date) return (text: string) => text;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as typeof pg.types.getTypeParser,
};

async function connect(url: string, options: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'simulation', options, types });
  await client.connect();
  return client;
}

async function onCluster(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'simulation' });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

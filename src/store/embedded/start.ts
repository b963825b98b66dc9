// Embedded Postgres, from a data folder to an address: found or made, adopted or started, and started again when
// it has died. Works as root and as an ordinary user; a second process on the same folder shares the server.

import { resolve } from 'node:path';
import pg from 'pg';
import { Fault } from '../../base/fault.ts';
import { type Account, chooseAccount, ownerOf } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { checkCluster, hasCluster, makeCluster, readPassword, superuser } from './cluster.ts';
import { withLock } from './lock.ts';
import { choosePlace, type Place } from './place.ts';
import { findPostmaster, untilAdoptable, untilGone } from './postmaster.ts';
import { type Joined, startServer, stopServer } from './server.ts';
import { type Settings, settingsFor } from './settings.ts';

export interface EmbeddedOptions {
  /** A folder of our own; it holds the cluster, its lock and its log. */
  readonly dataDir: string;
  readonly database: string;
  /** False only where losing everything is fine: tests. */
  readonly durable: boolean;
  /** Without one: the port of last time, or a free one. A server that already runs keeps its own. */
  readonly port?: number;
  readonly settings?: Settings;
  readonly log?: (event: string, fields: StartFields) => void;
}

/** What is told of a start; `log.info` takes it. */
export type StartFields = { readonly path: string } | { readonly pid: number; readonly port?: number };

/** `url`, `port`, `pid` and `adopted` are those of the server as it was last started or found. */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Another process started it, and it goes on when we stop. */
  readonly adopted: boolean;
  /** Where the cluster really lies: the wished folder, or one below the state folder. */
  readonly dataDir: string;
  /** Starts the server again, on its port, if it has died; true if it had. Costs two file reads when all is well. */
  ensureRunning(): Promise<boolean>;
  /** Ends the server if we started it. */
  stop(): Promise<void>;
}

interface Ground {
  readonly options: EmbeddedOptions;
  readonly account: Account | undefined;
  readonly place: Place;
  readonly binaries: Binaries;
}

export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  try {
    const account = await chooseAccount();
    const place = await choosePlace(resolve(options.dataDir), account);
    if (place.isElsewhere) options.log?.('embedded postgres keeps its files elsewhere', { path: place.root });
    const ground: Ground = { options, account, place, binaries: await findBinaries(account) };
    const joined = await join(ground, options.port ?? 0);
    const password = readPassword(place);
    await ensureDatabase(addressOf(joined, password, 'postgres'), options.database);
    return handleOf(ground, joined, password);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('postgres.start', { detail: String(cause), cause });
  }
}

/** Adopts the server that runs, or starts one, making the cluster first where there is none. */
async function join({ options, account, place, binaries }: Ground, port: number): Promise<Joined> {
  const ready = findPostmaster(place);
  if (ready?.phase === 'ready') return { server: ready, adopted: true };
  return withLock(place.lock, async () => {
    if (!hasCluster(place)) await makeCluster(place, binaries, account, options.durable);
    const owner = ownerOf(place.cluster, account);
    await checkCluster(place, binaries, owner);
    const running = await untilAdoptable(place);
    if (running) return { server: running, adopted: true };
    const leaving = findPostmaster(place);
    if (leaving) {
      options.log?.('waiting for the last embedded postgres to shut down', { pid: leaving.pid });
      await untilGone(leaving.pid);
    }
    const settings = await settingsFor(options, binaries, owner);
    const joined = await startServer({ place, binaries, account: owner, settings, port });
    options.log?.('embedded postgres started', { pid: joined.server.pid, port: joined.server.port });
    return joined;
  });
}

function handleOf(ground: Ground, joined: Joined, password: string): EmbeddedPostgres {
  let current = joined;
  let isStopped = false;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = turn.then(work);
    turn = next.catch(() => {});
    return next;
  };
  const revive = async (): Promise<boolean> => {
    if (isStopped) throw new Fault('service.stopping');
    const { pid, port } = current.server;
    const found = findPostmaster(ground.place);
    if (found?.phase === 'ready' && found.pid === pid) return false;
    const next = await join(ground, port);
    current = next.server.pid === pid ? { server: next.server, adopted: current.adopted } : next;
    return true;
  };
  const stop = async (): Promise<void> => {
    isStopped = true;
    if (!current.adopted) await stopServer(ground.place, current.server.pid);
  };
  return {
    get url() {
      return addressOf(current, password, ground.options.database);
    },
    get port() {
      return current.server.port;
    },
    get pid() {
      return current.server.pid;
    },
    get adopted() {
      return current.adopted;
    },
    dataDir: ground.place.root,
    ensureRunning: () => inTurn(revive),
    stop: () => inTurn(stop),
  };
}

const addressOf = ({ server }: Joined, password: string, database: string): string =>
  `postgres://${superuser}:${password}@127.0.0.1:${server.port}/${encodeURIComponent(database)}`;

async function ensureDatabase(address: string, name: string): Promise<void> {
  const client = new pg.Client({
    connectionString: address,
    connectionTimeoutMillis: 30_000,
    application_name: 'throughline start',
  });
  client.on('error', () => {});
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    const { code } = error as { readonly code?: string };
    // Two starters at once: the other one made it.
    if (code !== '42P04' && code !== '23505') throw error;
  } finally {
    await client.end();
  }
}

// The ground that the benchmarks stand on: an embedded Postgres of their own, durable and set as the service sets it, in
// a temporary folder, with a database for each part; and the service as a process on it.

import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { packageRoot } from '../src/service/package-root.ts';
import { startEmbeddedPostgres } from '../src/store/embedded/start.ts';
import { scriptOf, stopProcess } from './child.ts';

export interface Ground {
  /** Where the service writes its processor profile, if it shall. */
  readonly profileDir: string | undefined;
  readonly postgresPid: number;
  readonly folder: string;
  /** Makes a database and gives its address. */
  database(name: string): Promise<string>;
  /** Drops the databases and settles their traces on disk, so that no part pays for the one before it. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** With a profile folder, Node's profiles go there and Postgres counts its statements. */
export async function prepareGround(profileDir?: string): Promise<Ground> {
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-bench-'));
  const settings: Record<string, string> =
    profileDir === undefined ? {} : { shared_preload_libraries: 'pg_stat_statements' };
  const postgres = await startEmbeddedPostgres({
    dataDir: path.join(folder, 'postgres'),
    database: 'bench',
    durable: true,
    settings,
  });
  const made: string[] = [];
  return {
    profileDir,
    postgresPid: postgres.pid,
    folder,
    async database(name) {
      await withClient(postgres.url, (client) => client.query(`create database ${name}`));
      made.push(name);
      const address = new URL(postgres.url);
      address.pathname = `/${name}`;
      return address.href;
    },
    async clear() {
      await withClient(postgres.url, async (client) => {
        for (const name of made.splice(0)) await client.query(`drop database ${name} with (force)`);
        await client.query('checkpoint');
      });
    },
    async stop() {
      await postgres.stop();
      for (const place of [postgres.dataDir, folder]) rmSync(place, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, application_name: 'bench' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export interface RunningService {
  readonly pid: number;
  readonly httpUrl: string;
  readonly mllpPort: number;
  readonly dataDir: string;
  stop(): Promise<void>;
}

/** The service as operators start it, on free ports. `name` is a folder for its keys. */
export async function startServiceProcess(
  ground: Ground,
  name: string,
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningService> {
  const dataDir = path.join(ground.folder, name);
  mkdirSync(dataDir, { recursive: true });
  const profile =
    ground.profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.join(ground.profileDir, name)}`];
  const logFile = path.join(dataDir, 'log');
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, [...process.execArgv, ...nodeOptions(), ...profile, scriptOf('../src/main')], {
    env: { ...process.env, DATABASE_URL: databaseUrl, DATA_DIR: dataDir, HTTP_PORT: '0', MLLP_PORT: '0', ...settings },
    stdio: ['ignore', log, 'inherit'],
  });
  closeSync(log);
  const ports: { mllpPort?: number; httpUrl?: string } = {};
  while (ports.mllpPort === undefined || ports.httpUrl === undefined) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}`);
    await sleep(50);
    for (const line of readFileSync(logFile, 'utf8').split('\n').slice(0, -1)) {
      const event = JSON.parse(line) as { readonly msg?: string; readonly port?: number; readonly address?: string };
      if (event.msg === 'listening for HL7 v2' && event.port !== undefined) ports.mllpPort = event.port;
      if (event.msg === 'listening for HTTP' && event.address !== undefined) ports.httpUrl = event.address;
    }
  }
  const { mllpPort, httpUrl } = ports;
  return { pid: child.pid ?? 0, httpUrl, mllpPort, dataDir, stop: () => stopProcess(child) };
}

/** Those with which `npm start` runs the service. */
function nodeOptions(): string[] {
  const file = readFileSync(path.join(packageRoot(), 'package.json'), 'utf8');
  const { scripts } = JSON.parse(file) as { readonly scripts: { readonly start: string } };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

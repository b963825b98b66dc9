// The ground that the benchmarks stand on: an embedded Postgres of their own, durable and set as the service sets it, in
// a temporary folder, with a database for each part; and the service as a process on it.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/store/embedded/start.ts';
import { scriptOf, stopProcess } from './child.ts';

export interface Ground {
  /** Where the service writes its processor profile, if it shall. */
  readonly profileDir: string | undefined;
  readonly postgresPid: number;
  readonly folder: string;
  /** Makes a database and gives its address. */
  database(name: string): Promise<string>;
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
  return {
    profileDir,
    postgresPid: postgres.pid,
    folder,
    async database(name) {
      await withClient(postgres.url, (client) => client.query(`create database ${name}`));
      const address = new URL(postgres.url);
      address.pathname = `/${name}`;
      return address.href;
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
  const options =
    ground.profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.join(ground.profileDir, name)}`];
  const child = spawn(process.execPath, [...process.execArgv, ...options, scriptOf('../src/main')], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      HTTP_PORT: '0',
      MLLP_PORT: '0',
      LOG_LEVEL: 'info',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const found: { mllpPort?: number; httpUrl?: string } = {};
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as {
        readonly msg?: string;
        readonly port?: number;
        readonly address?: string;
        readonly level?: number;
      };
      if (event.msg === 'listening for HL7 v2' && event.port !== undefined) found.mllpPort = event.port;
      if (event.msg === 'listening for HTTP' && event.address !== undefined) found.httpUrl = event.address;
      if ((event.level ?? 0) >= 40) process.stderr.write(`  service: ${line}\n`);
      if (found.mllpPort !== undefined && found.httpUrl !== undefined) resolve();
    });
  });
  return {
    pid: child.pid ?? 0,
    httpUrl: found.httpUrl ?? '',
    mllpPort: found.mllpPort ?? 0,
    dataDir,
    stop: () => stopProcess(child),
  };
}

// Folders, questions and child processes for the tests of the embedded Postgres; all is cleared at the file's end.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll } from 'vitest';
import { lifeOf } from '../../src/store/embedded/alive.ts';
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/start.ts';

const servers: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];
const folders = new Set<string>();

export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-pg-'));
  folders.add(folder);
  return folder;
}

export async function start(dataDir: string, more: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, database: 'app', durable: false, ...more });
  servers.push(server);
  folders.add(server.dataDir);
  return server;
}

export interface OtherProcess {
  readonly pid: number;
  readonly url: string;
  readonly adopted: boolean;
  readonly process: ChildProcess;
}

/** Starts it from another process, as a second service or a command would. */
export async function startElsewhere(dataDir: string): Promise<OtherProcess> {
  const script = fileURLToPath(new URL('./start-postgres.ts', import.meta.url));
  const args = ['--import', 'tsx', script, dataDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) return { ...JSON.parse(line), process: child };
  throw new Error('The other process ended without a word.');
}

export async function killHard(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

export async function untilDead(pid: number): Promise<void> {
  while (lifeOf(pid) !== undefined) await sleep(10);
}

export async function ask(url: string, question: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  const { rows } = await client.query(question).finally(() => client.end());
  return rows[0] ?? {};
}

afterAll(async () => {
  await Promise.all(children.map(killHard));
  await Promise.all(servers.map((server) => server.stop()));
  // A server that one of the killed children started ends by itself, or is ended by whoever starts here next.
  for (const folder of folders) await rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

// One Postgres per test run, with a template database that is migrated once; every test file copies it
// (`aDatabase` in database.ts). It runs on the main thread, so Postgres ends when the run is killed.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/start.ts';
import { migrate } from '../../src/store/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The maintenance database of the run's cluster. */
    readonly clusterUrl: string;
    readonly templateName: string;
  }
}

const templateName = 'template_throughline';
const migrations = fileURLToPath(new URL('../../src/store/migrations', import.meta.url));

let folder: string | undefined;
let server: EmbeddedPostgres | undefined;

export async function setup(project: TestProject): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'throughline-test-'));
  server = await startEmbeddedPostgres({
    dataDir: folder,
    database: templateName,
    durable: false,
    // Nothing here lives long enough to need a vacuum, and a vacuum of the template would hold up its copies.
    settings: { autovacuum: 'off' },
  });
  await migrate({ connectionString: server.url, folder: migrations });
  const maintenance = new URL(server.url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  await client.query(`alter database ${templateName} with is_template true allow_connections false`);
  await client.end();
  project.provide('clusterUrl', maintenance.href);
  project.provide('templateName', templateName);
}

export async function teardown(): Promise<void> {
  await server?.stop();
  if (server) rmSync(server.dataDir, { recursive: true, force: true });
  if (folder) rmSync(folder, { recursive: true, force: true });
}

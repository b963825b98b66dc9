// src/store/schema.sql: the schema as all migrations leave it, read from a database that was made for this and is
// thrown away.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/store/embedded/start.ts';
import { migrate } from '../../src/store/migrate.ts';
import { dumpSchema } from '../schema-dump.ts';

export async function schemaFile(root: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-schema-'));
  const server = await startEmbeddedPostgres({ dataDir: folder, database: 'schema', durable: false });
  try {
    await migrate({ connectionString: server.url, folder: join(root, 'src/store/migrations') });
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    return await dumpSchema(client).finally(() => client.end());
  } finally {
    await server.stop();
    for (const path of [server.dataDir, folder]) rmSync(path, { recursive: true, force: true });
  }
}

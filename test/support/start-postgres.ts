// A process of its own that starts the embedded Postgres of a folder, says so on one line, and stays until it is
// killed: `node --import tsx start-postgres.ts <folder>`.

import { startEmbeddedPostgres } from '../../src/store/embedded/start.ts';

const server = await startEmbeddedPostgres({
  dataDir: process.argv[2] ?? '',
  database: 'app',
  durable: false,
  settings: { synchronous_commit: 'on' },
});
process.stdout.write(`${JSON.stringify({ pid: server.pid, url: server.url, adopted: server.adopted })}\n`);
setInterval(() => {}, 60_000);

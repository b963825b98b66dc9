// The database the service runs on: the one that DATABASE_URL names, or an embedded one that is started, watched and,
// should it die, started again.

import path from 'node:path';
import { asFault } from '../base/fault.ts';
import type { Log } from '../base/log.ts';
import type { Config } from '../config.ts';
import { startEmbeddedPostgres } from '../store/embedded/start.ts';
import { migrate } from '../store/migrate.ts';
import { serviceAddress } from '../store/service-login.ts';
import { migrationsFolder } from './package-root.ts';

export interface Postgres {
  /** As the service connects. */
  readonly url: string;
  /** As the owner of the schema, for migrations and for looking in from outside. */
  readonly ownerUrl: string;
  stop(): Promise<void>;
}

const watchMs = 500;

export async function startPostgres(
  config: Pick<Config, 'databaseUrl' | 'dataDir'>,
  password: string,
  log: Log,
): Promise<Postgres> {
  if (config.databaseUrl !== undefined) {
    await migrate({ connectionString: config.databaseUrl, folder: migrationsFolder(), log: log.info });
    return { url: config.databaseUrl, ownerUrl: config.databaseUrl, stop: () => Promise.resolve() };
  }
  const embedded = await startEmbeddedPostgres({
    dataDir: path.join(config.dataDir, 'postgres'),
    database: 'throughline',
    durable: true,
    log: log.info,
  });
  await migrate({ connectionString: embedded.url, folder: migrationsFolder(), log: log.info });
  const url = await serviceAddress(embedded.url, password);
  let stopping = false;
  let looking: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    if (stopping) return;
    looking = embedded
      .ensureRunning()
      .then(
        (restarted) => restarted && log.warn('embedded postgres had died and was started again', { pid: embedded.pid }),
      )
      .catch((thrown: unknown) => log.error('embedded postgres cannot be started', { code: asFault(thrown).code }));
  }, watchMs);
  timer.unref();
  return {
    url,
    ownerUrl: embedded.url,
    async stop() {
      stopping = true;
      clearInterval(timer);
      await looking;
      await embedded.stop();
    },
  };
}

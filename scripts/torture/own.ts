// A service of the run's own: a process on free ports with its data in a temporary folder, that can be killed and started
// again, and whose Postgres can be restarted at once.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chooseAccount } from '../../src/store/embedded/account.ts';
import { choosePlace } from '../../src/store/embedded/place.ts';
import { findPostmaster, type Postmaster } from '../../src/store/embedded/postmaster.ts';

export interface OwnService {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** `kill -9`, and a start at once; resolves when the new process has been started, not when it listens. */
  killAndStart(): Promise<void>;
  /** What `pg_ctl restart -m immediate` sends; the service starts it again. Resolves when the new server takes connections. */
  restartPostgres(): Promise<void>;
  ready(): Promise<void>;
  stop(): Promise<void>;
}

const feed = 'general-hospital';
const postgresTriesMax = 12_000;

/** `main`: the service as built; beside this file unless told. */
export async function startOwn(main?: string): Promise<OwnService> {
  const folder = await mkdtemp(path.join(tmpdir(), 'throughline-torture-'));
  // Run by root, Postgres has an account of its own that must pass through.
  await chmod(folder, 0o711);
  const settings: Record<string, string> = { DATA_DIR: folder, HTTP_PORT: '0', MLLP_PORT: '0', HOST: '127.0.0.1' };
  const command = commandOf(main);
  let running = run(command, settings);
  const first = await running.addresses;
  settings.HTTP_PORT = new URL(first.http).port;
  settings.MLLP_PORT = String(first.mllp);
  const place = await choosePlace(path.join(folder, 'postgres'), await chooseAccount());
  // Whatever ends this process, the service and its Postgres end with it.
  const endAll = () => void running.child.kill('SIGTERM');
  process.once('exit', endAll);

  const untilPostgres = async (holds: (server: Postmaster) => boolean): Promise<number> => {
    for (let tries = 0; tries < postgresTriesMax; tries += 1, await sleep(5)) {
      const server = findPostmaster(place);
      if (server !== undefined && holds(server)) return server.pid;
    }
    throw new Error('the Postgres of the service did not come back');
  };

  return {
    url: first.http,
    port: first.mllp,
    dataDir: folder,
    async killAndStart() {
      const gone = once(running.child, 'exit');
      running.child.kill('SIGKILL');
      await gone;
      running = run(command, settings);
    },
    async restartPostgres() {
      const before = await untilPostgres((server) => server.phase === 'ready');
      process.kill(before, 'SIGQUIT');
      await untilPostgres((server) => server.pid !== before && server.phase === 'ready');
    },
    ready: async () => void (await running.addresses),
    async stop() {
      process.off('exit', endAll);
      const gone = once(running.child, 'exit');
      running.child.kill('SIGTERM');
      const timer = setTimeout(() => running.child.kill('SIGKILL'), 15_000);
      await gone;
      clearTimeout(timer);
      if (place.isElsewhere) await rm(place.root, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

function commandOf(main: string | undefined): readonly string[] {
  if (main !== undefined) return [main];
  const beside = fileURLToPath(new URL('../../src/main', import.meta.url));
  return import.meta.url.endsWith('.ts') ? ['--import', 'tsx', `${beside}.ts`] : [`${beside}.js`];
}

interface Running {
  readonly child: ChildProcess;
  readonly addresses: Promise<{ readonly http: string; readonly mllp: number }>;
}

/** Nothing of the environment but what a process needs: settings made for another service must not reach in. */
function run(command: readonly string[], settings: Readonly<Record<string, string>>): Running {
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...settings };
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const addresses = new Promise<{ http: string; mllp: number }>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      // Until it listens; after that its log is not ours to keep.
      if (printed.includes('listening for HTTP"')) return;
      printed += chunk.toString('utf8');
      const events = printed
        .split('\n')
        .filter((line) => line.startsWith('{') && line.endsWith('}'))
        .map((line) => JSON.parse(line) as { msg?: string; partner?: string; port?: number; address?: string });
      const http = events.find(({ msg }) => msg === 'listening for HTTP')?.address;
      const mllp = events.find(({ msg, partner }) => msg === 'listening for HL7 v2' && partner === feed)?.port;
      if (http !== undefined && mllp !== undefined) resolve({ http, mllp });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => reject(new Error(`the service ended before it listened:\n${printed.slice(-2_000)}`)));
  });
  addresses.catch(() => undefined);
  return { child, addresses };
}

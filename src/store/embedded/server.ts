// Starts a Postgres process on a cluster and stops it. The process leads a session of its own, so Ctrl-C reaches
// the service first; where the system can, it is told to shut down when the service dies.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { Fault } from '../../base/fault.ts';
import type { Account } from './account.ts';
import { lifeOf } from './alive.ts';
import type { Binaries } from './binaries.ts';
import { markLogs } from './log.ts';
import type { Place } from './place.ts';
import { choosePort } from './port.ts';
import {
  clearRemains,
  findPostmaster,
  type Postmaster,
  signal,
  untilAdoptable,
  untilAlone,
  untilGone,
  untilReady,
} from './postmaster.ts';
import { cleanEnvironment, run } from './run.ts';
import type { Settings } from './settings.ts';

export interface Joined {
  readonly server: Postmaster;
  /** Some other process started it. */
  readonly adopted: boolean;
}

export interface Launch {
  readonly place: Place;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly settings: Settings;
  /** 0: the port of last time, or any free one. */
  readonly port: number;
}

/** The caller holds the place's lock, and has seen that no server runs. */
export async function startServer(launch: Launch): Promise<Joined> {
  const { place } = launch;
  for (let attempt = 1; ; attempt += 1) {
    await clearRemains(place);
    const port = launch.port || (await choosePort(place, attempt > 1));
    const told = markLogs(place);
    const child = await spawnPostgres(launch, port);
    const server = await untilReady(place, () => !isAlive(child));
    if (server) {
      writeFileSync(place.lastPort, `${server.port}\n`, { mode: 0o600 });
      return { server, adopted: server.pid !== child.pid };
    }
    // A starter that was killed may have left a server behind which was not to be seen before.
    const other = await untilAdoptable(place);
    if (other) return { server: other, adopted: true };
    // The last process to end is the one that writes the log.
    await untilAlone(place, 1_000);
    const reason = told().trim().slice(-1500);
    const mayPass = /Address already in use/.test(reason) ? launch.port === 0 : /shared memory block/.test(reason);
    if (mayPass && attempt < 5) continue;
    throw new Fault('postgres.start', {
      detail: `Postgres ended at once (${child.signalCode ?? child.exitCode}). ${reason}`,
    });
  }
}

/** Fast shutdown: sessions are ended, a checkpoint is written. Any process that may signal it can ask for it. */
export async function stopServer(place: Place, pid: number): Promise<void> {
  if (findPostmaster(place)?.pid !== pid) return;
  signal(pid, 'SIGINT');
  const life = lifeOf(pid);
  const force = setTimeout(() => lifeOf(pid) === life && signal(pid, 'SIGQUIT'), 30_000);
  await untilGone(pid).finally(() => clearTimeout(force));
}

async function spawnPostgres(launch: Launch, port: number): Promise<ChildProcess> {
  const { place, binaries, account } = launch;
  const settings = Object.entries({ ...launch.settings, port: String(port) });
  const args = ['-D', place.cluster, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const log = openSync(place.startLog, 'w', 0o600);
  const common = {
    env: cleanEnvironment,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log] as ['ignore', number, number],
  };
  try {
    const child = (await canFollowUs())
      ? spawn('setpriv', ['--pdeathsig', 'INT', ...identity(account), '--', binaries.postgres, ...args], common)
      : spawn(binaries.postgres, args, { ...common, ...(account && { uid: account.uid, gid: account.gid }) });
    child.unref();
    await once(child, 'spawn');
    return child;
  } catch (cause) {
    throw new Fault('postgres.start', { detail: `${binaries.postgres} does not start: ${String(cause)}`, cause });
  } finally {
    closeSync(log);
  }
}

/** The signal follows the thread that started the process, and a worker thread may end long before we do. */
const canFollowUs = async (): Promise<boolean> =>
  process.platform === 'linux' && isMainThread && (await run('setpriv', ['--pdeathsig', 'INT', 'true'])).ok;

const identity = (account: Account | undefined): string[] =>
  account ? [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'] : [];

const isAlive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

// The cluster on disk: made once by initdb, moved into place whole, recognised by its version ever after.

import { randomBytes, randomUUID } from 'node:crypto';
import {
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { Account } from './account.ts';
import { lifeOf } from './alive.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';
import { run } from './run.ts';

export const superuser = 'throughline';

export const hasCluster = (place: Place): boolean => existsSync(join(place.cluster, 'PG_VERSION'));

export async function makeCluster(
  place: Place,
  binaries: Binaries,
  account: Account | undefined,
  durable: boolean,
): Promise<void> {
  if (existsSync(place.cluster) && readdirSync(place.cluster).length > 0) {
    throw new Fault('postgres.start', { detail: `${place.cluster} holds files but no database; move them away.` });
  }
  dropAbandoned(place);
  const half = join(place.root, `init-${process.pid}-${randomUUID()}`);
  const password = randomBytes(24).toString('base64url');
  try {
    mkdirSync(half, { mode: 0o700 });
    const secret = `${half}.secret`;
    writeFileSync(secret, `${password}\n`, { mode: 0o600, flag: 'wx' });
    if (account) for (const path of [half, secret]) chownSync(path, account.uid, account.gid);
    const made = await run(binaries.initdb, initdbArguments(half, secret, durable), account);
    if (!made.ok) throw new Fault('postgres.start', { detail: `initdb failed: ${made.error.slice(-800)}` });
    const kept = passwordFile(half);
    writeFileSync(kept, `${password}\n`, { mode: 0o600, flag: 'wx' });
    if (account) lchownSync(kept, account.uid, account.gid);
    renameSync(half, place.cluster);
  } finally {
    rmSync(half, { recursive: true, force: true });
    rmSync(`${half}.secret`, { force: true });
  }
}

/** Refuses a cluster of another major version: its files cannot be read, and must not be touched. */
export async function checkCluster(place: Place, binaries: Binaries, account: Account | undefined): Promise<void> {
  const made = readFileSync(join(place.cluster, 'PG_VERSION'), 'utf8').trim();
  const told = await run(binaries.postgres, ['--version'], account);
  const shipped = /(\d+)(\.\d+)?\s*$/.exec(told.out)?.[1];
  if (!told.ok || !shipped)
    throw new Fault('postgres.start', { detail: `${binaries.postgres} does not run: ${told.error.slice(-400)}` });
  if (made !== shipped) {
    const detail = `The database in ${place.cluster} was made by Postgres ${made}; this release ships Postgres ${shipped}. Back it up with the release that made it and restore it into a new DATA_DIR.`;
    throw new Fault('postgres.start', { detail });
  }
  if (account && statSync(place.cluster).uid === 0) giveAway(place.cluster, account);
}

export function readPassword(place: Place): string {
  try {
    return readFileSync(passwordFile(place.cluster), 'utf8').trim();
  } catch (cause) {
    throw new Fault('postgres.start', { detail: `Cannot read ${passwordFile(place.cluster)}.`, cause });
  }
}

/** Inside the cluster, so that both appear in one step, are kept together, and belong to one user. */
const passwordFile = (cluster: string): string => join(cluster, 'throughline.password');

/** The builtin locale gives one order of text on every machine, whatever its C library. */
const initdbArguments = (cluster: string, secret: string, durable: boolean): string[] => [
  `--pgdata=${cluster}`,
  `--username=${superuser}`,
  `--pwfile=${secret}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
  '--no-instructions',
  ...(durable ? [] : ['--no-sync']),
];

/** What a starter left behind that was killed during initdb. */
function dropAbandoned(place: Place): void {
  for (const name of readdirSync(place.root)) {
    const pid = /^init-(\d+)-/.exec(name)?.[1];
    if (pid && Number(pid) !== process.pid && lifeOf(Number(pid)) === undefined) {
      rmSync(join(place.root, name), { recursive: true, force: true });
    }
  }
}

/** A cluster that root copied back from somewhere belongs to root; Postgres wants it to be its own. */
function giveAway(path: string, account: Account): void {
  lchownSync(path, account.uid, account.gid);
  if (!statSync(path).isDirectory()) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) giveAway(join(path, entry.name), account);
    else lchownSync(join(path, entry.name), account.uid, account.gid);
  }
}

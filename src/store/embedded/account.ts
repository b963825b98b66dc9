// Postgres refuses to run as root. This picks the account it runs as, and finds out by trying what that account
// can reach: mode bits alone miss access lists, `noexec` mounts and restricted containers.

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { type Ids, run } from './run.ts';

export interface Account extends Ids {
  readonly name: string;
}

const candidates = ['postgres', 'throughline'];

/** The account to run as, or undefined when we are an ordinary user and run Postgres as ourselves. */
export async function chooseAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of candidates) {
    const found = await lookUp(name);
    if (found) return found;
  }
  await run('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', 'throughline']);
  const account = (await lookUp('throughline')) ?? (await lookUp('nobody'));
  if (account) return account;
  throw new Fault('postgres.start', {
    detail:
      'Postgres cannot run as root, and there is no account to run it as. Create a user "postgres", start the service as an ordinary user, or set DATABASE_URL.',
  });
}

/** Who owns an existing cluster: it must go on running as that account, whichever a new one would get. */
export function ownerOf(cluster: string, account: Account | undefined): Account | undefined {
  const { uid, gid } = statSync(join(cluster, 'PG_VERSION'));
  if (account) return uid === 0 || uid === account.uid ? account : { name: `uid ${uid}`, uid, gid };
  const self = process.getuid?.();
  if (self === undefined || self === uid) return undefined;
  throw new Fault('postgres.start', {
    detail: `The database in ${cluster} belongs to uid ${uid}; this is uid ${self}. Start as the user who made it, or choose another DATA_DIR.`,
  });
}

export const canEnter = async (folder: string, account: Account): Promise<boolean> =>
  (await run('/bin/sh', ['-c', 'cd "$0"', folder], account)).ok;

export const canRun = async (program: string, account: Account): Promise<boolean> =>
  (await run(program, ['--version'], account)).ok;

async function lookUp(name: string): Promise<Account | undefined> {
  const uid = await run('id', ['-u', name]);
  const gid = await run('id', ['-g', name]);
  return uid.ok && gid.ok ? { name, uid: Number(uid.out), gid: Number(gid.out) } : undefined;
}

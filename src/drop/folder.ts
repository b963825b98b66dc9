// A drop folder on disk: below DROP_DIR and nowhere else, symbolic links followed nowhere. A name is the sender's: at any
// moment another file may lie there, so a file that was read is told by its identity.

import { randomBytes } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, realpath, rename } from 'node:fs/promises';
import { join, sep } from 'node:path';

export interface Folder {
  readonly path: string;
  readonly pattern: RegExp;
}

/** Undefined when the folder is absent, no folder, or leads out of `dropDir`. */
export async function openFolder(dropDir: string, path: string, pattern: string): Promise<Folder | undefined> {
  const root = await realpath(dropDir).catch(() => undefined);
  const real = root === undefined ? undefined : await realpath(join(root, path)).catch(() => undefined);
  // A link on the way would make the two differ.
  if (root === undefined || real === undefined || real !== join(root, path) || !real.startsWith(root + sep))
    return undefined;
  if (!(await lstat(real)).isDirectory()) return undefined;
  return { path: real, pattern: patternOf(pattern) };
}

/** `*` stands for any characters; names that start with a dot are never meant. */
export const patternOf = (pattern: string): RegExp =>
  new RegExp(
    `^(?!\\.)${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );

export interface Found {
  /** As its sender calls it. */
  readonly name: string;
  /** Under which it lies in the folder: its name, unless it was laid aside. */
  readonly at: string;
  readonly size: number;
  readonly changedAt: number;
  /** Its sender has put `NAME.done` beside it. */
  readonly isMarked: boolean;
}

export const markOf = (name: string): string => `${name}.done`;

/** Plain files whose names fit, in the order of their names; before each, what was laid aside under its name. */
export async function filesIn({ path, pattern }: Folder): Promise<Found[]> {
  const entries = (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile());
  const all = new Set(entries.map(({ name }) => name));
  const found: Found[] = [];
  for (const at of all) {
    const aside = asideForm.exec(at)?.[1];
    if (aside === undefined && (!pattern.test(at) || isMark(at, all))) continue;
    const stat = await lstat(join(path, at)).catch(() => undefined);
    if (stat?.isFile())
      found.push({ name: aside ?? at, at, size: stat.size, changedAt: stat.mtimeMs, isMarked: all.has(markOf(at)) });
  }
  return found.sort(inOrder);
}

function inOrder(one: Found, other: Found): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return Number(isAside(other)) - Number(isAside(one));
}

const isMark = (name: string, names: ReadonlySet<string>): boolean =>
  name.endsWith('.done') && names.has(name.slice(0, -'.done'.length));

/** Opens for reading; a link or anything but a plain file is refused by an error. */
export async function openPlain(folder: Folder, { at }: Found): Promise<FileHandle> {
  const handle = await open(join(folder.path, at), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Error('no plain file');
}

/** Which file it is, and that nobody has written to it since. */
export type Identity = Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs'>;

export const identityOf = (handle: FileHandle): Promise<Identity> => handle.stat({ bigint: true });

/** Undefined when nothing lies there. */
export const identityAt = (path: string): Promise<Identity | undefined> =>
  lstat(path, { bigint: true }).catch(() => undefined);

export const isSame = (one: Identity, other: Identity | undefined): boolean =>
  one.dev === other?.dev && one.ino === other.ino && one.size === other.size && one.mtimeNs === other.mtimeNs;

const asideForm = /^\.(.+)\.[0-9a-f]{8}\.taking$/s;
export const isAside = ({ name, at }: Found): boolean => name !== at;

/**
 * Lays the file aside under a name that nobody else uses, and only then looks which it is: between a look at the sender's
 * name and the move another may come to lie there. Gives the path; undefined when it is another file, which stays aside
 * and is taken from there (putting it back could cover a third), or when none is there any more.
 */
export async function layAside(folder: Folder, found: Found, identity: Identity): Promise<string | undefined> {
  const from = join(folder.path, found.at);
  if (!isSame(identity, await identityAt(from))) return undefined;
  if (isAside(found)) return from;
  const aside = join(folder.path, `.${found.name}.${randomBytes(4).toString('hex')}.taking`);
  await rename(from, aside).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ENOENT') throw thrown;
  });
  return isSame(identity, await identityAt(aside)) ? aside : undefined;
}

// A drop folder on disk: below DROP_DIR and nowhere else, symbolic links followed nowhere. Finished files lie in `done`,
// those that could not be read in `failed`, each with its result beside it.

import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, realpath, rename, unlink } from 'node:fs/promises';
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
  readonly name: string;
  readonly size: number;
  readonly changedAt: number;
  /** Its sender has put `NAME.done` beside it. */
  readonly isMarked: boolean;
}

const markOf = (name: string): string => `${name}.done`;

/** Plain files whose names fit, in the order of their names. */
export async function filesIn({ path, pattern }: Folder): Promise<Found[]> {
  const entries = (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile());
  const names = new Set(entries.map(({ name }) => name));
  const found: Found[] = [];
  for (const name of [...names].filter((each) => pattern.test(each) && !isMark(each, names)).sort()) {
    const stat = await lstat(join(path, name)).catch(() => undefined);
    if (stat?.isFile())
      found.push({ name, size: stat.size, changedAt: stat.mtimeMs, isMarked: names.has(markOf(name)) });
  }
  return found;
}

const isMark = (name: string, names: ReadonlySet<string>): boolean =>
  name.endsWith('.done') && names.has(name.slice(0, -'.done'.length));

/** Opens for reading; a link or anything but a plain file is refused by an error. */
export async function openPlain(folder: Folder, name: string): Promise<FileHandle> {
  const handle = await open(join(folder.path, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Error('no plain file');
}

export type Shelf = 'done' | 'failed';

/** Whether a file of this name was moved there with its result. */
export async function isShelved(folder: Folder, shelf: Shelf, name: string): Promise<boolean> {
  const isThere = async (each: string): Promise<boolean> =>
    (await lstat(join(folder.path, shelf, each)).catch(() => undefined))?.isFile() === true;
  return (await isThere(name)) && (await isThere(resultOf(name)));
}

const resultOf = (name: string): string => `${name}.result.txt`;

/** Writes the result, then moves the file beside it; its mark is taken away. Gives the name under which it lies there. */
export async function shelve(
  folder: Folder,
  shelf: Shelf,
  name: string,
  as: string,
  result: AsyncIterable<string>,
): Promise<void> {
  const target = join(folder.path, shelf);
  await mkdir(target, { recursive: true, mode: 0o750 });
  if (!(await lstat(target)).isDirectory()) throw new Error(`${shelf} is no folder`);
  const written = join(target, `.${as}.writing`);
  await unlink(written).catch(() => undefined);
  const handle = await open(written, 'wx', 0o640);
  try {
    for await (const text of result) await handle.write(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(written, join(target, resultOf(as)));
  await rename(join(folder.path, name), join(target, as));
  await unlink(join(folder.path, markOf(name))).catch(() => undefined);
}

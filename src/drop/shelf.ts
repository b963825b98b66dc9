// Where the files of a drop folder lie when they were taken: `done`, or `failed` for those that could not be read, each
// with its result beside it. Of a file whose place another has taken, the result alone.

import { lstat, mkdir, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Folder, type Found, type Identity, isAside, layAside, markOf } from './folder.ts';

export type Shelf = 'done' | 'failed';

export interface Shelving {
  readonly shelf: Shelf;
  /** The name under which it shall lie there. */
  readonly as: string;
  readonly result: () => AsyncIterable<string>;
}

const isFile = async (path: string): Promise<boolean> => (await lstat(path).catch(() => undefined))?.isFile() === true;

/** Whether a file of this name was moved there with its result. */
export async function isShelved(folder: Folder, shelf: Shelf, name: string): Promise<boolean> {
  const target = join(folder.path, shelf);
  return (await isFile(join(target, name))) && (await isFile(join(target, resultOf(name))));
}

/** Its own name, or a numbered one where a file of this name lies there already. */
export const freeName = (folder: Folder, shelf: Shelf, name: string): Promise<string> =>
  firstFree(name, (each) => isShelved(folder, shelf, each));

async function firstFree(name: string, isTaken: (name: string) => Promise<boolean>): Promise<string> {
  let free = name;
  for (let number = 2; await isTaken(free); number += 1) free = `${name}.${number}`;
  return free;
}

const resultOf = (name: string): string => `${name}.result.txt`;

/**
 * Writes the result, then moves the file beside it. A stop in between leaves the file to be taken again. When it no longer
 * lies there as it was read, the result alone is kept, under a name of its own, and what lies there now is left.
 */
export async function shelve(folder: Folder, found: Found, identity: Identity, shelving: Shelving): Promise<void> {
  const { shelf, as, result } = shelving;
  const target = join(folder.path, shelf);
  await mkdir(target, { recursive: true, mode: 0o750 });
  if (!(await lstat(target)).isDirectory()) throw new Error(`${shelf} is no folder`);
  const written = join(target, `.${found.name}.writing`);
  // The result is long in the writing; it is there before the file is gone from its place.
  await write(written, result());
  const aside = await layAside(folder, found, identity);
  if (aside !== undefined) {
    await rename(written, join(target, resultOf(as)));
    await rename(aside, join(target, as));
  } else {
    await write(written, tellReplaced(result()));
    const left = await firstFree(`${found.name}.replaced`, (name) => isFile(join(target, resultOf(name))));
    await rename(written, join(target, resultOf(left)));
  }
  // Where another lies there now, this mark speaks of the one before: the other is taken when it has settled.
  if (!isAside(found)) await unlink(join(folder.path, markOf(found.name))).catch(() => undefined);
}

async function write(path: string, result: AsyncIterable<string>): Promise<void> {
  await unlink(path).catch(() => undefined);
  const handle = await open(path, 'wx', 0o640);
  try {
    for await (const text of result) await handle.write(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* tellReplaced(result: AsyncIterable<string>): AsyncGenerator<string> {
  yield 'replaced: when this file had been read, another lay in its place, or it was written to or taken away. This is the result of what was read; what lies there now is taken by itself.\n';
  yield* result;
}

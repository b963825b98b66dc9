// One dropped file from beginning to end: its digest says whether it is new, half read or known; it is read on from
// where it was, and moved aside with its result. What ends it in the middle leaves it where it lies.

import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { asFault, Fault, type FaultCode, faults } from '../base/fault.ts';
import { backlogOf, keepUnreadable, knownFile, tellResult } from '../flow/dropped-file.ts';
import { type FileReceiving, receiveFile } from '../flow/receive-file.ts';
import { type Folder, type Found, isShelved, openPlain, type Shelf, shelve } from './folder.ts';

export interface Taking {
  readonly given: FileReceiving;
  readonly partner: string;
  readonly folder: Folder;
  readonly isStopping: () => boolean;
  /** Waits, so that the workers catch up. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** `changed`: its sender went on writing; it is taken when it has settled again. */
export type Taken = 'done' | 'duplicate' | 'failed' | 'changed' | 'stopped';

const chunkBytes = 262_144;
/** So many messages may wait before a file is read on: those of the live feeds come behind them. */
const backlogMax = 2_000;

/** Throws what passes by itself (`store.unavailable`, `store.conflict`): the file is to be taken again later. */
export async function takeFile(taking: Taking, found: Found): Promise<Taken> {
  const { given, partner, folder } = taking;
  let handle: FileHandle;
  try {
    handle = await openPlain(folder, found.name);
  } catch {
    const file = { partner, source: 'folder', name: found.name, size: found.size } as const;
    await keepUnreadable(given.database, file, 'hl7.file-unreadable', given.now());
    return fail(taking, found, 'hl7.file-unreadable');
  }
  try {
    return await read(taking, found, handle);
  } catch (thrown) {
    const { code, kind } = asFault(thrown);
    if (code === 'hl7.file-broken') return 'changed';
    if (kind !== 'invalid') throw thrown;
    return await fail(taking, found, code);
  } finally {
    await handle.close().catch(() => undefined);
  }
}

async function read(taking: Taking, { name }: Found, handle: FileHandle): Promise<Taken> {
  const { given, partner, folder } = taking;
  const before = await handle.stat();
  const whole = await digestOf(handle, taking.isStopping);
  if (whole === undefined) return 'stopped';
  const known = await knownFile(given.database, partner, whole);
  if (known?.state === 'done') {
    // Without a file of this name and its result there, a stop came between the last message and the move.
    if (known.name === name && !(await isShelved(folder, 'done', name))) {
      await shelve(folder, 'done', name, name, tellResult(given.database, known.id));
      return 'done';
    }
    await shelve(folder, 'done', name, await freeName(folder, 'done', name), tellDuplicate(known.id));
    return 'duplicate';
  }
  const outcome = await receiveFile(given, {
    partner,
    source: 'folder',
    name,
    size: before.size,
    digest: whole,
    start: await firstBytes(handle),
    chunks: chunksOf(handle, known?.position ?? 0),
    known,
    isStopping: taking.isStopping,
    pause: () => catchUp(taking),
    whole: async () => {
      const after = await handle.stat();
      if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw new Fault('hl7.file-broken');
      return undefined;
    },
  });
  if (outcome.state === 'stopped') return 'stopped';
  await shelve(folder, 'done', name, await freeName(folder, 'done', name), tellResult(given.database, outcome.id));
  return 'done';
}

async function digestOf(handle: FileHandle, isStopping: () => boolean): Promise<Buffer | undefined> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(handle, 0)) {
    hash.update(chunk);
    if (isStopping()) return undefined;
  }
  return hash.digest();
}

async function firstBytes(handle: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
  return buffer.subarray(0, bytesRead);
}

async function* chunksOf(handle: FileHandle, from: number): AsyncGenerator<Uint8Array> {
  for (let position = from; ; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function catchUp({ given, isStopping, sleep }: Taking): Promise<void> {
  while (!isStopping() && (await backlogOf(given.database)) > backlogMax) await sleep(200);
}

/** Its own name, or a numbered one where a file of this name lies there already. */
async function freeName(folder: Folder, shelf: Shelf, name: string): Promise<string> {
  let free = name;
  for (let number = 2; await isShelved(folder, shelf, free); number += 1) free = `${name}.${number}`;
  return free;
}

async function fail({ folder }: Taking, { name }: Found, code: FaultCode): Promise<Taken> {
  await shelve(folder, 'failed', name, await freeName(folder, 'failed', name), tellFailure(code));
  return 'failed';
}

async function* tellFailure(code: FaultCode): AsyncGenerator<string> {
  yield `state: failed\nreason: ${code}: ${faults[code][1]}\nWhat was kept of it before stays kept; put the whole file here again.\n`;
}

async function* tellDuplicate(id: number): AsyncGenerator<string> {
  yield `state: duplicate\nThe same bytes came before, as file ${id} (GET /ops/files/${id}). Nothing was changed.\n`;
}

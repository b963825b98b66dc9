// One dropped file from beginning to end: its digest says whether it is new, half read or known; it is read on from
// where it was, and moved aside with its result. What ends it in the middle leaves it where it lies.

import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { asFault, Fault, type FaultCode, faults } from '../base/fault.ts';
import { backlogOf, keepUnreadable, knownFile, tellResult } from '../flow/dropped-file.ts';
import { type FileReceiving, receiveFile } from '../flow/receive-file.ts';
import { type Folder, type Found, type Identity, identityAt, identityOf, isSame, openPlain } from './folder.ts';
import { freeName, isShelved, type Shelving, shelve } from './shelf.ts';

export interface Taking {
  readonly given: FileReceiving;
  readonly partner: string;
  readonly folder: Folder;
  readonly isStopping: () => boolean;
  /** Waits, so that the workers catch up. */
  readonly sleep: (ms: number) => Promise<void>;
}

/** `changed`: its sender went on writing, or took it away; what lies there is taken when it has settled again. */
export type Taken = 'done' | 'duplicate' | 'failed' | 'changed' | 'stopped';

const chunkBytes = 262_144;
/** So many messages may wait before a file is read on: those of the live feeds come behind them. */
const backlogMax = 2_000;

/** Throws what passes by itself (`store.unavailable`, `store.conflict`): the file is to be taken again later. */
export async function takeFile(taking: Taking, found: Found): Promise<Taken> {
  const { given, partner, folder } = taking;
  const path = join(folder.path, found.at);
  const seen = await identityAt(path);
  if (seen === undefined) return 'changed';
  let handle: FileHandle;
  try {
    handle = await openPlain(folder, found);
  } catch {
    if (!isSame(seen, await identityAt(path))) return 'changed';
    const file = { partner, source: 'folder', name: found.name, size: found.size } as const;
    await keepUnreadable(given.database, file, 'hl7.file-unreadable', given.now());
    return fail(taking, found, seen, 'hl7.file-unreadable');
  }
  try {
    const identity = await identityOf(handle);
    try {
      return await read(taking, found, handle, identity);
    } catch (thrown) {
      const { code, kind } = asFault(thrown);
      if (code === 'hl7.file-broken') return 'changed';
      if (kind !== 'invalid') throw thrown;
      return await fail(taking, found, identity, code);
    }
  } finally {
    // Open until it is moved: until then no other file can be given its number.
    await handle.close().catch(() => undefined);
  }
}

async function read(taking: Taking, found: Found, handle: FileHandle, before: Identity): Promise<Taken> {
  const { given, partner, folder } = taking;
  const { name } = found;
  const setAside = (as: string, result: Shelving['result']): Promise<void> =>
    shelve(folder, found, before, { shelf: 'done', as, result });
  const whole = await digestOf(handle, taking.isStopping);
  if (whole === undefined) return 'stopped';
  const known = await knownFile(given.database, partner, whole);
  if (known?.state === 'done') {
    // Without a file of this name and its result there, a stop came between the last message and the move.
    if (known.name === name && !(await isShelved(folder, 'done', name))) {
      await setAside(name, () => tellResult(given.database, known.id));
      return 'done';
    }
    await setAside(await freeName(folder, 'done', name), () => tellDuplicate(known.id));
    return 'duplicate';
  }
  const outcome = await receiveFile(given, {
    partner,
    source: 'folder',
    name,
    size: Number(before.size),
    digest: whole,
    start: await firstBytes(handle),
    chunks: chunksOf(handle, known?.position ?? 0),
    known,
    isStopping: taking.isStopping,
    pause: () => catchUp(taking),
    whole: async () => {
      if (!isSame(before, await identityOf(handle))) throw new Fault('hl7.file-broken');
      return undefined;
    },
  });
  if (outcome.state === 'stopped') return 'stopped';
  await setAside(await freeName(folder, 'done', name), () => tellResult(given.database, outcome.id));
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

async function fail({ folder }: Taking, found: Found, identity: Identity, code: FaultCode): Promise<Taken> {
  const as = await freeName(folder, 'failed', found.name);
  await shelve(folder, found, identity, { shelf: 'failed', as, result: () => tellFailure(code) });
  return 'failed';
}

async function* tellFailure(code: FaultCode): AsyncGenerator<string> {
  yield `state: failed\nreason: ${code}: ${faults[code][1]}\nWhat was kept of it before stays kept; put the whole file here again.\n`;
}

async function* tellDuplicate(id: number): AsyncGenerator<string> {
  yield `state: duplicate\nThe same bytes came before, as file ${id} (GET /ops/files/${id}). Nothing was changed.\n`;
}

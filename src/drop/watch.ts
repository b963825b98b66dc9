// Watches the drop folders of the partner files: a file is taken when it has stopped changing for a while, by a clock
// that nobody sets, or when its sender says that it is done. One file of a folder at a time, in the order of names.

import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { asFault } from '../base/fault.ts';
import { describeCause, type Log } from '../base/log.ts';
import type { FileReceiving } from '../flow/receive-file.ts';
import { type Folder, type Found, filesIn, openFolder } from './folder.ts';
import { takeFile } from './take-file.ts';

export interface WatchedFolder {
  readonly partner: string;
  /** Below `dropDir`. */
  readonly path: string;
  readonly pattern: string;
  readonly settleSeconds: number;
  readonly given: FileReceiving;
}

export interface DropWatch {
  /** Leaves the file in hand to be read on, and ends. */
  stop(): Promise<void>;
}

const lookMs = 1_000;
/** What failed for a reason that passes by itself is tried again so much later. */
const againMs = 5_000;

export function startDropWatch(
  dropDir: string,
  folders: readonly WatchedFolder[],
  log: Log,
  options: { readonly lookMs?: number } = {},
): DropWatch {
  const ending = new AbortController();
  const isStopping = (): boolean => ending.signal.aborted;
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal: ending.signal }).catch(() => undefined);

  async function watch(watched: WatchedFolder): Promise<void> {
    const { partner } = watched;
    const settled = createSettling(watched.settleSeconds * 1_000);
    let isMissing = false;
    while (!isStopping()) {
      let wait = options.lookMs ?? lookMs;
      try {
        const folder = await openFolder(dropDir, watched.path, watched.pattern);
        if (folder === undefined && !isMissing)
          log.warn('drop folder is absent, or leads out of DROP_DIR', { partner });
        isMissing = folder === undefined;
        if (folder !== undefined && !(await takeAll(watched, folder, settled))) wait = againMs;
      } catch (thrown) {
        wait = againMs;
        tell(partner, thrown);
      }
      await pause(wait);
    }
  }

  /** False when one was put off; the others are taken all the same. */
  async function takeAll({ given, partner }: WatchedFolder, folder: Folder, settled: Settling): Promise<boolean> {
    let isComplete = true;
    for (const found of settled(await filesIn(folder))) {
      if (isStopping()) break;
      try {
        const state = await takeFile({ given, partner, folder, isStopping, sleep: pause }, found);
        // Names of files may name patients; the number of the file is in its result.
        log.info('dropped file taken', { partner, state, bytes: found.size });
      } catch (thrown) {
        isComplete = false;
        tell(partner, thrown);
      }
    }
    return isComplete;
  }

  function tell(partner: string, thrown: unknown): void {
    const fault = asFault(thrown);
    log.warn('dropped file put off', {
      partner,
      code: fault.code,
      ...(fault.kind === 'defect' && { cause: describeCause(fault) }),
    });
  }

  const running = folders.map(watch);
  return {
    async stop() {
      ending.abort();
      await Promise.all(running);
    },
  };
}

type Settling = (found: readonly Found[]) => Found[];

/** Those that have not changed for so long, or are marked as done. */
export function createSettling(ms: number, clock: () => number = () => performance.now()): Settling {
  let seen = new Map<string, { readonly found: Found; readonly since: number }>();
  return (all) => {
    const now = clock();
    const next = new Map<string, { readonly found: Found; readonly since: number }>();
    for (const found of all) {
      const before = seen.get(found.at);
      const isSame = before?.found.size === found.size && before.found.changedAt === found.changedAt;
      next.set(found.at, { found, since: isSame ? before.since : now });
    }
    seen = next;
    return all.filter((found) => found.isMarked || now - (next.get(found.at)?.since ?? now) >= ms);
  };
}

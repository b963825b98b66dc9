// The inbox worker: takes batches as long as there are any. A batch that fails as a whole is worked entry by entry, so
// that a poison message costs itself only; while the database is away it waits and tries again.

import { asFault } from '../base/fault.ts';
import { describeCause, type Log } from '../base/log.ts';
import { noteFailedEntry } from '../flow/note-failure.ts';
import type { Organisation } from '../flow/organisation.ts';
import { type BatchLimits, processMessages } from '../flow/process-messages.ts';
import type { Wake } from './wake.ts';

export interface InboxWorker {
  /** Finishes the batch in hand and ends. */
  stop(): Promise<void>;
}

const pollMs = 1_000;
const backOffMsMax = 5_000;
const conflictsMax = 5;

export function startInboxWorker(organisation: Organisation, limits: BatchLimits, wake: Wake, log: Log): InboxWorker {
  let stopping = false;
  let failures = 0;
  let conflicts = 0;

  async function turn(): Promise<void> {
    try {
      const taken = await processMessages(organisation, limits);
      failures = 0;
      conflicts = 0;
      if (taken === 0 && !stopping) await wake.wait(pollMs);
    } catch (thrown) {
      const fault = asFault(thrown);
      if (fault.kind === 'conflict' && conflicts < conflictsMax) conflicts += 1;
      else if (fault.kind === 'unavailable') await backOff(fault.code);
      else await oneByOne();
    }
  }

  async function backOff(code: string): Promise<void> {
    failures += 1;
    if (failures === 1) log.warn('database away, worker waits', { organisation: organisation.practice.id, code });
    await wake.wait(Math.min(backOffMsMax, 100 * 2 ** Math.min(failures, 6)));
  }

  /** Works as many single entries as a batch may hold; the one that fails is noted and passed over. */
  async function oneByOne(): Promise<void> {
    conflicts = 0;
    const conflictsOf = new Map<number, number>();
    for (let turn = 0; turn < limits.entriesMax && !stopping; turn += 1) {
      let inHand: number | undefined;
      try {
        const taken = await processMessages(organisation, { entriesMax: 1, shardsMax: 1 }, (entries) => {
          inHand = entries[0]?.message;
        });
        if (taken === 0) return;
      } catch (thrown) {
        if (asFault(thrown).kind === 'unavailable') return;
        // Somebody was faster: once more. Who loses every time has a fault of its own.
        const lost = asFault(thrown).kind === 'conflict' ? (conflictsOf.get(inHand ?? 0) ?? 0) + 1 : conflictsMax;
        conflictsOf.set(inHand ?? 0, lost);
        if (lost < conflictsMax) continue;
        if (inHand === undefined) {
          log.error('worker cannot take entries', { cause: describeCause(thrown) });
          await wake.wait(backOffMsMax);
          return;
        }
        await noteFailedEntry(organisation, inHand, thrown).catch(() => undefined);
      }
    }
  }

  async function run(): Promise<void> {
    while (!stopping) await turn();
  }
  const running = run();

  return {
    async stop() {
      stopping = true;
      wake.wake();
      await running;
    },
  };
}

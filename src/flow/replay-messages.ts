// What operators do with messages: set them back to be read again, or set them aside. Each with its audit row, all or
// nothing. Nothing is worked here; the workers take what is set back in the order of its arrival.

import { Fault } from '../base/fault.ts';
import { keepAudit } from '../store/audit.ts';
import type { FateFilter } from '../store/fates.ts';
import type { Database } from '../store/pool.ts';
import { countReplay, type ReplayCount, setAside, setBack } from '../store/replays.ts';

/** More at once would hold their rows too long, and is more likely a slip than a wish. */
export const replayMax = 100_000;

export interface Replayed extends ReplayCount {
  readonly setBack: number;
}

/** Throws `ops.request-invalid` when the selection is larger than `replayMax`. */
export function replayMessages(
  database: Database,
  filter: FateFilter,
  { actor, now, isDryRun }: { readonly actor: string; readonly now: number; readonly isDryRun: boolean },
): Promise<Replayed> {
  return database.transaction(async (tx) => {
    const count = await countReplay(tx, tx.organisation, filter);
    const wanted = count.matched - count.undecided - count.expired;
    if (isDryRun) return { ...count, setBack: wanted };
    if (wanted > replayMax)
      throw new Fault('ops.request-invalid', {
        detail: `the selection holds ${wanted} messages; at most ${replayMax} are replayed at once, so narrow it, by from and to for example`,
      });
    const done = await setBack(tx, filter, actor, now);
    await keepAudit(
      tx,
      tx.organisation,
      [{ actor, action: 'U', interaction: 'ops message replay', outcome: 0, patients: done.patients, resources: [] }],
      now,
    );
    return { ...count, setBack: done.count };
  });
}

/** Throws `ops.conflict` when the message is decided already. */
export function parkMessage(
  database: Database,
  message: number,
  { note, actor, now }: { readonly note: string; readonly actor: string; readonly now: number },
): Promise<void> {
  return database.transaction(async (tx) => {
    if (!(await setAside(tx, message, note, now)))
      throw new Fault('ops.conflict', { detail: 'only a message that is received or waiting can be set aside' });
    const audited = { action: 'U', interaction: 'ops message park', outcome: 0, patients: [], resources: [] } as const;
    await keepAudit(tx, tx.organisation, [{ ...audited, actor, request: String(message) }], now);
  });
}

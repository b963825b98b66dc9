// A list of members arrives: compared with the panel that stands and kept as a preview; then, when a person says so,
// applied exactly as it was shown, and what was kept of the people who join is given back to the inbox.

import { createHash } from 'node:crypto';
import { Fault } from '../base/fault.ts';
import type { Instant, LocalDate } from '../base/instant.ts';
import { localDateAt } from '../base/time.ts';
import type { PanelList } from '../domain/panel/collect.ts';
import { differ, type LoadMode } from '../domain/panel/difference.ts';
import { type GuardCode, guardsOf } from '../domain/panel/guards.ts';
import { defaultPanelRules } from '../domain/panel/member.ts';
import type { Practice } from '../domain/practice.ts';
import { keepAudit } from '../store/audit.ts';
import { entitledBy, giveBack, lockEntitled } from '../store/panel-kept.ts';
import {
  applyLoad,
  keepLoad,
  lockPanel,
  markApplied,
  type PanelLoad,
  pastLoads,
  readLoad,
} from '../store/panel-loads.ts';
import { standingPanel } from '../store/panel-members.ts';
import type { Database } from '../store/pool.ts';

/** How many of each kind a preview shows. */
const samplesMax = 20;

export interface Arrived {
  readonly bytes: Uint8Array;
  readonly list: PanelList;
  readonly source: string;
  readonly mode: LoadMode;
  /** Absent: today, where the practice is. */
  readonly asOf?: LocalDate;
}

/** Who acts, and when. */
export interface Acting {
  readonly actor: string;
  readonly now: Instant;
}

export const todayOf = (practice: Practice, now: Instant): LocalDate => localDateAt(now, practice.timeZone);

/** Compares and keeps; changes nothing of the panel. */
export function previewLoad(
  database: Database,
  practice: Practice,
  arrived: Arrived,
  { actor, now }: Acting,
): Promise<PanelLoad> {
  const { list, source, mode } = arrived;
  const digest = createHash('sha256').update(arrived.bytes).digest();
  return database.transaction(async (tx) => {
    await lockPanel(tx);
    const past = await pastLoads(tx, digest);
    const asOf = arrived.asOf ?? todayOf(practice, now);
    const standing = await standingPanel(tx);
    const difference = differ(standing, list.entries, mode, asOf);
    const { added, removed, changed, unchanged, ends, begins } = difference;
    const repeated = (reason: 'duplicate' | 'shared') => list.repeated.filter((row) => row.reason === reason).length;
    const counts = {
      rows: list.rows,
      identifiers: list.entries.length,
      persons: new Set(list.entries.map(({ person }) => person)).size,
      added: added.length,
      removed: removed.length,
      changed: changed.length,
      unchanged,
      unreadable: list.unreadable.length,
      duplicates: repeated('duplicate'),
      shared: repeated('shared'),
    };
    const guards = guardsOf({
      ...counts,
      mode,
      asOf,
      standing,
      list: list.entries,
      ...(past.sameId !== null &&
        past.sameAppliedAt !== null && {
          sameAs: {
            id: past.sameId,
            appliedOn: localDateAt(past.sameAppliedAt.getTime() as Instant, practice.timeZone),
          },
        }),
      ...(past.latestAsOf !== null && { latestAsOf: past.latestAsOf }),
      rules: practice.panel ?? defaultPanelRules,
    });
    const samples = {
      added: added.slice(0, samplesMax),
      removed: removed.slice(0, samplesMax),
      changed: changed.slice(0, samplesMax),
      unreadable: list.unreadable.slice(0, samplesMax),
      repeated: list.repeated
        .slice(0, samplesMax)
        .map(({ line, entry, reason }) => ({ line, identifier: entry.value, reason })),
    };
    const kept = {
      digest,
      source,
      mode,
      asOf,
      base: past.latest,
      counts,
      guards,
      samples,
      ends,
      begins,
      receivedBy: actor,
    };
    const id = await keepLoad(tx, tx.organisation, kept, now);
    await audit(tx, actor, 'C', 'panel load', id, now);
    return (await readLoad(tx, id)) as PanelLoad;
  });
}

export interface Applied {
  readonly load: PanelLoad;
  /** Messages that are read again because somebody they are about has joined. */
  readonly replayed: number;
}

/** Applies what the preview showed. Throws `ops.conflict` where a guard stands unaccepted or the panel has changed since. */
export function applyPreview(
  database: Database,
  id: number,
  accepted: readonly GuardCode[],
  { actor, now }: Acting,
): Promise<Applied> {
  return database.transaction(async (tx) => {
    await lockPanel(tx);
    const load = await readLoad(tx, id);
    if (load === undefined) throw new Fault('ops.not-found');
    if (load.state !== 'previewed')
      throw new Fault('ops.conflict', {
        detail:
          load.state === 'applied' ? 'this load has been applied' : 'this preview has expired; load the file again',
      });
    const { latest } = await pastLoads(tx, Buffer.alloc(0));
    if (latest !== load.base)
      throw new Fault('ops.conflict', {
        detail: `the panel has changed since this preview, by load ${latest}; load the file again`,
      });
    const refused = load.guards.filter(({ code }) => !accepted.includes(code));
    if (refused.length > 0)
      throw new Fault('ops.conflict', {
        detail: `${refused.map(({ says }) => says).join(' ')} To apply it all the same: accept ${refused.map(({ code }) => code).join(', ')}.`,
      });
    await applyLoad(tx, id);
    await lockEntitled(tx);
    const replayed = await giveBack(tx, await entitledBy(tx, id), actor, now);
    await markApplied(tx, id, actor, accepted, now);
    await audit(tx, actor, 'U', 'panel apply', id, now);
    return { load: (await readLoad(tx, id)) as PanelLoad, replayed };
  });
}

const audit = (
  tx: Parameters<typeof lockPanel>[0],
  actor: string,
  action: 'C' | 'U',
  interaction: string,
  id: number,
  now: Instant,
): Promise<void> =>
  keepAudit(
    tx,
    tx.organisation,
    [{ actor, action, interaction, outcome: 0, patients: [], resources: [`PanelLoad/${id}`] }],
    now,
  );

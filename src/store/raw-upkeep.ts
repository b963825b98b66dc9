// The weeks of raw messages: made ahead, and dropped when they are older than the policy. The work itself is a function
// of the database's owner (migration 0003), since the service's role owns no table.

import type { Queries } from './pool.ts';

export interface RawUpkeep {
  readonly made: number;
  readonly dropped: number;
  /** Messages not decided for good whose bytes were moved to the current week. */
  readonly moved: number;
}

/** Safe at any time and from several processes at once: one works, the others do nothing. */
export async function keepRawPartitions(queries: Queries, retentionDays: number): Promise<RawUpkeep> {
  const rows = await queries.query<RawUpkeep>(
    'raw.keep-partitions',
    'select made, dropped, moved from keep_raw_partitions($1::int)',
    [retentionDays],
  );
  return rows[0] ?? { made: 0, dropped: 0, moved: 0 };
}

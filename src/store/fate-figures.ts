// Fates in numbers: per partner, state and reason over a time, and how long the oldest undecided message has waited.

import type { FateState } from './fates.ts';
import type { Queries } from './pool.ts';

export interface FateCount {
  readonly partner: string;
  readonly state: FateState;
  readonly reason: string | null;
  readonly count: number;
  /** An example: the newest. */
  readonly example: number;
}

/** Messages received from one moment up to another. */
export function countFates(queries: Queries, organisation: string, from: number, to: number): Promise<FateCount[]> {
  return queries.query<FateCount>(
    'fates.count',
    `select partner, state, reason, count(*) as count, max(message) as example from inbox
      where organisation = $1 and received_at >= to_timestamp($2::float8 / 1000) and received_at < to_timestamp($3::float8 / 1000)
      group by partner, state, reason order by partner, state, count(*) desc, reason`,
    [organisation, from, to],
  );
}

export interface Undecided {
  readonly partner: string;
  readonly state: 'received' | 'parked' | 'waiting';
  readonly count: number;
  readonly oldest: Date;
}

/** What nobody has decided for good, whenever it came. */
export function countUndecided(queries: Queries, organisation: string): Promise<Undecided[]> {
  return queries.query<Undecided>(
    'fates.undecided',
    // Each state has a partial index of its own, so each is asked for by itself.
    ['received', 'parked', 'waiting']
      .map(
        (state) =>
          `select partner, '${state}' as state, count(*) as count, min(received_at) as oldest from inbox where organisation = $1 and state = '${state}' group by partner`,
      )
      .join(' union all '),
    [organisation],
  );
}

export interface ParkedReason {
  readonly partner: string;
  readonly reason: string;
  readonly count: number;
  readonly oldest: Date;
  readonly example: number;
}

export function countParked(queries: Queries, organisation: string): Promise<ParkedReason[]> {
  return queries.query<ParkedReason>(
    'fates.parked',
    `select partner, reason, count(*) as count, min(received_at) as oldest, max(message) as example from inbox
      where organisation = $1 and state = 'parked' group by partner, reason order by count(*) desc, partner, reason`,
    [organisation],
  );
}

// Two batches at once, one of them held at a statement until the other has gone as far as it can.

import type pg from 'pg';
import type { Organisation } from '../../src/flow/organisation.ts';
import type { Transaction } from '../../src/store/pool.ts';

/** The same organisation, where something else is done once just before a statement of a transaction, or just after it. */
export function pausing(
  organisation: Organisation,
  statement: string,
  meanwhile: () => Promise<unknown>,
  when: 'before' | 'after' = 'before',
): Organisation {
  let isDone = false;
  return {
    ...organisation,
    database: {
      ...organisation.database,
      transaction: (work) =>
        organisation.database.transaction((tx) =>
          work({
            organisation: tx.organisation,
            async query<Row>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
              const isNow = name === statement && !isDone;
              isDone ||= isNow;
              if (isNow && when === 'before') await meanwhile();
              const rows = await tx.query<Row>(name, text, values);
              if (isNow && when === 'after') await meanwhile();
              return rows;
            },
          } satisfies Transaction),
        ),
    },
  };
}

/** Returns when a connection waits for a lock. */
export async function someoneIsLocked(owner: pg.Client): Promise<void> {
  for (const until = Date.now() + 3_000; Date.now() < until; ) {
    const { rows } = await owner.query(
      `select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if (rows[0].count > 0) return;
  }
  throw new Error('nobody waits');
}

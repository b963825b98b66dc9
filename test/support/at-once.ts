// Two batches at once, one of them held at a statement until the other has gone as far as it can.

import type pg from 'pg';
import type { Organisation } from '../../src/flow/organisation.ts';
import type { Transaction } from '../../src/store/pool.ts';

/** The same organisation, where a statement of a transaction is reached only after something else was done. */
export function pausing(
  organisation: Organisation,
  statement: string,
  meanwhile: () => Promise<unknown>,
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
              if (name === statement && !isDone) {
                isDone = true;
                await meanwhile();
              }
              return tx.query<Row>(name, text, values);
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

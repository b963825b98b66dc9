// Reading resources by id, many at a time. While one statement is under way, further reads gather; the next statement
// takes them all. No timer: an idle service answers at once, a busy one shares commits.

import { asFault } from '../base/fault.ts';
import type { StoredResource } from '../fhir/bundle.ts';
import type { Database } from '../store/pool.ts';
import { type ReadWish, readResources } from '../store/resource-reads.ts';

/** Measured: a second statement in flight keeps Postgres busy while Node answers the first; a third gains nothing. */
const statementsMax = 2;
const wishesMax = 64;

export type ReadResource = (wish: ReadWish) => Promise<StoredResource | undefined>;

interface Waiting {
  readonly wish: ReadWish;
  readonly resolve: (resource: StoredResource | undefined) => void;
  readonly reject: (fault: Error) => void;
}

/** The reader of one organisation. */
export function createReader(database: Database, now: () => number): ReadResource {
  let waiting: Waiting[] = [];
  let inFlight = 0;

  async function run(batch: readonly Waiting[]): Promise<void> {
    try {
      const found = await readResources(
        database,
        batch.map(({ wish }) => wish),
        now(),
      );
      for (const [at, { resolve }] of batch.entries()) resolve(found[at]);
    } catch (thrown) {
      const fault = asFault(thrown);
      for (const { reject } of batch) reject(fault);
    }
  }

  function next(): void {
    while (inFlight < statementsMax && waiting.length > 0) {
      const batch = waiting.length <= wishesMax ? waiting : waiting.slice(0, wishesMax);
      waiting = waiting.length <= wishesMax ? [] : waiting.slice(wishesMax);
      inFlight += 1;
      void run(batch).finally(() => {
        inFlight -= 1;
        next();
      });
    }
  }

  return (wish) =>
    new Promise((resolve, reject) => {
      waiting.push({ wish, resolve, reject });
      // Reads of the same turn of the event loop share a statement.
      if (waiting.length === 1) setImmediate(next);
    });
}

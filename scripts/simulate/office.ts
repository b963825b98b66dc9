// People beside the feed, while it runs and afterwards: they say of somebody alike that it is another person, and have
// messages read again. What fails on the way they try again another time.

import { decideMatch } from '../../src/flow/decide-review.ts';
import type { Organisation } from '../../src/flow/organisation.ts';
import { replayMessages } from '../../src/flow/replay-messages.ts';
import type { FateFilter } from '../../src/store/fates.ts';
import { listReviews } from '../../src/store/match-reviews.ts';
import type { Random } from '../hospital/random.ts';

export interface Office {
  readonly isBusy: boolean;
  /** Decides every review that is open. */
  decide(): void;
  /** Whether there was one when last asked to decide. */
  readonly hasDecided: boolean;
  replay(): void;
}

const actor = 'system:office';
const selections: readonly FateFilter[] = [
  {},
  { state: 'applied' },
  { state: 'parked' },
  { state: 'ignored' },
  { trigger: 'A01' },
  { trigger: 'A03' },
  { trigger: 'A08' },
];

export function openOffice(organisation: Organisation, random: Random): Office {
  let isBusy = false;
  let hasDecided = false;
  const undertake = (work: () => Promise<unknown>): void => {
    isBusy = true;
    void work()
      .catch(() => undefined)
      .finally(() => {
        isBusy = false;
      });
  };
  return {
    get isBusy() {
      return isBusy;
    },
    get hasDecided() {
      return hasDecided;
    },
    decide: () =>
      undertake(async () => {
        hasDecided = false;
        const open = await listReviews(organisation.database, { state: 'open', after: undefined, limit: 50 });
        hasDecided = open.length > 0;
        for (const { id } of open)
          await decideMatch(organisation, { id, outcome: 'new', mergesOthers: false, by: actor });
      }),
    replay: () =>
      undertake(() =>
        replayMessages(organisation.database, random.pick(selections), {
          ...{ actor, now: organisation.now(), isDryRun: false },
        }),
      ),
  };
}

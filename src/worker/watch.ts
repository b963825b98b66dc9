// The clock's look at the feeds, once a minute. A look that fails is put off to the next minute.

import cron from 'node-cron';
import { asFault } from '../base/fault.ts';
import type { Log } from '../base/log.ts';
import type { WatchedFeed } from '../flow/feed-status.ts';
import type { Organisation } from '../flow/organisation.ts';
import { type Watched, watchFeeds } from '../flow/watch-feeds.ts';

export interface FeedWatch {
  stop(): Promise<void>;
}

export function startFeedWatch(
  organisations: readonly Organisation[],
  feedsOf: (organisation: string) => readonly WatchedFeed[],
  seen: (organisation: string, watched: Watched) => void,
  log: Log,
): FeedWatch {
  let stopping = false;
  let running: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    for (const organisation of organisations) {
      if (stopping) return;
      const { id } = organisation.practice;
      try {
        seen(id, await watchFeeds(organisation, feedsOf(id)));
      } catch (thrown) {
        log.warn('look at the feeds put off', { organisation: id, code: asFault(thrown).code });
      }
    }
  }

  const begin = (): Promise<void> => {
    running = running.then(look);
    return running;
  };
  const task = cron.schedule('5 * * * * *', begin, { name: 'watch-feeds', noOverlap: true, timezone: 'UTC' });
  // The first beat is the start itself.
  void begin();
  return {
    async stop() {
      stopping = true;
      await task.destroy();
      await running;
    },
  };
}

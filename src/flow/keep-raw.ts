// What expires: the partitions of raw messages, whosever they are, and what the match reviews of each organisation still
// tell of a message. At the start and by the clock; what fails is tried again by the next tick, and until then the
// default partition takes what has no week of its own.

import { asFault } from '../base/fault.ts';
import { forgetSubjects } from '../store/match-reviews.ts';
import { keepRawPartitions } from '../store/raw-upkeep.ts';
import type { Organisation } from './organisation.ts';

const dayMs = 86_400_000;

export async function keepRaw(organisations: readonly Organisation[], retentionDays: number): Promise<void> {
  const [first] = organisations;
  if (first) await keepPartitions(first, retentionDays);
  for (const { database, log, now } of organisations) {
    try {
      const forgotten = await forgetSubjects(database, now() - retentionDays * dayMs);
      if (forgotten > 0) log.info('descriptions in old match reviews forgotten', { count: forgotten });
    } catch (thrown) {
      log.warn('upkeep of match reviews put off', { code: asFault(thrown).code });
    }
  }
}

async function keepPartitions({ database, log }: Organisation, retentionDays: number): Promise<void> {
  try {
    const { made, dropped, moved } = await keepRawPartitions(database, retentionDays);
    if (made + dropped + moved > 0)
      log.info('weeks of raw messages kept up', { detail: `made ${made}, dropped ${dropped}, moved ${moved}` });
  } catch (thrown) {
    log.warn('upkeep of raw messages put off', { code: asFault(thrown).code });
  }
}

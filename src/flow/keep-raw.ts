// Upkeep of the raw messages' partitions, whosever they are: at the start and by the clock. What fails is tried again
// by the next tick; until then the default partition takes what has no week of its own.

import { asFault } from '../base/fault.ts';
import { keepRawPartitions } from '../store/raw-upkeep.ts';
import type { Organisation } from './organisation.ts';

export async function keepRaw({ database, log }: Organisation, retentionDays: number): Promise<void> {
  try {
    const { made, dropped, moved } = await keepRawPartitions(database, retentionDays);
    if (made + dropped + moved > 0)
      log.info('weeks of raw messages kept up', { detail: `made ${made}, dropped ${dropped}, moved ${moved}` });
  } catch (thrown) {
    log.warn('upkeep of raw messages put off', { code: asFault(thrown).code });
  }
}

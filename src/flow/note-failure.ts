// An entry whose batch failed for a reason that is ours: it is tried again a little later, and parked after the last
// try, so that it never holds up those behind it.

import { asFault } from '../base/fault.ts';
import { describeCause } from '../base/log.ts';
import { noteFailure } from '../store/inbox.ts';
import type { Organisation } from './organisation.ts';

export const attemptsMax = 3;

export async function noteFailedEntry(organisation: Organisation, message: number, thrown: unknown): Promise<void> {
  const now = organisation.now();
  organisation.log.error('message failed', { message, code: asFault(thrown).code, cause: describeCause(thrown) });
  organisation.count('retry', {});
  await noteFailure(organisation.database, {
    message,
    reason: asFault(thrown).code,
    attemptsMax,
    retryAt: now + 2_000,
    now,
  });
}

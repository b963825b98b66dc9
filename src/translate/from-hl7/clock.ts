// Clocks of senders that cannot be right: a message sent in the future, or years before it came. Such a message is put
// in order by its arrival, as stored, so that a replay gives the same order (docs/decisions/0023-implausible-clocks.md).

import { type Instant, instant, type Moment } from '../../base/instant.ts';
import type { ClockLimits } from './dialect.ts';

/** For a feed whose file says nothing else. Interfaces replay months of history; nobody is an hour ahead on purpose. */
export const plausibleClock: ClockLimits = { aheadMaxMinutes: 60, behindMaxDays: 400 };

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Undefined: the time can be right. */
export function errs(
  at: Instant,
  receivedAt: Instant | undefined,
  { aheadMaxMinutes, behindMaxDays }: ClockLimits = plausibleClock,
): 'ahead' | 'behind' | undefined {
  if (receivedAt === undefined) return undefined;
  if (at > receivedAt + aheadMaxMinutes * minuteMs) return 'ahead';
  return at < receivedAt - behindMaxDays * dayMs ? 'behind' : undefined;
}

/**
 * Whether an event time is not to be believed: it errs as MSH-7 does, so it comes from the same clock; or it lies more
 * than a day ahead of the arrival of its message, whatever MSH-7 says: nothing is reported before it happens.
 * A day names no hour, so it counts from its beginning.
 */
export function isImpossible(
  moment: Moment,
  receivedAt: Instant | undefined,
  clockIs: 'ahead' | 'behind' | undefined,
  limits: ClockLimits = plausibleClock,
): boolean {
  if (receivedAt === undefined) return false;
  if (clockIs !== undefined && errs(moment.at, receivedAt, limits) === clockIs) return true;
  return moment.at > instant(receivedAt + Math.max(dayMs, limits.aheadMaxMinutes * minuteMs));
}

// How each feed does: when it was last heard, what was expected and what came, and which shares went wrong.

import { expectedWithin, hourMs, learn } from '../domain/silence/expectation.ts';
import { type Heartbeat, type Judgement, judgeFeed, usualHeartbeat } from '../domain/silence/heartbeat.ts';
import { type Part, type Rise, risen } from '../domain/silence/share.ts';
import type { Span } from '../domain/silence/up.ts';
import { feedHours, type HourRow, upSpans } from '../store/feed-health.ts';
import type { Transaction } from '../store/pool.ts';

const weekMs = 168 * hourMs;

export interface WatchedFeed {
  readonly id: string;
  readonly zone: string;
  readonly heartbeat: Heartbeat;
}

interface Described {
  readonly id: string;
  readonly organisation: string;
  readonly dialect: { readonly timeZone: string };
  readonly heartbeat?: Heartbeat;
}

/** The feeds of one organisation, as the partner files describe them. */
export const watchedFeeds = (feeds: readonly Described[], organisation: string): WatchedFeed[] =>
  feeds
    .filter((feed) => feed.organisation === organisation)
    .map(({ id, dialect, heartbeat }) => ({ id, zone: dialect.timeZone, heartbeat: heartbeat ?? usualHeartbeat }));

export interface FeedStatus {
  readonly partner: string;
  /** Milliseconds since 1970; absent: never. */
  readonly lastAt?: number;
  readonly judgement: Judgement;
  /** Since the hour began, by the clock. */
  readonly thisHour: { readonly expected: number; readonly got: number };
  readonly isLearned: boolean;
  readonly lastHour: Shares;
  readonly lastDay: Shares;
  readonly parked?: Rise;
  readonly unmapped?: Rise;
}

export interface Shares {
  readonly received: number;
  readonly parked: number;
  readonly unmapped: number;
}

export async function readFeedStatus(
  tx: Transaction,
  feeds: readonly WatchedFeed[],
  now: number,
): Promise<FeedStatus[]> {
  const up = await upSpans(tx);
  const byPartner = new Map<string, HourRow[]>();
  const weeks = feeds.reduce((most, { heartbeat }) => Math.max(most, heartbeat.learnWeeks), 1);
  for (const row of await feedHours(tx, now - (weeks + 1) * weekMs)) {
    const rows = byPartner.get(row.partner);
    if (rows) rows.push(row);
    else byPartner.set(row.partner, [row]);
  }
  return feeds.map((feed) => statusOf(feed, byPartner.get(feed.id) ?? [], up, now));
}

function statusOf(
  { id, zone, heartbeat }: WatchedFeed,
  rows: readonly HourRow[],
  up: readonly Span[],
  now: number,
): FeedStatus {
  const thisHour = Math.floor(now / hourMs) * hourMs;
  // What a clock that was ahead has left behind lies in no past.
  const hours = rows.filter(({ hour, lastAt }) => hour <= thisHour && lastAt <= now);
  const lastAt = hours.at(-1)?.lastAt;
  const expectation = learn(hours, { now, weeks: heartbeat.learnWeeks, zone, up });
  const judgement = judgeFeed({ now, lastAt, hours, up, zone, heartbeat, expectation });
  const lastHour = sharesOf(hours, thisHour - hourMs);
  const lastDay = sharesOf(hours, thisHour - 24 * hourMs);
  const before = sharesOf(hours, 0, thisHour - 24 * hourMs);
  const parked = rise(lastHour, lastDay, before, 'parked');
  const unmapped = rise(lastHour, lastDay, before, 'unmapped');
  return {
    partner: id,
    ...(lastAt !== undefined && { lastAt }),
    judgement,
    thisHour: {
      expected: expectedWithin(
        expectation,
        { from: thisHour, to: now },
        { zone, up, floorPerHour: heartbeat.floorPerHour },
      ),
      got: hours.find(({ hour }) => hour === thisHour)?.received ?? 0,
    },
    isLearned: expectation.isLearned,
    lastHour,
    lastDay,
    ...(parked && { parked }),
    ...(unmapped && { unmapped }),
  };
}

function sharesOf(hours: readonly HourRow[], from: number, to = Number.POSITIVE_INFINITY): Shares {
  let [received, parked, unmapped] = [0, 0, 0];
  for (const row of hours) {
    if (row.hour < from || row.hour >= to) continue;
    received += row.received;
    parked += row.parked;
    unmapped += row.unmapped;
  }
  return { received, parked, unmapped };
}

/** In the last hour, or else in the last day. */
function rise(hour: Shares, day: Shares, before: Shares, what: 'parked' | 'unmapped'): Rise | undefined {
  const part = (shares: Shares): Part => ({ bad: shares[what], all: shares.received });
  return risen(part(hour), part(before)) ?? risen(part(day), part(before));
}

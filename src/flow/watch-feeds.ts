// Silence is work: once a minute each feed, the inbox and the stays in progress are looked at, and what is not as it
// should be becomes an item for operators. An item closes itself when what it is about is over.

import { operatorsOf } from '../domain/practice.ts';
import { isOverlong, missedEnd, type OpenStay } from '../domain/silence/stays.ts';
import { gapMsMax, isSettled } from '../domain/silence/up.ts';
import {
  countHours,
  dropOldHours,
  noteUp,
  type OpenStayRow,
  openStays,
  recountParked,
  unworked,
  upSpans,
} from '../store/feed-health.ts';
import { closeOthers, countItems, type ItemToOpen, openItems } from '../store/ops-items.ts';
import type { Transaction } from '../store/pool.ts';
import { type FeedStatus, readFeedStatus, type WatchedFeed } from './feed-status.ts';
import type { Organisation } from './organisation.ts';

/** Kinds that this watch opens and closes. */
export const watchKinds = [
  'quiet-feed',
  'parked-share',
  'unmapped-share',
  'oldest-unworked',
  'stay-without-discharge',
  'discharge-not-closed',
] as const;
export type WatchKind = (typeof watchKinds)[number];

export interface Watched {
  readonly feeds: readonly FeedStatus[];
  /** Open and acknowledged items by kind, those of other kinds too. */
  readonly items: ReadonlyMap<string, number>;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** The most that a partner file may ask to learn from, and a little. */
const historyMs = 27 * 7 * dayMs;
/** A message waits seconds; after so long the workers are stuck. */
const unworkedMsMax = 10 * minuteMs;
/** Oldest first: more than these is one question, not a thousand. */
const staysMax = 2_000;

export function watchFeeds(organisation: Organisation, feeds: readonly WatchedFeed[]): Promise<Watched> {
  return organisation.database.transaction(async (tx) => {
    const now = organisation.now();
    await noteUp(tx, now, gapMsMax, now - historyMs);
    await countHours(tx, now, now - historyMs);
    await recountParked(tx, now - dayMs - 2 * 3_600_000);
    await dropOldHours(tx, now - historyMs);
    const statuses = await readFeedStatus(tx, feeds, now);
    // After a start or a jump of the clock nothing is opened and nothing is closed until the dust has settled.
    if (isSettled(await upSpans(tx), now)) await keepItems(tx, organisation, statuses, now);
    const items = new Map((await countItems(tx)).map(({ kind, count }) => [kind, count]));
    return { feeds: statuses, items };
  });
}

type Found = Readonly<Record<WatchKind, readonly Pick<ItemToOpen, 'key' | 'details'>[]>>;

async function keepItems(
  tx: Transaction,
  organisation: Organisation,
  statuses: readonly FeedStatus[],
  now: number,
): Promise<void> {
  const { owner, stayDaysMax } = operatorsOf(organisation.practice);
  const found: Found = {
    ...ofFeeds(statuses),
    'oldest-unworked': await ofInbox(tx, now),
    ...ofStays(await openStays(tx, now - dayMs, staysMax), stayDaysMax, now),
  };
  for (const kind of watchKinds) {
    await openItems(
      tx,
      found[kind].map((item) => ({ kind, owner, ...item })),
      now,
    );
    await closeOthers(
      tx,
      kind,
      found[kind].map(({ key }) => key),
      now,
    );
  }
}

function ofFeeds(statuses: readonly FeedStatus[]): Pick<Found, 'quiet-feed' | 'parked-share' | 'unmapped-share'> {
  const round = (value: number): number => Number(value.toPrecision(3));
  return {
    'quiet-feed': statuses.flatMap(({ partner, lastAt, judgement }) =>
      judgement.isQuiet
        ? [
            {
              key: partner,
              details: {
                partner,
                why: judgement.why,
                lastMessageAt: timeOf(lastAt),
                silentMinutes: judgement.silentMinutes,
                expected: round(judgement.expected),
                got: judgement.got,
                probability: round(judgement.probability),
              },
            },
          ]
        : [],
    ),
    'parked-share': statuses.flatMap(({ partner, parked }) =>
      parked
        ? [
            {
              key: partner,
              details: { partner, parked: parked.bad, messages: parked.all, usualShare: round(parked.usual) },
            },
          ]
        : [],
    ),
    'unmapped-share': statuses.flatMap(({ partner, unmapped }) =>
      unmapped
        ? [
            {
              key: partner,
              details: { partner, unmapped: unmapped.bad, messages: unmapped.all, usualShare: round(unmapped.usual) },
            },
          ]
        : [],
    ),
  };
}

async function ofInbox(tx: Transaction, now: number): Promise<Found['oldest-unworked']> {
  const { count, oldest } = await unworked(tx);
  if (oldest === null || now - oldest < unworkedMsMax) return [];
  return [{ key: 'inbox', details: { messages: count, oldestReceivedAt: timeOf(oldest) } }];
}

function ofStays(
  rows: readonly OpenStayRow[],
  daysMax: Readonly<Record<string, number>>,
  now: number,
): Pick<Found, 'stay-without-discharge' | 'discharge-not-closed'> {
  const stays = rows.map((row) => ({ row, stay: stayOf(row) }));
  const about = (row: OpenStayRow) => ({
    encounter: row.encounter,
    patient: row.patient,
    partner: row.partner,
    class: row.class,
    startedAt: timeOf(row.startedAt),
  });
  return {
    'stay-without-discharge': stays
      .filter(({ stay }) => isOverlong(stay, daysMax, now))
      .map(({ row }) => ({ key: row.encounter, details: about(row) })),
    'discharge-not-closed': stays.flatMap(({ row, stay }) => {
      const told = missedEnd(stay, now);
      return told
        ? [{ key: row.encounter, details: { ...about(row), toldBy: told.by, dischargeAt: timeOf(told.at) } }]
        : [];
    }),
  };
}

function stayOf(row: OpenStayRow): OpenStay {
  const events = [...row.events].sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
  return {
    encounter: row.encounter,
    class: row.class ?? undefined,
    startedAt: row.startedAt,
    events: events.map(({ kind, happenedAt, facts: { dischargedAt, disposition } }) => ({
      kind,
      happenedAt,
      dischargedAt: dischargedAt === null ? null : dischargedAt?.at,
      hasLeft: disposition === null ? null : disposition && !staying.has(disposition.destination),
    })),
  };
}

/** Dispositions that end no stay. */
const staying = new Set(['still-patient', 'unknown']);

const timeOf = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

// The inbox: entries are taken shard by shard in the order they were kept, and leave it applied, ignored or parked.

import type { PatientId } from '../base/id.ts';
import { textArray } from './arrays.ts';
import type { Queries, Transaction } from './pool.ts';

export interface InboxEntry {
  readonly message: number;
  readonly partner: string;
  readonly trigger: string;
  readonly controlId: string;
  readonly digest: Buffer;
  readonly raw: Buffer;
  /** False where the bytes were forgotten while it was set back: then `raw` and `digest` are empty. */
  readonly hasRaw: boolean;
  readonly attempts: number;
  readonly receivedAt: Date;
  /** Whether an earlier message has its MSH-10 but other bytes. */
  readonly controlIdReused: boolean;
  /** How often it was set back to be read again; above 0, what it said before may have to be taken back. */
  readonly replays: number;
  /** Whose chart it changed when it was applied before. */
  readonly patient: PatientId | null;
}

export interface Decision {
  readonly message: number;
  readonly state: 'applied' | 'ignored' | 'parked' | 'waiting';
  readonly reason?: string;
  readonly patient?: string;
  /** The match review it waits for. */
  readonly review?: string;
  /** For finding it: the value of the patient's first identifier, and of the visit number. */
  readonly subject?: string;
  readonly visit?: string;
  readonly warnings: readonly string[];
  readonly controlIdReused: boolean;
}

/** A try is put off by seconds; one that is further away was put off before somebody set the clock back. */
const isDue = (of: string, now: string): string =>
  `(${of}not_before is null or ${of}not_before <= to_timestamp(${now}::float8 / 1000) or ${of}not_before > to_timestamp(${now}::float8 / 1000) + interval '1 minute')`;

/**
 * Whether an earlier message has the MSH-10 of this one, but other bytes (with the same bytes it would be this one). As a
 * value it is looked up in the index of `message` for each; an "exists" may be planned as one scan of all messages.
 */
export const reusesControlId = (organisation: string, of: string, message: string): string =>
  `(${of}.control_id <> '' and (select true from message before where before.organisation = ${organisation}
      and before.partner = ${of}.partner and before.control_id = ${of}.control_id and before.id < ${message} limit 1) is not null)`;

/** First key of the advisory locks that give a shard to one transaction at a time. */
const lockSpace = 7_463;
const shardCount = 64;

/**
 * Locks shards that hold work, for the rest of the transaction, and takes their oldest entries. The shards are chosen
 * and locked in one statement and read in the next, so an entry that another worker has just decided is not seen.
 */
export async function takeEntries(
  tx: Transaction,
  now: number,
  limit: number,
  shardsMax: number,
): Promise<InboxEntry[]> {
  const locked = await tx.query<{ shard: number }>(
    'inbox.lock-shards',
    `with waiting as materialized (
       select every.shard from generate_series(0, ${shardCount - 1}) as every (shard)
        where exists (select 1 from inbox i where i.organisation = $3 and i.shard = every.shard::smallint and i.state = 'received'
                        and ${isDue('i.', '$1')})
        order by (every.shard + $4::int) % ${shardCount}
     )
     select shard from waiting where pg_try_advisory_xact_lock(${lockSpace}, hashtext($3 || '#' || shard)) limit $2`,
    [now, shardsMax, tx.organisation, Math.floor(now) % shardCount],
  );
  if (locked.length === 0) return [];
  return tx.query<InboxEntry>(
    'inbox.take',
    `select i.message, i.partner, i.trigger, i.attempts, i.received_at as "receivedAt",
            i.control_id_reused or ${reusesControlId('$4', 'i', 'i.message')} as "controlIdReused", i.replays, i.patient, i.control_id as "controlId", coalesce(sha256(m.raw), '') as digest, coalesce(m.raw, '') as raw, m.raw is not null as "hasRaw"
       from unnest($1::smallint[]) as held (shard)
      cross join lateral (
        select message, partner, control_id, trigger, attempts, received_at, raw_moved_to, control_id_reused, replays, patient from inbox
         where organisation = $4 and state = 'received' and shard = held.shard
           and ${isDue('', '$2')}
         order by message limit $3
      ) i
      left join lateral (
        select raw from message_raw where id = i.message and kept_at = coalesce(i.raw_moved_to, i.received_at) limit 1
      ) m on true
      order by i.message`,
    [locked.map((row) => row.shard), now, Math.max(1, Math.floor(limit / locked.length)), tx.organisation],
  );
}

/** Waits until nobody works the message's shard, and keeps others from it for the rest of the transaction. */
export async function lockShardOf(tx: Transaction, message: number): Promise<void> {
  await tx.query(
    'inbox.lock-shard-of',
    `select pg_advisory_xact_lock(${lockSpace}, hashtext($1 || '#' || shard)) from inbox where organisation = $1 and message = $2`,
    [tx.organisation, message],
  );
}

export async function decideEntries(tx: Transaction, decisions: readonly Decision[], now: number): Promise<void> {
  if (decisions.length === 0) return;
  await tx.query(
    'inbox.decide',
    `update inbox set state = d.state, reason = d.reason, review = d.review, subject = d.subject, visit = d.visit,
            warnings = case when d.warnings = '' then null else string_to_array(d.warnings, ' ') end,
            -- While it waits again, or is parked, what it said of somebody before still stands.
            patient = case when d.state in ('parked', 'waiting') then coalesce(d.patient, inbox.patient) else d.patient end,
            decided_at = to_timestamp($6::float8 / 1000), control_id_reused = d.control_id_reused
       from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $7::text[], $8::text[], $9::text[], $10::boolean[])
         as d (message, state, reason, patient, warnings, review, subject, visit, control_id_reused)
      where inbox.message = any ($1::bigint[]) and inbox.message = d.message`,
    [
      decisions.map((decision) => decision.message),
      textArray(decisions.map((decision) => decision.state)),
      textArray(decisions.map((decision) => decision.reason ?? null)),
      textArray(decisions.map((decision) => decision.patient ?? null)),
      textArray(decisions.map((decision) => decision.warnings.join(' '))),
      now,
      textArray(decisions.map((decision) => decision.review ?? null)),
      textArray(decisions.map((decision) => decision.subject ?? null)),
      textArray(decisions.map((decision) => decision.visit ?? null)),
      decisions.map((decision) => decision.controlIdReused),
    ],
  );
}

/** Notes a failed try; the entry comes back later, or is parked, with its audit row, when it has failed often enough. */
export async function noteFailure(
  queries: Queries,
  entry: {
    readonly message: number;
    readonly reason: string;
    readonly attemptsMax: number;
    readonly retryAt: number;
    readonly now: number;
  },
): Promise<void> {
  await queries.query(
    'inbox.note-failure',
    `with noted as (
       update inbox set attempts = attempts + 1,
              not_before = to_timestamp($4::float8 / 1000),
              state = case when attempts + 1 >= $3 then 'parked' else 'received' end,
              reason = case when attempts + 1 >= $3 then $2 else null end,
              decided_at = case when attempts + 1 >= $3 then to_timestamp($5::float8 / 1000) else null end,
              control_id_reused = control_id_reused or ${reusesControlId('inbox.organisation', 'inbox', 'inbox.message')}
        where message = $1 and state = 'received'
       returning organisation, partner, message, state
     )
     insert into audit (organisation, at, actor, action, interaction, outcome, patients, resources, request)
     select organisation, to_timestamp($5::float8 / 1000), 'feed:' || partner, 'U', 'message', 4, '{}', '{}', message::text
       from noted where state = 'parked'`,
    [entry.message, entry.reason, entry.attemptsMax, entry.retryAt, entry.now],
  );
}

export interface InboxFigures {
  readonly received: number;
  readonly parked: number;
  /** For a person to say whose they are. */
  readonly waiting: number;
  /** Arrival of the oldest entry that nobody has worked on. */
  readonly oldest: Date | null;
}

export async function inboxFigures(queries: Queries): Promise<InboxFigures> {
  const rows = await queries.query<InboxFigures>(
    'inbox.figures',
    `select (select count(*) from inbox where state = 'received') as received,
            (select count(*) from inbox where state = 'parked') as parked,
            (select count(*) from inbox where state = 'waiting') as waiting,
            (select min(received_at) from inbox where state = 'received') as oldest`,
    [],
  );
  return rows[0] ?? { received: 0, parked: 0, waiting: 0, oldest: null };
}

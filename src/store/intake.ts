// Keeping messages as they arrive: one statement for all that gathered while the last one was being written.

import { bytesArray, textArray } from './arrays.ts';
import { reusesControlId } from './inbox.ts';
import type { Queries } from './pool.ts';

export interface ArrivedMessage {
  readonly partner: string;
  readonly controlId: string;
  /** SHA-256 of the bytes. */
  readonly digest: Buffer;
  readonly raw: Buffer;
  readonly shard: number;
  /** `ADT^A01`, as far as the header says. */
  readonly trigger: string;
  /** Set where the header alone shows that nobody can work on it. */
  readonly parkedFor?: string;
  /** Where the fault is, `MSH-4`: the first warning of the entry. */
  readonly parkedAt?: string;
}

/**
 * Keeps the messages, in order; a message already kept (same partner, MSH-10 and bytes) leaves no second row.
 * One that is parked at once leaves its audit row with it. Returns how many were new. When this resolves they are on disk.
 */
export async function keepMessages(
  queries: Queries,
  organisation: string,
  messages: readonly ArrivedMessage[],
  receivedAt: number,
): Promise<number> {
  const rows = await queries.query(
    'intake.keep',
    // Each gets its number first, so that what was kept is found again by number rather than by three texts.
    `with arrived as materialized (
       select a.*, nextval('message_id_seq') as id from unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::smallint[], $6::text[], $7::text[], $10::text[])
         with ordinality as a (partner, control_id, digest, raw, shard, trigger, parked_for, parked_at, position)
     ), kept as (
       insert into message (organisation, partner, control_id, digest, id)
       select $8, partner, control_id, digest, id from arrived order by position
       on conflict do nothing
       returning id
     ), stored as (
       insert into message_raw (id, organisation, kept_at, raw)
       select kept.id, $8, to_timestamp($9::float8 / 1000), a.raw from kept join arrived a on a.id = kept.id
     ), audited as (
       insert into audit (organisation, at, actor, action, interaction, outcome, patients, resources, request)
       select $8, to_timestamp($9::float8 / 1000), 'feed:' || a.partner, 'U', 'message', 4, '{}', '{}', kept.id::text
         from kept join arrived a on a.id = kept.id
        where a.parked_for is not null
     )
     insert into inbox (message, organisation, partner, control_id, shard, trigger, received_at, state, reason, control_id_reused, decided_at, warnings)
     select kept.id, $8, a.partner, a.control_id, a.shard, a.trigger, to_timestamp($9::float8 / 1000),
            case when a.parked_for is null then 'received' else 'parked' end, a.parked_for,
            -- Nobody will take up one that is parked at once; of all others it is asked when they are worked.
            a.parked_for is not null and (${reusesControlId('$8', 'a', 'a.id')} or exists (select from arrived b
              where b.id < a.id and b.partner = a.partner and b.control_id = a.control_id and a.control_id <> '')),
            case when a.parked_for is null then null else to_timestamp($9::float8 / 1000) end,
            case when a.parked_at is null then null else array['at:' || a.parked_at] end
       from kept join arrived a on a.id = kept.id
     returning 1`,
    [
      textArray(messages.map((message) => message.partner)),
      textArray(messages.map((message) => message.controlId)),
      bytesArray(messages.map((message) => message.digest)),
      bytesArray(messages.map((message) => message.raw)),
      messages.map((message) => message.shard),
      textArray(messages.map((message) => message.trigger)),
      textArray(messages.map((message) => message.parkedFor ?? null)),
      organisation,
      receivedAt,
      textArray(messages.map((message) => message.parkedAt ?? null)),
    ],
  );
  return rows.length;
}

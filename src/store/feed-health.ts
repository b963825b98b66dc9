// What the watch over feeds keeps and asks: messages by feed and hour, when the service was running, what waits, and
// stays in progress that should have ended.

import type { Transaction } from './pool.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The service is running now: lengthens the last span, or begins one when it is longer than `gapMs` ago. A clock that
 * was set back cuts off what lies ahead of it; spans from before `oldest` are dropped.
 */
export async function noteUp(tx: Transaction, now: number, gapMs: number, oldest: number): Promise<void> {
  await tx.query(
    'feed-health.cut-spans',
    `with gone as (
       delete from service_up where organisation = $1 and (from_at > to_timestamp($2::float8 / 1000) or to_at < to_timestamp($3::float8 / 1000))
     )
     update service_up set to_at = to_timestamp($2::float8 / 1000)
      where organisation = $1 and to_at > to_timestamp($2::float8 / 1000) and from_at <= to_timestamp($2::float8 / 1000)`,
    [tx.organisation, now, oldest],
  );
  await tx.query(
    'feed-health.note-up',
    `with longer as (
       update service_up u set to_at = to_timestamp($2::float8 / 1000)
        where organisation = $1 and to_at >= to_timestamp(($2::float8 - $3::float8) / 1000)
          and from_at = (select max(from_at) from service_up where organisation = $1)
       returning 1
     )
     insert into service_up (organisation, from_at, to_at)
     select $1, to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000) where not exists (select from longer)
     on conflict do nothing`,
    [tx.organisation, now, gapMs],
  );
}

export function upSpans(tx: Transaction): Promise<Span[]> {
  return tx.query(
    'feed-health.spans',
    `select (extract(epoch from from_at) * 1000)::float8 as "from", (extract(epoch from to_at) * 1000)::float8 as "to"
       from service_up where organisation = $1 order by from_at`,
    [tx.organisation],
  );
}

/**
 * Counts messages by feed and hour: at first all that there are, later those of this hour and the one before. Counts of
 * an hour only grow, so a clock that was set back takes none away.
 */
export async function countHours(tx: Transaction, now: number, oldest: number): Promise<void> {
  await tx.query(
    'feed-health.count-hours',
    `with base as (
       select coalesce((select from_message from feed_watch where organisation = $1), 0) as from_message
     ), counted as materialized (
       select i.partner, date_bin('1 hour', i.received_at, 'epoch') as hour, count(*) as received,
              count(*) filter (where i.state = 'parked') as parked,
              count(*) filter (where exists (select from unnest(i.warnings) as w (text) where w.text like 'unmapped:%')) as unmapped,
              max(i.received_at) as last_at, min(i.message) as first
         from inbox i
        where i.organisation = $1 and i.message >= (select from_message from base) and i.received_at >= to_timestamp($3::float8 / 1000)
        group by 1, 2
     ), kept as (
       insert into feed_hour as f (organisation, partner, hour, received, parked, unmapped, last_at)
       select $1, partner, hour, received, parked, unmapped, last_at from counted
       on conflict (organisation, partner, hour) do update
         set received = greatest(f.received, excluded.received), parked = excluded.parked,
             unmapped = greatest(f.unmapped, excluded.unmapped), last_at = greatest(f.last_at, excluded.last_at)
     )
     insert into feed_watch as w (organisation, from_message)
     select $1, coalesce((select min(first) from counted where hour >= date_bin('1 hour', to_timestamp($2::float8 / 1000), 'epoch') - interval '1 hour'),
                         (select from_message from base))
     on conflict (organisation) do update set from_message = greatest(w.from_message, excluded.from_message)`,
    [tx.organisation, now, oldest],
  );
}

/** How many are parked still, of those that came since: what is replayed is parked no more. */
export async function recountParked(tx: Transaction, since: number): Promise<void> {
  await tx.query(
    'feed-health.recount-parked',
    `with parked as materialized (
       select partner, date_bin('1 hour', received_at, 'epoch') as hour, count(*) as count from inbox
        where organisation = $1 and state = 'parked' and received_at >= to_timestamp($2::float8 / 1000)
        group by 1, 2
     )
     update feed_hour f
        set parked = coalesce((select p.count from parked p where p.partner = f.partner and p.hour = f.hour), 0)
      where f.organisation = $1 and f.hour >= to_timestamp($2::float8 / 1000)
        and f.parked <> coalesce((select p.count from parked p where p.partner = f.partner and p.hour = f.hour), 0)`,
    [tx.organisation, since],
  );
}

export async function dropOldHours(tx: Transaction, oldest: number): Promise<void> {
  await tx.query(
    'feed-health.drop-hours',
    'delete from feed_hour where organisation = $1 and hour < to_timestamp($2::float8 / 1000)',
    [tx.organisation, oldest],
  );
}

export interface HourRow {
  readonly partner: string;
  readonly hour: number;
  readonly received: number;
  readonly parked: number;
  readonly unmapped: number;
  readonly lastAt: number;
}

/** The hours of all feeds since then, and the last of each, oldest first. */
export function feedHours(tx: Transaction, since: number): Promise<HourRow[]> {
  return tx.query(
    'feed-health.hours',
    `select partner, (extract(epoch from hour) * 1000)::float8 as hour, received, parked, unmapped,
            (extract(epoch from last_at) * 1000)::float8 as "lastAt"
       from feed_hour
      where organisation = $1 and (hour >= to_timestamp($2::float8 / 1000)
             or (partner, hour) in (select partner, max(hour) from feed_hour where organisation = $1 group by partner))
      order by hour`,
    [tx.organisation, since],
  );
}

export interface Unworked {
  readonly count: number;
  /** Arrival of the oldest, in milliseconds. */
  readonly oldest: number | null;
}

/** Messages that are kept and that nobody has worked on. */
export async function unworked(tx: Transaction): Promise<Unworked> {
  const rows = await tx.query<Unworked>(
    'feed-health.unworked',
    `select count(*) as count, (extract(epoch from min(received_at)) * 1000)::float8 as oldest
       from inbox where organisation = $1 and state = 'received'`,
    [tx.organisation],
  );
  return rows[0] ?? { count: 0, oldest: null };
}

export interface OpenStayRow {
  readonly encounter: string;
  readonly patient: string;
  readonly class: string | null;
  readonly startedAt: number;
  readonly partner: string | null;
  readonly events: readonly {
    readonly kind: string;
    readonly order: string;
    readonly happenedAt: number;
    readonly facts: {
      readonly dischargedAt?: { readonly at: number } | null;
      readonly disposition?: { readonly destination: string } | null;
    };
  }[];
}

/** Stays in progress that began before, with those of their events that say something of an end. */
export function openStays(tx: Transaction, before: number, limit: number): Promise<OpenStayRow[]> {
  return tx.query(
    'feed-health.open-stays',
    `select r.id as encounter, r.patient, r.body::json #>> '{class,code}' as class,
            (extract(epoch from r.date_from) * 1000)::float8 as "startedAt", stay.body ->> 'partner' as partner, coalesce(told.events, '[]') as events
       from resource r
       left join lateral (
         select e.body from chart c cross join lateral json_array_elements(c.body -> 'encounters') as e (body)
          where c.patient = r.patient and e.body ->> 'id' = r.id limit 1
       ) stay on true
       left join lateral (
         select json_agg(json_build_object('kind', v.body ->> 'kind', 'order', v.body ->> 'order',
                  'happenedAt', v.body #> '{happenedAt,at}', 'facts', v.body -> 'facts')) as events
           from json_array_elements_text(stay.body -> 'events') as named (id)
          cross join lateral (
            select v.body from encounter_event v
             where v.id = named.id and v.patient in (select r.patient union all select p.id from patient p where p.replaced_by = r.patient)
             limit 1
          ) v
          where v.body ->> 'kind' = 'discharge-cancelled' or v.body #> '{facts,dischargedAt}' is not null or v.body #> '{facts,disposition}' is not null
       ) told on true
      where r.organisation = $1 and r.type = 'Encounter' and r.status = 'in-progress' and r.date_from < to_timestamp($2::float8 / 1000)
      order by r.date_from limit $3`,
    [tx.organisation, before, limit],
  );
}

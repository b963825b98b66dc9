// What operators have to look at: quiet feeds, stays that never ended, reviews of matches. An item is named by its kind
// and key; opening it again while it stands changes nothing but when it was last seen and its details.

import { textArray } from './arrays.ts';
import type { Transaction } from './pool.ts';

export interface ItemName {
  readonly kind: string;
  /** What it is about, within its kind: the id of a partner, an encounter, a review. */
  readonly key: string;
}

export interface ItemToOpen extends ItemName {
  /** A role of the organisation (domain/practice.ts `operatorsOf`). */
  readonly owner: string;
  /** Ids, counts and times only; never a name or an identifier of a patient. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Each name at most once in a call. An item that an operator closed stays closed until its cause is over. */
export async function openItems(tx: Transaction, items: readonly ItemToOpen[], now: number): Promise<void> {
  if (items.length === 0) return;
  await tx.query(
    'ops-items.open',
    `insert into ops_item (organisation, kind, key, owner, opened_at, last_seen_at, details)
     select $1, found.kind, found.key, found.owner, to_timestamp($6::float8 / 1000), to_timestamp($6::float8 / 1000), found.details::json
       from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as found (kind, key, owner, details)
     on conflict (organisation, kind, key) where cleared_at is null do update
       set last_seen_at = excluded.last_seen_at, details = excluded.details`,
    [
      tx.organisation,
      textArray(items.map((item) => item.kind)),
      textArray(items.map((item) => item.key)),
      textArray(items.map((item) => item.owner)),
      textArray(items.map((item) => JSON.stringify(item.details))),
      now,
    ],
  );
}

/** What the items are about is over: they are closed, by `by` where a person did it. Unknown and closed ones are left as they are. */
export async function closeItems(tx: Transaction, items: readonly ItemName[], now: number, by?: string): Promise<void> {
  if (items.length === 0) return;
  await tx.query(
    'ops-items.close',
    `update ops_item i set cleared_at = to_timestamp($4::float8 / 1000), state = 'closed',
            closed_at = coalesce(i.closed_at, to_timestamp($4::float8 / 1000)), closed_by = coalesce(i.closed_by, $5)
       from unnest($2::text[], $3::text[]) as over (kind, key)
      where i.organisation = $1 and i.kind = over.kind and i.key = over.key and i.cleared_at is null`,
    [
      tx.organisation,
      textArray(items.map((item) => item.kind)),
      textArray(items.map((item) => item.key)),
      now,
      by ?? null,
    ],
  );
}

/** Closes the items of a kind whose keys are not among those that still hold. */
export async function closeOthers(tx: Transaction, kind: string, keys: readonly string[], now: number): Promise<void> {
  await tx.query(
    'ops-items.close-others',
    `update ops_item set cleared_at = to_timestamp($4::float8 / 1000), state = 'closed',
            closed_at = coalesce(closed_at, to_timestamp($4::float8 / 1000))
      where organisation = $1 and kind = $2 and cleared_at is null and key <> all ($3::text[])`,
    [tx.organisation, kind, textArray(keys), now],
  );
}

export interface Item extends ItemToOpen {
  readonly id: number;
  readonly state: 'open' | 'acknowledged' | 'closed';
  readonly assigned: string | null;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  /** When what it is about was over; an item closed by hand may lack it. */
  readonly clearedAt: Date | null;
  readonly note: string | null;
}

const columns = `id, kind, key, state, owner, assigned, opened_at as "openedAt", last_seen_at as "lastSeenAt",
  acknowledged_at as "acknowledgedAt", acknowledged_by as "acknowledgedBy", closed_at as "closedAt", closed_by as "closedBy",
  cleared_at as "clearedAt", note, details`;

export interface ItemFilter {
  /** Absent: all that are not closed. */
  readonly state?: string;
  readonly kind?: string;
  readonly key?: string;
  /** Only those with a lower id: the next page. */
  readonly before?: number;
  readonly limit: number;
}

/** Newest first. */
export function listItems(tx: Transaction, filter: ItemFilter): Promise<Item[]> {
  return tx.query(
    'ops-items.list',
    `select ${columns} from ops_item
      where organisation = $1 and ($2::text is null and state <> 'closed' or state = $2)
        and ($3::text is null or kind = $3) and ($4::text is null or key = $4) and ($5::bigint is null or id < $5)
      order by id desc limit $6`,
    [
      tx.organisation,
      filter.state ?? null,
      filter.kind ?? null,
      filter.key ?? null,
      filter.before ?? null,
      filter.limit,
    ],
  );
}

export async function readItem(tx: Transaction, id: number): Promise<Item | undefined> {
  const rows = await tx.query<Item>(
    'ops-items.read',
    `select ${columns} from ops_item where organisation = $1 and id = $2`,
    [tx.organisation, id],
  );
  return rows[0];
}

export interface ItemChange {
  readonly state?: 'acknowledged' | 'closed';
  /** Who acknowledges or closes it. */
  readonly by?: string;
  readonly note?: string;
  readonly owner?: string;
  readonly assigned?: string;
}

/** What an operator does to an item that is not closed. Nothing when it is, or there is none. */
export async function changeItem(
  tx: Transaction,
  id: number,
  change: ItemChange,
  now: number,
): Promise<Item | undefined> {
  const rows = await tx.query<Item>(
    'ops-items.change',
    `update ops_item set state = coalesce($3, state),
            acknowledged_at = case when $3 = 'acknowledged' then coalesce(acknowledged_at, to_timestamp($8::float8 / 1000)) else acknowledged_at end,
            acknowledged_by = case when $3 = 'acknowledged' then coalesce(acknowledged_by, $4) else acknowledged_by end,
            closed_at = case when $3 = 'closed' then to_timestamp($8::float8 / 1000) else closed_at end,
            closed_by = case when $3 = 'closed' then $4 else closed_by end,
            note = coalesce($5, note), owner = coalesce($6, owner), assigned = coalesce($7, assigned)
      where organisation = $1 and id = $2 and state <> 'closed'
     returning ${columns}`,
    [
      tx.organisation,
      id,
      change.state ?? null,
      change.by ?? null,
      change.note ?? null,
      change.owner ?? null,
      change.assigned ?? null,
      now,
    ],
  );
  return rows[0];
}

/** How many of each kind are not closed. */
export function countItems(tx: Transaction): Promise<{ readonly kind: string; readonly count: number }[]> {
  return tx.query(
    'ops-items.count',
    `select kind, count(*) from ops_item where organisation = $1 and state <> 'closed' group by kind`,
    [tx.organisation],
  );
}

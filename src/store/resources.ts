// Keeping resources: the exact text that will be served, beside what searches ask for. The version that stood before
// moves to the history in the same statement.

import { Fault } from '../base/fault.ts';
import { textArray } from './arrays.ts';
import type { Queries, Transaction } from './pool.ts';

/** What searches ask for; each a column of `resource`. */
export interface ResourceIndex {
  readonly patient?: string;
  readonly status?: string;
  readonly code?: readonly string[];
  readonly owner?: string;
  readonly encounter?: string;
  readonly basedOn?: string;
  readonly dateFrom?: number;
  readonly dateTo?: number;
  readonly dueAt?: number;
  readonly identifiers: readonly { readonly system: string; readonly value: string }[];
}

export interface ResourceVersion {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  readonly body: string;
  readonly index: ResourceIndex;
  /** Place in the order of events, for resources that several patients' messages describe. */
  readonly orderKey?: string;
}

export interface SharedVersion {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  readonly orderKey: string | null;
}

/** The standing versions of resources that belong to no single patient. */
export function sharedVersions(
  queries: Queries,
  wanted: readonly { type: string; id: string }[],
): Promise<SharedVersion[]> {
  return queries.query<SharedVersion>(
    'resources.shared-versions',
    `select r.type, r.id, r.version, r.digest, r.order_key as "orderKey"
       from unnest($1::text[], $2::text[]) as w (type, id)
      cross join lateral (
        select type, id, version, digest, order_key from resource where type = w.type and id = w.id limit 1
      ) r`,
    [textArray(wanted.map((item) => item.type)), textArray(wanted.map((item) => item.id))],
  );
}

/**
 * Keeps versions, each type and id at most once per call, and each one above the version that stands. Where somebody
 * else was faster nothing is lost: the call is a conflict and the caller thinks again.
 */
export async function keepResources(tx: Transaction, versions: readonly ResourceVersion[], now: number): Promise<void> {
  if (versions.length === 0) return;
  const kept = await tx.query(
    'resources.keep',
    `with new as (
       select n.*, to_timestamp($15::float8 / 1000) as at
         from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::text[], $10::text[], $11::float8[], $12::float8[], $13::float8[], $14::text[], $17::text[])
           as n (type, id, version, digest, body, patient, status, code, owner, encounter, date_from, date_to, due_at, order_key, based_on)
     ), before as (
       insert into resource_history (organisation, type, id, version, updated_at, body)
       select r.organisation, r.type, r.id, r.version, r.updated_at, r.body
         from new
        cross join lateral (
          select organisation, type, id, version, updated_at, body from resource
           where organisation = $16 and type = new.type and id = new.id limit 1
        ) r
        where new.version > 1
     )
     insert into resource (organisation, type, id, version, updated_at, patient, status, code, owner, encounter, based_on,
                           date_from, date_to, due_at, order_key, digest, body)
     select $16, type, id, version, at, patient, status, string_to_array(code, E'\\x1f'), owner, encounter, based_on,
            to_timestamp(date_from / 1000), to_timestamp(date_to / 1000), to_timestamp(due_at / 1000), order_key, digest, body
       from new
     on conflict (organisation, type, id) do update set
       version = excluded.version, updated_at = excluded.updated_at, patient = excluded.patient, status = excluded.status,
       code = excluded.code, owner = excluded.owner, encounter = excluded.encounter, based_on = excluded.based_on,
       date_from = excluded.date_from, date_to = excluded.date_to, due_at = excluded.due_at,
       order_key = excluded.order_key, digest = excluded.digest, body = excluded.body
      where resource.version < excluded.version
     returning 1`,
    [
      textArray(versions.map((item) => item.type)),
      textArray(versions.map((item) => item.id)),
      versions.map((item) => item.version),
      textArray(versions.map((item) => item.digest)),
      textArray(versions.map((item) => item.body)),
      textArray(versions.map((item) => item.index.patient ?? null)),
      textArray(versions.map((item) => item.index.status ?? null)),
      textArray(versions.map((item) => item.index.code?.join('\x1f') ?? null)),
      textArray(versions.map((item) => item.index.owner ?? null)),
      textArray(versions.map((item) => item.index.encounter ?? null)),
      versions.map((item) => item.index.dateFrom ?? null),
      versions.map((item) => item.index.dateTo ?? null),
      versions.map((item) => item.index.dueAt ?? null),
      textArray(versions.map((item) => item.orderKey ?? null)),
      now,
      tx.organisation,
      textArray(versions.map((item) => item.index.basedOn ?? null)),
    ],
  );
  if (kept.length < versions.length) throw new Fault('store.conflict');
  await keepResourceIdentifiers(tx, versions);
}

/** Versions that another version of the same batch has already replaced. */
export async function keepHistory(tx: Transaction, versions: readonly ResourceVersion[], now: number): Promise<void> {
  if (versions.length === 0) return;
  await tx.query(
    'resources.keep-history',
    `insert into resource_history (organisation, type, id, version, updated_at, body)
     select $6, h.type, h.id, h.version, to_timestamp($5::float8 / 1000), h.body
       from unnest($1::text[], $2::text[], $3::int[], $4::text[]) as h (type, id, version, body)`,
    [
      textArray(versions.map((item) => item.type)),
      textArray(versions.map((item) => item.id)),
      versions.map((item) => item.version),
      textArray(versions.map((item) => item.body)),
      now,
      tx.organisation,
    ],
  );
}

async function keepResourceIdentifiers(tx: Transaction, versions: readonly ResourceVersion[]): Promise<void> {
  const rows = versions.flatMap((item) =>
    item.index.identifiers.map((identifier) => ({ ...identifier, type: item.type, id: item.id })),
  );
  if (rows.length === 0) return;
  await tx.query(
    'resources.keep-identifiers',
    `insert into resource_identifier (organisation, value, system, type, id)
     select $5, i.value, i.system, i.type, i.id
       from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as i (value, system, type, id)
     on conflict do nothing`,
    [
      textArray(rows.map((row) => row.value)),
      textArray(rows.map((row) => row.system)),
      textArray(rows.map((row) => row.type)),
      textArray(rows.map((row) => row.id)),
      tx.organisation,
    ],
  );
}

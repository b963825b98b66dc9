// Loads of the panel: kept with their difference as a preview, applied at most once, and only to what they were compared
// with.

import type { LocalDate } from '../base/instant.ts';
import type { LoadMode, SpanEnd } from '../domain/panel/difference.ts';
import type { Guard } from '../domain/panel/guards.ts';
import type { PanelEntry } from '../domain/panel/member.ts';
import type { Queries, Transaction } from './pool.ts';

export interface LoadCounts {
  readonly rows: number;
  readonly identifiers: number;
  readonly persons: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly unreadable: number;
  readonly duplicates: number;
  readonly shared: number;
}

export interface LoadSamples {
  readonly added: readonly PanelEntry[];
  readonly removed: readonly PanelEntry[];
  readonly changed: readonly { readonly before: PanelEntry; readonly after: PanelEntry }[];
  readonly unreadable: readonly { readonly line: number; readonly reason: string }[];
  readonly repeated: readonly { readonly line: number; readonly identifier: string; readonly reason: string }[];
}

export interface PanelLoad {
  readonly id: number;
  readonly source: string;
  readonly mode: LoadMode;
  readonly asOf: LocalDate;
  readonly receivedAt: Date;
  readonly receivedBy: string;
  readonly state: 'previewed' | 'applied' | 'expired';
  readonly base: number;
  readonly counts: LoadCounts;
  readonly guards: readonly Guard[];
  readonly samples: LoadSamples | null;
  readonly appliedAt: Date | null;
  readonly appliedBy: string | null;
  readonly accepted: string[] | null;
}

export interface NewLoad
  extends Pick<PanelLoad, 'source' | 'mode' | 'asOf' | 'base' | 'counts' | 'guards' | 'receivedBy'> {
  readonly digest: Buffer;
  readonly samples: LoadSamples;
  readonly ends: readonly SpanEnd[];
  readonly begins: readonly PanelEntry[];
}

/** One change of the panel at a time, for the rest of the transaction. */
export async function lockPanel(tx: Transaction): Promise<void> {
  await tx.query('panel.lock', `select pg_advisory_xact_lock(7466, hashtext($1))`, [tx.organisation]);
}

export async function keepLoad(queries: Queries, organisation: string, load: NewLoad, now: number): Promise<number> {
  const rows = await queries.query<{ id: number }>(
    'panel.keep-load',
    `insert into panel_load (organisation, digest, source, mode, as_of, received_at, received_by, base, counts, guards, samples, ends, begins)
     values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000), $7, $8, $9, $10, $11, $12, $13) returning id`,
    [
      organisation,
      load.digest,
      load.source,
      load.mode,
      load.asOf,
      now,
      load.receivedBy,
      load.base,
      JSON.stringify(load.counts),
      JSON.stringify(load.guards),
      JSON.stringify(load.samples),
      JSON.stringify(load.ends),
      JSON.stringify(load.begins),
    ],
  );
  return rows[0]?.id ?? 0;
}

const columns = `id, source, mode, as_of as "asOf", received_at as "receivedAt", received_by as "receivedBy", state, base, counts, guards,
            samples, applied_at as "appliedAt", applied_by as "appliedBy", accepted`;

export async function readLoad(queries: Queries, id: number): Promise<PanelLoad | undefined> {
  const rows = await queries.query<PanelLoad>('panel.read-load', `select ${columns} from panel_load where id = $1`, [
    id,
  ]);
  return rows[0];
}

/** The newest first. */
export function listLoads(queries: Queries, limit: number, before?: number): Promise<PanelLoad[]> {
  return queries.query(
    'panel.list-loads',
    `select ${columns} from panel_load where $2::bigint is null or id < $2 order by id desc limit $1`,
    [limit, before ?? null],
  );
}

export interface PastLoads {
  /** The load that was applied last. */
  readonly latest: number;
  readonly latestAsOf: LocalDate | null;
  readonly sameId: number | null;
  readonly sameAppliedAt: Date | null;
}

export async function pastLoads(queries: Queries, digest: Buffer): Promise<PastLoads> {
  const rows = await queries.query<PastLoads>(
    'panel.past-loads',
    `select coalesce((select id from panel_load where state = 'applied' order by applied_at desc, id desc limit 1), 0) as latest,
            (select max(as_of) from panel_load where state = 'applied') as "latestAsOf",
            same.id as "sameId", same.applied_at as "sameAppliedAt"
       from (values (1)) as one (row)
       left join lateral (
         select id, applied_at from panel_load where state = 'applied' and digest = $1 order by applied_at desc limit 1
       ) same on true`,
    [digest],
  );
  return rows[0] ?? { latest: 0, latestAsOf: null, sameId: null, sameAppliedAt: null };
}

/** First spans end, then spans begin; one without the other would let a span end that has just begun. */
export async function applyLoad(tx: Transaction, id: number): Promise<void> {
  await tx.query(
    'panel.apply-ends',
    `update panel_member m set until_day = e.until, ended_by = $1
       from panel_load l, json_to_recordset(l.ends) as e (authority text, value text, until date)
      where l.id = $1 and m.authority = e.authority and m.value = e.value and (m.until_day is null or m.until_day > e.until)`,
    [id],
  );
  await tx.query(
    'panel.apply-begins',
    `insert into panel_member (organisation, authority, value, person, family, given, birth_date, practitioner_npi, practitioner_name, from_day, until_day, load)
     select l.organisation, b.authority, b.value, b.person, b.family, b.given, b."birthDate", b."practitionerNpi", b."practitionerName", b."from", b."until", l.id
       from panel_load l, json_to_recordset(l.begins) as b (authority text, value text, person text, family text, given text, "birthDate" date,
              "practitionerNpi" text, "practitionerName" text, "from" date, "until" date)
      where l.id = $1`,
    [id],
  );
}

export async function markApplied(
  tx: Transaction,
  id: number,
  by: string,
  accepted: readonly string[],
  now: number,
): Promise<void> {
  await tx.query(
    'panel.mark-applied',
    `update panel_load set state = 'applied', applied_at = to_timestamp($2::float8 / 1000), applied_by = $3, accepted = $4,
            samples = null, ends = null, begins = null
      where id = $1`,
    [id, now, by, accepted],
  );
}

/** Previews that nobody applied within a week hold names for no purpose. */
export async function expirePreviews(queries: Queries, before: number): Promise<void> {
  await queries.query(
    'panel.expire-previews',
    `update panel_load set state = 'expired', samples = null, ends = null, begins = null
      where state = 'previewed' and received_at < to_timestamp($1::float8 / 1000)`,
    [before],
  );
}

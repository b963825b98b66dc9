// The versions of one resource, latest first, a page at a time (FHIR R4 http.html#history).

import type { StoredResource } from '../fhir/bundle.ts';
import type { Act } from './act.ts';
import type { Database } from './pool.ts';

export interface HistoryWish {
  readonly type: string;
  readonly id: string;
  readonly count: number;
  /** Only versions below this one: where the page before ended. */
  readonly below?: number | undefined;
  /** Only versions since this instant; milliseconds since 1970. */
  readonly since?: number | undefined;
}

export interface History {
  readonly versions: readonly StoredResource[];
  /** Of all pages. */
  readonly total: number;
  readonly more: boolean;
}

interface Row {
  readonly version: number | null;
  readonly updated: number | null;
  readonly body: string | null;
  readonly total: number | null;
}

/** Undefined when there is no such resource. */
export async function readHistory(database: Database, wish: HistoryWish, act: Act): Promise<History | undefined> {
  const rows = await database.query<Row>(
    'resources.history',
    `with standing as materialized (
       select version, updated_at, patient, body from resource where type = $1 and id = $2
     ), every as (
       select version, updated_at, body from standing
       union all
       select h.version, h.updated_at, h.body from resource_history h
        where h.type = $1 and h.id = $2 and h.version < (select version from standing)
     ), asked as (
       select version, updated_at, body from every where $5::float8 is null or updated_at >= to_timestamp($5::float8 / 1000)
     ), audited as (
       insert into audit (organisation, at, actor, action, interaction, outcome, patients, resources, request)
       select $6, to_timestamp($7::float8 / 1000), $8, 'R', 'history-instance',
              case when exists (select 1 from standing) then 0 else 4 end,
              array(select patient from standing where patient is not null), array[$1 || '/' || $2], $9
     )
     (select version, (extract(epoch from updated_at) * 1000)::int8 as updated, body, null::int as total
        from asked where $3::int is null or version < $3 order by version desc limit $4::int + 1)
     union all
     select null, null, null, (select count(*)::int from asked) from standing`,
    [
      wish.type,
      wish.id,
      wish.below ?? null,
      wish.count,
      wish.since ?? null,
      database.organisation,
      act.at,
      act.actor,
      act.request ?? null,
    ],
  );
  const whole = rows.find((row) => row.total !== null);
  if (whole === undefined) return undefined;
  const versions = rows.flatMap(({ version, updated, body }) =>
    version === null || updated === null || body === null
      ? []
      : [{ type: wish.type, id: wish.id, version, updatedAt: updated, body }],
  );
  return { versions: versions.slice(0, wish.count), total: whole.total ?? 0, more: versions.length > wish.count };
}

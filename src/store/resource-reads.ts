// Reads by id and by version. Many reads share one statement, which also writes one audit row for each, so that a read
// costs a fraction of a commit and none is answered before its audit row is durable (FHIR R4 http.html#read, #vread).

import type { StoredResource } from '../fhir/bundle.ts';
import type { Act } from './act.ts';
import { textArray } from './arrays.ts';
import type { Database } from './pool.ts';

export interface ReadWish {
  readonly type: string;
  readonly id: string;
  readonly actor: string;
}

interface Row {
  readonly n: number;
  readonly version: number;
  readonly updated: number;
  readonly body: string;
}

/** In the order of the wishes; undefined where there is no such resource. */
export async function readResources(
  database: Database,
  wishes: readonly ReadWish[],
  now: number,
): Promise<(StoredResource | undefined)[]> {
  const rows = await database.query<Row>(
    'resources.read',
    `with wanted as materialized (
       select w.n, w.type, w.id, w.actor, r.version, r.updated_at, r.patient, r.body
         -- Behind a select Postgres does not see how many there are, so it does not plan each number of them anew.
         from unnest((select $1::text[]), (select $2::text[]), (select $3::text[])) with ordinality as w (type, id, actor, n)
         left join lateral (
           select version, updated_at, patient, body from resource where type = w.type and id = w.id limit 1
         ) r on true
     ), audited as (
       insert into audit (organisation, at, actor, action, interaction, outcome, patients, resources)
       select $4, to_timestamp($5::float8 / 1000), actor, 'R', 'read', case when version is null then 4 else 0 end,
              array_remove(array[patient], null), array[type || '/' || id]
         from wanted
     )
     select n::int, version, (extract(epoch from updated_at) * 1000)::int8 as updated, body
       from wanted where version is not null`,
    [
      textArray(wishes.map((wish) => wish.type)),
      textArray(wishes.map((wish) => wish.id)),
      textArray(wishes.map((wish) => wish.actor)),
      database.organisation,
      now,
    ],
  );
  const found: (StoredResource | undefined)[] = wishes.map(() => undefined);
  for (const { n, version, updated, body } of rows) {
    const wish = wishes[n - 1];
    if (wish !== undefined) found[n - 1] = { type: wish.type, id: wish.id, version, updatedAt: updated, body };
  }
  return found;
}

/** One version: the one that stands, or one that stood. */
export async function readVersion(
  database: Database,
  type: string,
  id: string,
  version: number,
  act: Act,
): Promise<StoredResource | undefined> {
  const rows = await database.query<Row>(
    'resources.read-version',
    `with found as materialized (
       select version, updated_at, body from resource where type = $1 and id = $2 and version = $3
       union all
       select version, updated_at, body from resource_history where type = $1 and id = $2 and version = $3
       limit 1
     ), audited as (
       insert into audit (organisation, at, actor, action, interaction, outcome, patients, resources)
       select $4, to_timestamp($5::float8 / 1000), $6, 'R', 'vread', case when exists (select 1 from found) then 0 else 4 end,
              array(select patient from resource where type = $1 and id = $2 and patient is not null),
              array[$1 || '/' || $2 || '/_history/' || $3]
     )
     select 1 as n, version, (extract(epoch from updated_at) * 1000)::int8 as updated, body from found`,
    [type, id, version, database.organisation, act.at, act.actor],
  );
  const [row] = rows;
  return row && { type, id, version: row.version, updatedAt: row.updated, body: row.body };
}

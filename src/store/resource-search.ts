// A search as one statement: the page, what comes along, the bounded total and the audit row, all of one snapshot
// (FHIR R4 http.html#search). The text is put together from fixed pieces; whatever a client sent is bound.

import { Fault } from '../base/fault.ts';
import type { StoredResource } from '../fhir/bundle.ts';
import type { Cursor, SearchQuery } from '../fhir/search-query.ts';
import type { Act } from './act.ts';
import type { Database } from './pool.ts';
import { conditions } from './search-conditions.ts';
import { included } from './search-inclusions.ts';
import { keysOf, orderOf, pageConditions } from './search-order.ts';
import { nameOf, type StatementBuilder, statementBuilder, timeOf } from './statement.ts';

export interface SearchAnswer {
  readonly matches: readonly StoredResource[];
  readonly included: readonly StoredResource[];
  readonly total?: number;
  /** Absent on the last page. */
  readonly next?: Cursor;
}

const totalMax = 1000;
/** More rows that come along than this are refused: a page must stay a page. */
export const includedMax = 2000;

interface Row {
  readonly part: 'match' | 'include' | 'whole';
  readonly type: string | null;
  readonly id: string | null;
  readonly version: number | null;
  readonly updated: number | null;
  readonly body: string | null;
  readonly keys: string[] | null;
  readonly total: number | null;
  readonly more: boolean | null;
}

const carried =
  'r.type, r.id, r.version, r.updated_at, r.patient, r.status, r.code, r.owner, r.encounter, r.based_on, r.date_from, r.due_at, r.body';

/** One part per status and cursor condition, each in index order and limited, so that no part is sorted whole. */
function parts(query: SearchQuery, sql: StatementBuilder): string[][] {
  const spread = query.criteria.find(
    (each) => each.by === 'status' && !each.not && each.values.length > 1 && each.values.length <= 6,
  );
  const onStatus = query.sort[0]?.column === 'due_at' && spread?.by === 'status' ? spread : undefined;
  const common = conditions(
    query.type,
    query.criteria.filter((each) => each !== onStatus),
    sql,
  );
  const statuses =
    onStatus === undefined
      ? [[]]
      : [...new Set(onStatus.values)].map((value) => [`r.status = ${sql.bind(value, 'text')}`]);
  const pages = pageConditions(query.sort, query.cursor, sql);
  return statuses.flatMap((status) => pages.map((page) => [...common, ...status, page]));
}

function totalSql(query: SearchQuery, sql: StatementBuilder, count: string): string {
  if (query.cursor !== undefined) {
    return query.cursor.total === undefined ? 'null::int' : sql.bind(query.cursor.total, 'int');
  }
  if (query.total === 'none') return 'null::int';
  const limit = totalMax + 1;
  // In index order like the page itself: left free, the planner counts a thousand rows by reading the whole table.
  const some = () =>
    parts(query, sql).map(
      (part) =>
        `(select 1 from resource r where ${part.join(' and ')} order by ${orderOf(query.sort, 'r')} limit ${limit})`,
    );
  const counted =
    query.total === 'accurate'
      ? `(select count(*)::int from resource r where ${conditions(query.type, query.criteria, sql).join(' and ')})`
      : `(select nullif(count(*)::int, ${limit}) from (select from (${some().join(' union all ')}) as part limit ${limit}) as counted)`;
  return `case when (select count(*) from hit) <= ${count} then (select count(*)::int from hit) else ${counted} end`;
}

function searchText(query: SearchQuery, act: Act, organisation: string, sql: StatementBuilder): string {
  const count = sql.bind(query.count, 'int');
  const order = orderOf(query.sort, 'r');
  const hits = parts(query, sql).map(
    (part) => `(select ${carried} from resource r where ${part.join(' and ')} order by ${order} limit ${count} + 1)`,
  );
  return `
with hit as materialized (
  select h.*, row_number() over () as place
  from (select * from (${hits.join(' union all ')}) as r order by ${order} limit ${count} + 1) as h
), page as materialized (
  select * from hit where place <= ${count}
), along as materialized (
  ${included(query, includedMax + 1)}
), audited as (
  insert into audit (organisation, at, actor, action, interaction, outcome, patients, resources, request)
  select ${sql.bind(organisation, 'text')}, ${timeOf(sql.bind(act.at, 'float8'))}, ${sql.bind(act.actor, 'text')}, 'E', 'search-type', 0,
    array(select patient from page where patient is not null union select patient from along where patient is not null),
    array(select type || '/' || id from page union all select type || '/' || id from along),
    ${sql.bind(act.request ?? null, 'text')}
)
select 'match' as part, r.place, r.type, r.id, r.version, (extract(epoch from r.updated_at) * 1000)::int8 as updated, r.body,
  ${keysOf(query.sort, 'r')} as keys, null::int as total, null::boolean as more
from page r
union all
select 'include', null, a.type, a.id, a.version, (extract(epoch from a.updated_at) * 1000)::int8, a.body, null, null, null
from along a
union all
select 'whole', null, null, null, null, null, null, null, ${totalSql(query, sql, count)}, (select count(*) from hit) > ${count}
order by part, place`;
}

const stored = (row: Row): StoredResource => ({
  type: row.type ?? '',
  id: row.id ?? '',
  version: row.version ?? 0,
  updatedAt: row.updated ?? 0,
  body: row.body ?? '',
});

export async function searchResources(database: Database, query: SearchQuery, act: Act): Promise<SearchAnswer> {
  const sql = statementBuilder();
  const text = searchText(query, act, database.organisation, sql);
  const rows = await database.query<Row>(nameOf('search', text), text, sql.values);
  const matches = rows.filter(({ part }) => part === 'match');
  const along = rows.filter(({ part }) => part === 'include');
  const whole = rows.find(({ part }) => part === 'whole');
  if (along.length > includedMax) throw new Fault('fhir.too-costly', { detail: '_include and _revinclude' });
  const total = whole?.total ?? undefined;
  const keys = whole?.more === true ? matches.at(-1)?.keys : undefined;
  return {
    matches: matches.map(stored),
    included: along.map(stored),
    ...(total === undefined ? {} : { total }),
    ...(keys ? { next: { keys, ...(total === undefined ? {} : { total }) } } : {}),
  };
}

/** How many rows match; no resource is shown, yet the question is audited. */
export async function countResources(database: Database, query: SearchQuery, act: Act): Promise<number> {
  const sql = statementBuilder();
  const where = conditions(query.type, query.criteria, sql).join(' and ');
  const text = `
with audited as (
  insert into audit (organisation, at, actor, action, interaction, outcome, patients, resources, request)
  values (${sql.bind(database.organisation, 'text')}, ${timeOf(sql.bind(act.at, 'float8'))}, ${sql.bind(act.actor, 'text')}, 'E', 'search-type', 0, '{}', '{}', ${sql.bind(act.request ?? null, 'text')})
)
select count(*)::int as total from resource r where ${where}`;
  const [row] = await database.query<{ total: number }>(nameOf('count', text), text, sql.values);
  return row?.total ?? 0;
}

// Order and keyset paging of a search (FHIR R4 http.html#paging): a page starts after the last row of the page before,
// so a page costs the same wherever it stands, and rows that come or go in between shift nothing.

import type { Cursor, SortKey } from '../fhir/search-query.ts';
import type { StatementBuilder } from './statement.ts';

/** Rows without a value come last when ascending and first when descending: the order in which indexes hold them. */
export const orderOf = (sort: readonly SortKey[], alias: string): string =>
  sort.map(({ column, descending }) => `${alias}.${column}${descending ? ' desc' : ''}`).join(', ');

const isTime = ({ column }: SortKey): boolean => column !== 'id' && column !== 'status';

/** The sort values of a row as text that comes back exactly. */
export const keysOf = (sort: readonly SortKey[], alias: string): string =>
  `array[${sort
    .map((key) =>
      isTime(key)
        ? `to_char(${alias}.${key.column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
        : `${alias}.${key.column}`,
    )
    .join(', ')}]`;

const place = (key: SortKey, value: string, sql: StatementBuilder) =>
  sql.bind(value, isTime(key) ? 'timestamptz' : 'text');

/** Rows after the cursor when one value may be missing: key by key. */
function after(sort: readonly SortKey[], cursor: Cursor, sql: StatementBuilder): string {
  const alternatives: string[] = [];
  const equal: string[] = [];
  for (const [at, key] of sort.entries()) {
    const column = `r.${key.column}`;
    const value = cursor.keys[at] ?? null;
    const bound = value === null ? 'null' : place(key, value, sql);
    const beyond =
      value === null
        ? key.descending
          ? `${column} is not null`
          : 'false'
        : key.descending
          ? `${column} < ${bound}`
          : `(${column} > ${bound} or ${column} is null)`;
    alternatives.push([...equal, beyond].join(' and '));
    equal.push(value === null ? `${column} is null` : `${column} = ${bound}`);
  }
  return `(${alternatives.map((each) => `(${each})`).join(' or ')})`;
}

/**
 * Conditions under which an index in the order of `sort` is read from the right place; together they yield every row
 * after the cursor, once. One value and the id: rows with a value by row comparison, rows without one apart.
 */
export function pageConditions(sort: readonly SortKey[], cursor: Cursor | undefined, sql: StatementBuilder): string[] {
  const [first, second] = sort;
  if (cursor === undefined) return ['true'];
  if (first === undefined || sort.length > 2 || (second !== undefined && second.descending !== first.descending)) {
    return [after(sort, cursor, sql)];
  }
  const [value = null, id = ''] = cursor.keys;
  const compare = first.descending ? '<' : '>';
  if (second === undefined) return [`r.id ${compare} ${sql.bind(value, 'text')}`];
  const column = `r.${first.column}`;
  const idAfter = (): string => `r.id ${compare} ${sql.bind(id, 'text')}`;
  if (value === null) {
    const rest = `(${column} is null and ${idAfter()})`;
    return first.descending ? [rest, `${column} is not null`] : [rest];
  }
  const rows = `(${column}, r.id) ${compare} (${place(first, value, sql)}, ${sql.bind(id, 'text')})`;
  return first.descending || first.column === 'updated_at' ? [rows] : [rows, `${column} is null`];
}

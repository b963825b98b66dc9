// What comes along with a page: resources it refers to and resources that refer to it (FHIR R4 search.html#include,
// #revinclude), each found by primary key or by an index of the referring column, never twice and never a match again.

import type { ResourceType } from '../fhir/search-params.ts';
import type { Inclusion, ReverseInclusion, SearchQuery } from '../fhir/search-query.ts';

const columns = 'r.type, r.id, r.version, r.updated_at, r.patient, r.body';
// Types come from our own table of parameters, so they may stand in the text.
const literals = (types: readonly ResourceType[]): string => types.map((type) => `'${type}'`).join(', ');

function forward({ column, targets }: Inclusion): string {
  if (column === 'patient' || column === 'encounter') {
    return `select ${columns} from resource r where r.type = ${literals(targets)} and r.id = any(array(select p.${column} from page p where p.${column} is not null))`;
  }
  const wanted =
    column === 'code'
      ? "select distinct substr(e.entry, 8) as ref from page p, unnest(p.code) as e (entry) where e.entry like 'target=%'"
      : `select distinct p.${column} as ref from page p where p.${column} is not null`;
  return `select ${columns} from (${wanted}) as w join resource r on r.type = split_part(w.ref, '/', 1) and r.id = split_part(w.ref, '/', 2) where split_part(w.ref, '/', 1) in (${literals(targets)})`;
}

function reverse({ type, column }: ReverseInclusion): string {
  const rows = `select ${columns} from resource r where r.type = '${type}'`;
  if (column === 'patient' || column === 'encounter')
    return `${rows} and r.${column} = any(array(select p.id from page p))`;
  if (column !== 'code') return `${rows} and r.${column} = any(array(select p.type || '/' || p.id from page p))`;
  return `${rows} and r.patient = any(array(select distinct p.patient from page p where p.patient is not null)) and r.code && array(select 'target=' || p.type || '/' || p.id from page p)`;
}

/** At most `max` rows; the caller asks for one more than it shows, to know when there are too many. */
export function included(query: SearchQuery, max: number): string {
  const found = [
    ...query.include.map((path) => `(${forward(path)} limit ${max})`),
    ...query.revinclude.map((path) => `(${reverse(path)} limit ${max})`),
  ];
  if (found.length === 0) return `select ${columns} from page r where false`;
  return `select distinct on (r.type, r.id) r.* from (${found.join(' union all ')}) as r
  where not exists (select 1 from page p where p.type = r.type and p.id = r.id) order by r.type, r.id limit ${max}`;
}

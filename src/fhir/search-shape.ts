// What shapes an answer: its order and what comes along (FHIR R4 search.html#sort, #include, #revinclude).

import { belongsToPatient, findSearchParam, isResourceType, type ResourceType } from './search-params.ts';
import { type Inclusion, type ReverseInclusion, type SortColumn, type SortKey, searchLimit } from './search-query.ts';
import { badValue } from './search-terms.ts';

function sortColumn(type: ResourceType, name: string): SortColumn | undefined {
  const match = findSearchParam(type, name)?.match;
  if (match?.by === 'id') return 'id';
  if (match?.by === 'status') return 'status';
  if (match?.by === 'period') return 'date_from';
  return match?.by === 'instant' ? match.column : undefined;
}

export function readSort(type: ResourceType, value: string): SortKey[] {
  const names = value.split(',');
  if (names.length > searchLimit.sortKeys) throw badValue('_sort', `more than ${searchLimit.sortKeys} keys`);
  const keys = names.map((text) => {
    const descending = text.startsWith('-');
    const column = sortColumn(type, descending ? text.slice(1) : text);
    if (column === undefined) throw badValue('_sort', 'a parameter by which this type cannot be sorted');
    return { column, descending };
  });
  if (new Set(keys.map(({ column }) => column)).size < keys.length) throw badValue('_sort', 'the same key twice');
  const id = keys.findIndex(({ column }) => column === 'id');
  return id < 0 ? keys : keys.slice(0, id + 1);
}

function path(name: string, value: string) {
  const [source = '', param = '', target, ...rest] = value.split(':');
  if (rest.length > 0 || !isResourceType(source) || param === '' || param === '*') {
    throw badValue(name, 'the form is Type:parameter or Type:parameter:Target');
  }
  if (target !== undefined && !isResourceType(target)) throw badValue(name, 'a target type that is not served');
  const match = findSearchParam(source, param)?.match;
  if (match?.by !== 'link' && match?.by !== 'reference' && match?.by !== 'target') {
    throw badValue(name, 'not a reference parameter of that type');
  }
  const targets: readonly ResourceType[] = match.targets;
  const wanted = target === undefined ? targets : targets.filter((type) => type === target);
  if (wanted.length === 0) throw badValue(name, 'that parameter has no such target');
  return { source, column: match.by === 'target' ? ('code' as const) : match.column, targets: wanted };
}

export function readInclusion(type: ResourceType, value: string): Inclusion {
  const { source, column, targets } = path('_include', value);
  if (source !== type) throw badValue('_include', `starts at ${type}`);
  return { column, targets };
}

export function readReverseInclusion(type: ResourceType, value: string): ReverseInclusion {
  const { source, column, targets } = path('_revinclude', value);
  if (!targets.includes(type)) throw badValue('_revinclude', `does not point at ${type}`);
  // No index finds rows by owner, or by target alone: such a search would read the whole type.
  if (column === 'owner' || (column === 'code' && !belongsToPatient(type)))
    throw badValue('_revinclude', 'not offered for this type');
  return { type: source, column };
}

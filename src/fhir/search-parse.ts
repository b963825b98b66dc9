// Reads a query string or a form body as a search (FHIR R4 search.html, http.html#search). A parameter that is not known
// is refused, since leaving it out would answer more than was asked; `Prefer: handling=lenient` leaves it out, says so
// in the answer, and still refuses when no condition would be left.

import { Fault } from '../base/fault.ts';
import { digestOf, readCursor } from './search-cursor.ts';
import { findSearchParam, type ResourceType } from './search-params.ts';
import { type Criterion, pageSize, type SearchQuery, type SortKey, searchLimit } from './search-query.ts';
import { readInclusion, readReverseInclusion, readSort } from './search-shape.ts';
import { badValue, readCriterion, type SearchContext, unknownParameter } from './search-terms.ts';

export type Parameters = readonly (readonly [name: string, value: string])[];

/** `application/x-www-form-urlencoded`, strictly: a broken escape is a fault, not a guess. */
export function parseParameters(text: string): Parameters {
  if (text === '') return [];
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      try {
        const [name, value] = (at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]).map((part) =>
          decodeURIComponent(part.replaceAll('+', ' ')),
        ) as [string, string];
        return [name, value] as const;
      } catch {
        throw new Fault('fhir.parameter-value', { detail: 'the percent encoding is broken' });
      }
    });
}

// Control characters and halves of surrogate pairs: neither Postgres nor FHIR strings hold them.
const unprintable = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;
/** Say how the answer is to look; leaving them out never widens it. */
const shapesOnly = new Set(['_elements', '_contained', '_containedType', '_maxresults', '_score']);
const single = new Set(['_count', '_sort', '_total', '_summary', '_cursor', '_format', '_pretty']);

interface Draft {
  criteria: Criterion[];
  sort: SortKey[] | undefined;
  count: number;
  countOnly: boolean;
  total: SearchQuery['total'];
  include: SearchQuery['include'][number][];
  revinclude: SearchQuery['revinclude'][number][];
  cursor: string | undefined;
}

/** Takes one parameter; false when it is not known. */
function take(draft: Draft, type: ResourceType, name: string, value: string, context: SearchContext): boolean {
  switch (name) {
    case '_format':
    case '_pretty':
      return true;
    case '_count': {
      if (!/^\d{1,9}$/.test(value)) throw badValue(name, 'a whole number');
      draft.count = Math.min(Number(value), pageSize.max);
      if (draft.count === 0) draft.countOnly = true;
      return true;
    }
    case '_sort':
      draft.sort = readSort(type, value);
      return true;
    case '_total':
      if (value !== 'none' && value !== 'estimate' && value !== 'accurate')
        throw badValue(name, 'none, estimate or accurate');
      draft.total = value === 'none' ? 'none' : 'accurate';
      return true;
    case '_summary':
      if (value === 'false') return true;
      if (value === 'count') draft.countOnly = true;
      else if (value === 'true' || value === 'text' || value === 'data') return false;
      else throw badValue(name, 'count or false');
      return true;
    case '_include':
      draft.include.push(readInclusion(type, value));
      return true;
    case '_revinclude':
      draft.revinclude.push(readReverseInclusion(type, value));
      return true;
    case '_cursor':
      draft.cursor = value;
      return true;
  }
  const colon = name.indexOf(':');
  const param = findSearchParam(type, colon < 0 ? name : name.slice(0, colon));
  if (param === undefined) return false;
  draft.criteria.push(readCriterion(param, colon < 0 ? undefined : name.slice(colon + 1), value, context));
  return true;
}

/** The server's order where the client names none: the worklist's for tasks, else one that an index holds. */
function usualSort(type: ResourceType, criteria: readonly Criterion[]): SortKey[] {
  if (type === 'Task' && criteria.some(({ by }) => by === 'status')) return [{ column: 'due_at', descending: false }];
  if (criteria.some((criterion) => criterion.by === 'date' && criterion.column === 'updated_at')) {
    return [{ column: 'updated_at', descending: false }];
  }
  return [];
}

export function parseSearch(
  type: ResourceType,
  parameters: Parameters,
  lenient: boolean,
  context: SearchContext,
): SearchQuery {
  const draft: Draft = {
    criteria: [],
    sort: undefined,
    count: pageSize.usual,
    countOnly: false,
    total: 'bounded',
    include: [],
    revinclude: [],
    cursor: undefined,
  };
  const understood: [string, string][] = [];
  const ignored: string[] = [];
  const seen = new Set<string>();
  let filtersIgnored = false;
  if (parameters.length > searchLimit.criteria)
    throw badValue('search', `more than ${searchLimit.criteria} parameters`);
  for (const [name, value] of parameters) {
    if (unprintable.test(name) || unprintable.test(value)) throw badValue('search', 'a character that no value holds');
    if (single.has(name) && seen.has(name)) throw badValue(name, 'given twice');
    seen.add(name);
    if (take(draft, type, name, value, context)) {
      if (name !== '_cursor' && name !== '_format' && name !== '_pretty') understood.push([name, value]);
      continue;
    }
    if (!lenient) throw unknownParameter(name, `not known for ${type}`);
    if (!shapesOnly.has(name) && name !== '_summary') filtersIgnored = true;
    ignored.push(name.slice(0, 64));
  }
  if (filtersIgnored && draft.criteria.length === 0) {
    throw unknownParameter(ignored[0] ?? '', 'without it the search would have no condition');
  }
  const sort = [...(draft.sort ?? usualSort(type, draft.criteria))];
  if (!sort.some(({ column }) => column === 'id'))
    sort.push({ column: 'id', descending: sort[0]?.descending ?? false });
  const digest = digestOf(type, understood);
  const { cursor, sort: _asked, ...rest } = draft;
  return {
    type,
    ...rest,
    sort,
    understood,
    ignored,
    digest,
    ...(cursor === undefined ? {} : { cursor: readCursor(cursor, digest, sort) }),
  };
}

// A search, understood: what must hold, in which order, how much, and what comes along (FHIR R4 search.html). Outside
// text becomes this type once (search-parse.ts); SQL is built from nothing else.

import type { DateTest } from './search-date.ts';
import type { ResourceType } from './search-params.ts';

/** One condition; all conditions of a query hold together, the values within one are alternatives. */
export type Criterion =
  | { readonly by: 'id'; readonly ids: readonly string[] }
  | {
      readonly by: 'identifier';
      readonly tokens: readonly { readonly system: string | undefined; readonly value: string }[];
    }
  | { readonly by: 'status'; readonly values: readonly string[]; readonly not: boolean }
  /** Entries of the code column (search-values.ts `codeEntry`). */
  | { readonly by: 'codes'; readonly entries: readonly string[]; readonly not: boolean }
  | { readonly by: 'column'; readonly column: ReferenceColumn; readonly values: readonly string[] }
  | { readonly by: 'date'; readonly column: 'updated_at' | 'due_at' | 'period'; readonly tests: readonly DateTest[] }
  | {
      readonly by: 'missing';
      readonly column: ReferenceColumn | 'status' | 'due_at' | 'period';
      readonly missing: boolean;
    };

export type ReferenceColumn = 'patient' | 'encounter' | 'owner' | 'based_on';
export type SortColumn = 'id' | 'updated_at' | 'date_from' | 'due_at' | 'status';

export interface SortKey {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** `_include=Task:based-on:CarePlan`: what the rows found refer to. */
export interface Inclusion {
  readonly column: ReferenceColumn | 'code';
  readonly targets: readonly ResourceType[];
}

/** `_revinclude=Task:based-on`: rows of `type` that refer to what is found. */
export interface ReverseInclusion {
  readonly type: ResourceType;
  readonly column: ReferenceColumn | 'code';
}

/** Where the page before ended. `keys` are the last row's sort values as Postgres wrote them; null where it has none. */
export interface Cursor {
  readonly keys: readonly (string | null)[];
  readonly total?: number;
}

export interface SearchQuery {
  readonly type: ResourceType;
  readonly criteria: readonly Criterion[];
  /** Ends with `id`, so that the order is total. */
  readonly sort: readonly SortKey[];
  readonly count: number;
  /** Only the number of matches is asked for. */
  readonly countOnly: boolean;
  /** `bounded`: the total is told while it is at most 1000. */
  readonly total: 'none' | 'bounded' | 'accurate';
  readonly include: readonly Inclusion[];
  readonly revinclude: readonly ReverseInclusion[];
  readonly cursor?: Cursor;
  /** What was understood, as name and value, for the self link. */
  readonly understood: readonly (readonly [string, string])[];
  /** Names that were ignored on the client's wish (`Prefer: handling=lenient`). */
  readonly ignored: readonly string[];
  /** Ties a cursor to its query. */
  readonly digest: string;
}

export const pageSize = { usual: 50, max: 500 } as const;
export const searchLimit = {
  criteria: 32,
  values: 500,
  dates: 16,
  valueLength: 1024,
  sortKeys: 3,
  inclusions: 12,
} as const;

// The language of a feed: the mappings of the site with what the partner file says otherwise laid over them. Built once
// at the start, never while a message is read.

import type { CodeTable, FeedLanguage } from '../translate/from-hl7/dialect.ts';
import type { Catalog } from './catalog.ts';
import type { FeedPartner } from './partner.ts';

export function feedLanguage(
  { dialect, overrides = {} }: FeedPartner,
  { adt, others, tables }: Pick<Catalog, 'adt' | 'others' | 'tables'>,
): FeedLanguage {
  return {
    dialect,
    mapping: {
      events: { ...adt.events, ...overrides.events },
      fields: { ...adt.fields, ...overrides.fields },
    },
    others,
    tables: { ...tables, ...layered(tables, overrides.codes ?? {}) },
  };
}

/** A partner's row stands for every row of the same code: case does not count. */
function layered(
  tables: Readonly<Record<string, CodeTable>>,
  overrides: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Record<string, CodeTable> {
  const results: Record<string, CodeTable> = {};
  for (const [name, codes] of Object.entries(overrides)) {
    const own = new Set(Object.keys(codes).map((code) => code.toUpperCase()));
    const kept = Object.entries(tables[name]?.rows ?? {}).filter(([from]) => !own.has(from.toUpperCase()));
    const added = Object.entries(codes).map(
      ([from, to]) => [from.toUpperCase(), { to, note: 'partner file' }] as const,
    );
    results[name] = { name, rows: Object.fromEntries([...kept, ...added]) };
  }
  return results;
}

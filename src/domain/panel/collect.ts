// Rows of a list of members, brought together: each identifier once, what repeats and what belongs to two people told.

import { entryKey, type PanelEntry } from './member.ts';

export interface Row {
  /** Where it stands in the file: the line of a CSV, the place among the members of a Group. */
  readonly line: number;
  readonly entry: PanelEntry;
}

export interface Unreadable {
  readonly line: number;
  /** What would be right; never what was there. */
  readonly reason: string;
}

export interface PanelList {
  readonly rows: number;
  readonly entries: readonly PanelEntry[];
  readonly unreadable: readonly Unreadable[];
  /** `duplicate`: the same person again. `shared`: another person. */
  readonly repeated: readonly (Row & { readonly reason: 'duplicate' | 'shared' })[];
}

/** The first row of an identifier counts. */
export function collect(rows: readonly Row[], unreadable: readonly Unreadable[]): PanelList {
  const entries = new Map<string, PanelEntry>();
  const repeated: (Row & { reason: 'duplicate' | 'shared' })[] = [];
  for (const row of rows) {
    const key = entryKey(row.entry);
    const first = entries.get(key);
    if (first === undefined) entries.set(key, row.entry);
    else repeated.push({ ...row, reason: isSamePerson(first, row.entry) ? 'duplicate' : 'shared' });
  }
  return { rows: rows.length + unreadable.length, entries: [...entries.values()], unreadable, repeated };
}

/** Two rows of one identifier are one person's unless they disagree. */
function isSamePerson(one: PanelEntry, other: PanelEntry): boolean {
  const agree = (a: string | undefined, b: string | undefined) =>
    a === undefined || b === undefined || a.toUpperCase() === b.toUpperCase();
  return (
    one.person === other.person &&
    agree(one.birthDate, other.birthDate) &&
    agree(one.family, other.family) &&
    agree(one.given, other.given)
  );
}

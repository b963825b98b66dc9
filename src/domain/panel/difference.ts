// The difference between the panel that stands and a list that arrives, as of a day: who begins, who ends, who changes.
// What is past stays as it was told: a change ends one span and begins another.

import { addDays } from '../../base/calendar.ts';
import type { LocalDate } from '../../base/instant.ts';
import { covers, entryKey, type PanelEntry, saidOfPerson } from './member.ts';

/** `replace`: who is not in the list leaves. `add`: nobody leaves. */
export type LoadMode = 'replace' | 'add';

/** No span of this identifier lasts beyond this day. */
export interface SpanEnd {
  readonly authority: string;
  readonly value: string;
  readonly until: LocalDate;
}

export interface PanelDifference {
  readonly added: readonly PanelEntry[];
  readonly removed: readonly PanelEntry[];
  readonly changed: readonly { readonly before: PanelEntry; readonly after: PanelEntry }[];
  readonly unchanged: number;
  /** What applying it does, in this order: spans end, then spans begin. */
  readonly ends: readonly SpanEnd[];
  readonly begins: readonly PanelEntry[];
}

/**
 * @param standing the span told last of each identifier
 * @param list each identifier once
 */
export function differ(
  standing: readonly PanelEntry[],
  list: readonly PanelEntry[],
  mode: LoadMode,
  asOf: LocalDate,
): PanelDifference {
  const known = new Map(standing.map((entry) => [entryKey(entry), entry]));
  const listed = new Set<string>();
  const added: PanelEntry[] = [];
  const removed: PanelEntry[] = [];
  const changed: { before: PanelEntry; after: PanelEntry }[] = [];
  const ends: SpanEnd[] = [];
  const begins: PanelEntry[] = [];
  let unchanged = 0;
  for (const entry of list) {
    const key = entryKey(entry);
    listed.add(key);
    const before = known.get(key);
    const step = stepOf(before, entry, asOf);
    if (step === 'none') unchanged += 1;
    else {
      if (step.until !== undefined) ends.push({ authority: entry.authority, value: entry.value, until: step.until });
      if (step.begins) begins.push(step.begins);
      if (before === undefined || isOver(before, asOf)) added.push(step.begins ?? entry);
      else changed.push({ before, after: step.begins ?? entry });
    }
  }
  if (mode === 'replace') {
    const until = addDays(asOf, -1);
    for (const [key, entry] of known) {
      if (listed.has(key) || isOver(entry, asOf)) continue;
      removed.push(entry);
      ends.push({ authority: entry.authority, value: entry.value, until });
    }
  }
  return { added, removed, changed, unchanged, ends, begins };
}

/** What one listed identifier asks for: end what stands after a day, begin a span, both, or nothing. */
function stepOf(
  before: PanelEntry | undefined,
  entry: PanelEntry,
  asOf: LocalDate,
): 'none' | { readonly until?: LocalDate; readonly begins?: PanelEntry } {
  if (before === undefined) return { begins: entry };
  const over = isOver(before, asOf);
  // A list without first days says who is a member on its day; since when is left as it is known.
  const sameStart =
    entry.from === undefined ? over || before.from === undefined || before.from <= asOf : entry.from === before.from;
  if (sameStart && saidOfPerson.every((name) => entry[name] === before[name])) {
    if (entry.until === before.until) return 'none';
    if (!over && entry.until !== undefined && (before.until === undefined || entry.until < before.until))
      return { until: entry.until };
  }
  const from = entry.from ?? (entry.until !== undefined && entry.until < asOf ? entry.until : asOf);
  return { ...(!over && { until: addDays(from, -1) }), begins: { ...entry, from } };
}

const isOver = (entry: PanelEntry, asOf: LocalDate): boolean => entry.until !== undefined && entry.until < asOf;

/** How many identifiers a list attributes on a day. */
export const countOn = (entries: readonly PanelEntry[], day: LocalDate): number =>
  entries.reduce((count, entry) => count + (covers(entry, day) ? 1 : 0), 0);

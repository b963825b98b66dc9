// What a visit is called now: renames (A06, A07, A50) and merges of visits (A42) are followed to the end. Where they
// lead in a circle the oldest of them does not count, so the latest word decides.

import type { Identifier } from '../code.ts';
import { identifierKey } from '../code.ts';
import type { EncounterEvent } from './event.ts';

interface Rename {
  readonly to: string;
  /** Place among the renames, in the order of events. */
  readonly at: number;
}

/** `ordered`: events in the order they happened. */
export function visitNames(ordered: readonly EncounterEvent[]): (visit: Identifier) => string {
  const renames = new Map<string, Rename>();
  ordered.forEach(({ visit, formerVisit }, at) => {
    if (!visit || !formerVisit) return;
    const [from, to] = [identifierKey(formerVisit), identifierKey(visit)];
    if (from !== to) renames.set(from, { to, at });
  });
  return (visit) => nameNow(identifierKey(visit), renames);
}

function nameNow(start: string, renames: ReadonlyMap<string, Rename>): string {
  const path: string[] = [];
  const seen = new Set<string>();
  let key = start;
  for (let next = renames.get(key); next && !seen.has(key); next = renames.get(key)) {
    seen.add(key);
    path.push(key);
    key = next.to;
  }
  if (!renames.has(key)) return key;
  const circle = path.slice(path.indexOf(key));
  const at = (name: string): number => renames.get(name)?.at ?? 0;
  return circle.reduce((oldest, name) => (at(name) < at(oldest) ? name : oldest));
}

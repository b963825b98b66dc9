// Whether a condition of a protocol holds for what is known of a patient (docs/architecture.md, protocols).

import type { Condition, Facts } from './protocol.ts';

/** A fact that is not known meets no condition; whoever wants the opposite writes `not`. */
export function holds(condition: Condition, facts: Facts): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, facts));
  if ('any' in condition) return condition.any.some((part) => holds(part, facts));
  if ('not' in condition) return !holds(condition.not, facts);
  const known = facts[condition.fact];
  if (known === undefined) return false;
  if ('is' in condition) return known === condition.is;
  if ('in' in condition) return condition.in.some((value) => value === known);
  if ('at-least' in condition) return typeof known === 'number' && known >= condition['at-least'];
  return typeof known === 'number' && known <= condition['at-most'];
}

// Matching: which record a subject is, by identifier and authority alone. A name never matches anyone here.

import type { PatientId } from '../../base/id.ts';
import type { PatientRecord } from './record.ts';

export type Match =
  | { readonly outcome: 'matched'; readonly record: PatientRecord }
  | { readonly outcome: 'new' }
  /** The identifiers belong to people whom nobody has merged: a person must decide. */
  | { readonly outcome: 'ambiguous' };

export type FindRecord = (id: PatientId) => PatientRecord;

/** Follows merges to the record that stands. A circle cannot arise (`merge.ts`); the guard keeps it from hanging us. */
export function survivorOf(record: PatientRecord, find: FindRecord): PatientRecord {
  const seen = new Set<PatientId>();
  let current = record;
  while (current.replacedBy && !seen.has(current.id)) {
    seen.add(current.id);
    current = find(current.replacedBy.patient);
  }
  return current;
}

/**
 * @param candidates records that hold any of the subject's identifiers
 * A standing record goes before a retired one, which takes only what was said under its own identifiers.
 */
export function match(candidates: readonly PatientRecord[], find: FindRecord): Match {
  const survivors = new Set(candidates.map((candidate) => survivorOf(candidate, find).id));
  if (survivors.size === 0) return { outcome: 'new' };
  if (survivors.size > 1) return { outcome: 'ambiguous' };
  const standing = candidates.find((candidate) => !candidate.replacedBy);
  const record = standing ?? [...candidates].sort((a, b) => (firstKey(a) < firstKey(b) ? -1 : 1))[0];
  return record ? { outcome: 'matched', record } : { outcome: 'new' };
}

const firstKey = (record: PatientRecord): string =>
  `${record.identifiers[0]?.authority}|${record.identifiers[0]?.value}`;

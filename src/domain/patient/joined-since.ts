// Since when two records are one person's: the last of the merges that lead from one to the other. What is said of one of
// them later knows of the other.

import type { PatientId } from '../../base/id.ts';
import type { OrderKey, PatientRecord } from './record.ts';

/** `''` for a record and itself; undefined where no merge joins the two. */
export type JoinedSince = (a: PatientRecord, b: PatientRecord) => OrderKey | undefined;

export function joinedSince(records: readonly PatientRecord[]): JoinedSince {
  const known = new Map(records.map((record) => [record.id, record]));
  return (a, b) => {
    if (a.id === b.id) return '';
    const [one, other] = [survivorsOf(a, known), survivorsOf(b, known)];
    for (const [id, order] of one) {
      const since = other.get(id);
      if (since !== undefined) return since > order ? since : order;
    }
    return undefined;
  };
}

/** The record and those it was merged into, one after the other, each with the latest merge on the way there. */
function survivorsOf(
  start: PatientRecord,
  known: ReadonlyMap<PatientId, PatientRecord>,
): ReadonlyMap<PatientId, OrderKey> {
  const way = new Map<PatientId, OrderKey>([[start.id, '']]);
  let latest: OrderKey = '';
  for (let next = start.replacedBy; next && !way.has(next.patient); next = known.get(next.patient)?.replacedBy) {
    if (next.order > latest) latest = next.order;
    way.set(next.patient, latest);
  }
  return way;
}

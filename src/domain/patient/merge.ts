// Merging: a record is retired in favour of another (A40). The newest statement about a record stands; a merge that
// would close a circle drops the oldest link of that circle, so the outcome does not depend on arrival.

import type { PatientId } from '../../base/id.ts';
import type { FindRecord } from './match.ts';
import type { OrderKey, PatientRecord } from './record.ts';

/** The records that change: none when the merge repeats what is known, or merges a record with itself. */
export function merge(
  retired: PatientRecord,
  survivor: PatientRecord,
  order: OrderKey,
  find: FindRecord,
): readonly PatientRecord[] {
  if (retired.id === survivor.id) return [];
  if (retired.replacedBy && retired.replacedBy.order >= order) return [];
  const linked: PatientRecord = { ...retired, replacedBy: { patient: survivor.id, order } };
  const circle = pathBack(survivor, retired.id, find);
  if (!circle) return [linked];
  const oldest = [linked, ...circle].reduce((a, b) => (linkOrder(a) <= linkOrder(b) ? a : b));
  const { replacedBy: _dropped, ...standing } = oldest;
  return oldest.id === linked.id ? (retired.replacedBy ? [standing] : []) : [linked, standing];
}

const linkOrder = (record: PatientRecord): OrderKey => record.replacedBy?.order ?? '';

/** The linked records from `start` up to, but not including, `goal`; nothing when `start` does not lead there. */
function pathBack(start: PatientRecord, goal: PatientId, find: FindRecord): PatientRecord[] | undefined {
  const path: PatientRecord[] = [];
  const seen = new Set<PatientId>();
  for (let current = start; current.id !== goal; current = find(current.replacedBy.patient)) {
    if (!current.replacedBy || seen.has(current.id)) return undefined;
    seen.add(current.id);
    path.push(current);
  }
  return path;
}

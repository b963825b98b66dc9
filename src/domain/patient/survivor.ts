// Which record stands for a person: merges are followed to the end. Where they lead in a circle (A into B, B into A),
// the oldest of the circle's merges does not count, so the latest word decides and somebody always stands.

import type { PatientId } from '../../base/id.ts';
import type { PatientRecord } from './record.ts';

export type FindRecord = (id: PatientId) => PatientRecord;

export function survivorOf(record: PatientRecord, find: FindRecord): PatientRecord {
  const path: PatientRecord[] = [];
  const seen = new Set<PatientId>();
  let current = record;
  while (current.replacedBy && !seen.has(current.id)) {
    seen.add(current.id);
    path.push(current);
    current = find(current.replacedBy.patient);
  }
  if (!current.replacedBy) return current;
  const circle = path.slice(path.findIndex(({ id }) => id === current.id));
  return circle.reduce((oldest, one) => (isBefore(one, oldest) ? one : oldest));
}

function isBefore(a: PatientRecord, b: PatientRecord): boolean {
  const [one, other] = [a.replacedBy?.order ?? '', b.replacedBy?.order ?? ''];
  return one === other ? a.id < b.id : one < other;
}

// Merging and parting: a record is retired in favour of another (A40), and a merge may be undone (A37). All statements
// are kept, one per pair of records and the latest of each; which record stands follows from the set of them alone, so
// no order of arrival matters. Policies: docs/decisions/0015-identity.md.

import type { PatientId } from '../../base/id.ts';
import type { OrderKey, PairStatement, PatientRecord } from './record.ts';

/** The retired record with the merge; the same record when that is known, or when both are one. */
export function merge(retired: PatientRecord, survivor: PatientId, order: OrderKey): PatientRecord {
  if (retired.id === survivor) return retired;
  const merges = withStatement(retired.merges ?? known(retired), { patient: survivor, order });
  return merges === retired.merges ? retired : standing({ ...retired, merges });
}

/** Both records with the parting: merges of one into the other that are older than it no longer count, nor do links. */
export function part(a: PatientRecord, b: PatientRecord, order: OrderKey): readonly [PatientRecord, PatientRecord] {
  if (a.id === b.id) return [a, b];
  return [partFrom(a, b.id, order), partFrom(b, a.id, order)];
}

/** Both records, linked without being merged (A24). */
export function link(a: PatientRecord, b: PatientRecord, order: OrderKey): readonly [PatientRecord, PatientRecord] {
  if (a.id === b.id) return [a, b];
  return [linkTo(a, b.id, order), linkTo(b, a.id, order)];
}

/** Whom a record is linked with now. */
export const linkedWith = (record: PatientRecord): readonly PatientId[] =>
  (record.links ?? [])
    .filter(({ patient, order }) => !isUndone(record, patient, order))
    .map(({ patient }) => patient)
    .sort();

function partFrom(record: PatientRecord, other: PatientId, order: OrderKey): PatientRecord {
  const partings = withStatement(record.partings ?? [], { patient: other, order });
  if (partings === record.partings) return record;
  return standing({ ...record, ...(record.replacedBy && { merges: record.merges ?? known(record) }), partings });
}

function linkTo(record: PatientRecord, other: PatientId, order: OrderKey): PatientRecord {
  const links = withStatement(record.links ?? [], { patient: other, order });
  return links === record.links ? record : { ...record, links };
}

/** The list with the latest statement about each other record, in an order that does not depend on arrival. */
function withStatement(statements: readonly PairStatement[], said: PairStatement): readonly PairStatement[] {
  const before = statements.find(({ patient }) => patient === said.patient);
  if (before && before.order >= said.order) return statements;
  return [...statements.filter((one) => one !== before), said].sort((a, b) => (a.patient < b.patient ? -1 : 1));
}

/** A record written before merges were kept as statements. */
const known = (record: PatientRecord): readonly PairStatement[] => (record.replacedBy ? [record.replacedBy] : []);

const isUndone = (record: PatientRecord, other: PatientId, order: OrderKey): boolean =>
  record.partings?.some((parting) => parting.patient === other && parting.order >= order) === true;

/** With the link that counts: the latest merge that no parting has undone. */
function standing(record: PatientRecord): PatientRecord {
  const { replacedBy: _before, ...rest } = record;
  const counting = (record.merges ?? []).filter(({ patient, order }) => !isUndone(record, patient, order));
  const [first, ...others] = counting;
  if (!first) return rest;
  return { ...rest, replacedBy: others.reduce((latest, one) => (one.order > latest.order ? one : latest), first) };
}

// Keeping what a batch changed of identifiers and events: new ones, those that moved to another patient, and those that
// were taken back because their message was read again.

import { Fault } from '../base/fault.ts';
import type { PatientId } from '../base/id.ts';
import type { ChartEvent } from '../domain/chart-event.ts';
import type { Identifier } from '../domain/code.ts';
import { textArray } from './arrays.ts';
import type { Transaction } from './pool.ts';

export interface HeldIdentifier {
  readonly identifier: Identifier;
  readonly patient: PatientId;
}

export interface MovedIdentifier extends HeldIdentifier {
  readonly from: PatientId;
}

/** Adds identifiers; one that another record took meanwhile is a conflict, and the batch is thought over again. */
export async function keepIdentifiers(tx: Transaction, held: readonly HeldIdentifier[]): Promise<void> {
  if (held.length === 0) return;
  const kept = await tx.query(
    'charts.keep-identifiers',
    `insert into patient_identifier (organisation, authority, value, patient)
     select $4, i.authority, i.value, i.patient
       from unnest($1::text[], $2::text[], $3::text[]) as i (authority, value, patient)
     on conflict do nothing returning 1`,
    [
      textArray(held.map((item) => item.identifier.authority)),
      textArray(held.map((item) => item.identifier.value)),
      textArray(held.map((item) => item.patient)),
      tx.organisation,
    ],
  );
  if (kept.length < held.length) throw new Fault('store.conflict');
}

/** Identifiers that now are another patient's (A43): they find that one alone. */
export async function moveIdentifiers(tx: Transaction, held: readonly MovedIdentifier[]): Promise<void> {
  if (held.length === 0) return;
  await tx.query(
    'charts.move-identifiers',
    `with moved as (
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as i (authority, value, patient, former)
     ), found_no_more as (
       delete from resource_identifier r using moved
        where r.type = 'Patient' and r.id = moved.former and r.value = moved.value and r.system = moved.authority
     )
     update patient_identifier p set patient = moved.patient
       from moved where p.authority = moved.authority and p.value = moved.value`,
    [
      textArray(held.map((item) => item.identifier.authority)),
      textArray(held.map((item) => item.identifier.value)),
      textArray(held.map((item) => item.patient)),
      textArray(held.map((item) => item.from)),
    ],
  );
}

/** Events with the message that told of them; one that is known is replaced: its message was read again. */
export async function keepEvents(
  tx: Transaction,
  events: readonly { readonly patient: PatientId; readonly message: number; readonly event: ChartEvent }[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    'charts.keep-events',
    `insert into encounter_event (organisation, patient, id, message, body)
     select $5, e.patient, e.id, e.message, e.body::json
       from unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) as e (patient, id, message, body)
     on conflict (organisation, patient, id) do update set body = excluded.body`,
    [
      textArray(events.map((item) => item.patient)),
      textArray(events.map((item) => item.event.id)),
      events.map((item) => item.message),
      textArray(events.map((item) => JSON.stringify(item.event))),
      tx.organisation,
    ],
  );
}

export interface MovedEvent {
  readonly from: PatientId;
  /** Absent: the event is taken back. */
  readonly to?: PatientId;
  readonly id: string;
}

/** Events that now are another patient's, or nobody's. */
export async function moveEvents(tx: Transaction, moved: readonly MovedEvent[]): Promise<void> {
  if (moved.length === 0) return;
  await tx.query(
    'charts.move-events',
    `with moved as (
       delete from encounter_event e using unnest($1::text[], $2::text[]) as m (patient, id)
        where e.patient = m.patient and e.id = m.id
       returning e.patient, e.id, e.message, e.body
     )
     insert into encounter_event (organisation, patient, id, message, body)
     select $4, t.target, moved.id, moved.message, moved.body
       from moved join unnest($1::text[], $2::text[], $3::text[]) as t (patient, id, target)
         on t.patient = moved.patient and t.id = moved.id
      where t.target is not null
     on conflict do nothing`,
    [
      textArray(moved.map((item) => item.from)),
      textArray(moved.map((item) => item.id)),
      textArray(moved.map((item) => item.to ?? null)),
      tx.organisation,
    ],
  );
}

/** Of whom events of these messages were told. */
export async function patientsToldOf(
  tx: Transaction,
  entries: readonly { readonly message: number }[],
): Promise<PatientId[]> {
  if (entries.length === 0) return [];
  const rows = await tx.query<{ patient: PatientId }>(
    'charts.told-of',
    `select distinct e.patient from unnest($1::bigint[]) as asked (message)
      cross join lateral (select patient from encounter_event where organisation = $2 and message = asked.message offset 0) e`,
    [entries.map(({ message }) => message), tx.organisation],
  );
  return rows.map((row) => row.patient);
}

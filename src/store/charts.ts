// Charts in Postgres: the records of the patients concerned, their events and what was published of them, loaded and
// kept in a fixed number of set-based statements whatever the size of the batch. Rows are found key by key (lateral):
// a statement planned while the tables were small must not scan them when they are large.

import { Fault } from '../base/fault.ts';
import type { PatientId } from '../base/id.ts';
import type { Case } from '../domain/case/case.ts';
import type { ChartEvent } from '../domain/chart-event.ts';
import type { Identifier } from '../domain/code.ts';
import type { Encounter } from '../domain/encounter/stay.ts';
import type { PatientRecord } from '../domain/patient/record.ts';
import { textArray } from './arrays.ts';
import type { Queries, Transaction } from './pool.ts';

/** `Type/id` → version and digest of the text that is served. */
export type Published = Readonly<Record<string, readonly [version: number, digest: string]>>;

export interface ChartBody {
  readonly encounters: readonly Encounter[];
  readonly cases: readonly Case[];
  readonly published: Published;
}

export interface LoadedCharts {
  readonly records: readonly PatientRecord[];
  readonly identifiers: readonly { readonly authority: string; readonly value: string; readonly patient: PatientId }[];
  readonly events: readonly { readonly patient: PatientId; readonly event: ChartEvent }[];
  readonly charts: readonly { readonly patient: PatientId; readonly body: ChartBody }[];
}

/** Who holds the identifiers now. */
export function holders(
  queries: Queries,
  identifiers: readonly Identifier[],
): Promise<LoadedCharts['identifiers'][number][]> {
  return queries.query(
    'charts.holders',
    `select i.authority, i.value, i.patient
       from unnest($1::text[], $2::text[]) as asked (authority, value)
      cross join lateral (
        select authority, value, patient from patient_identifier
         where authority = asked.authority and value = asked.value limit 1
      ) i`,
    [
      textArray(identifiers.map((identifier) => identifier.authority)),
      textArray(identifiers.map((identifier) => identifier.value)),
    ],
  );
}

/** The records named, all records merged with them, locked in one order so that two batches cannot deadlock. */
async function lockRecords(tx: Transaction, patients: readonly PatientId[]): Promise<PatientRecord[]> {
  const rows = await tx.query<{ body: PatientRecord }>(
    'charts.lock-records',
    `with recursive upward (id) as (
       select unnest($1::text[])
       union
       select r.replaced_by from upward cross join lateral (
         select p.replaced_by from patient p where p.id = upward.id and p.replaced_by is not null limit 1
       ) r
     ), family (id) as (
       select id from upward
       union
       select r.id from family cross join lateral (select p.id from patient p where p.replaced_by = family.id offset 0) r
     )
     select p.body from patient p where p.id = any (array(select id from family)) order by p.id for update`,
    [textArray(patients)],
  );
  return rows.map((row) => row.body);
}

/** Loads and locks the charts of everyone who holds one of the identifiers, or is named. */
export async function loadCharts(
  tx: Transaction,
  identifiers: readonly Identifier[],
  patients: readonly PatientId[] = [],
): Promise<LoadedCharts> {
  const held = identifiers.length === 0 ? [] : await holders(tx, identifiers);
  const wanted = [...new Set([...held.map((row) => row.patient), ...patients])];
  if (wanted.length === 0) return { records: [], identifiers: [], events: [], charts: [] };
  let records = await lockRecords(tx, wanted);
  for (let more = await missing(tx, records); more.length > 0; more = await missing(tx, records)) {
    records = await lockRecords(tx, [...records.map((record) => record.id), ...more]);
  }
  const known = textArray(records.map((record) => record.id));
  const events = await tx.query<LoadedCharts['events'][number]>(
    'charts.events',
    'select patient, body as event from encounter_event where patient = any ($1::text[])',
    [known],
  );
  const charts = await tx.query<LoadedCharts['charts'][number]>(
    'charts.bodies',
    'select patient, body from chart where patient = any ($1::text[])',
    [known],
  );
  return { records, identifiers: held, events, charts };
}

/**
 * Records that a concurrent merge linked in after the family was read and before it was locked, above these or below.
 * A second look, with everything locked, is the only one that counts.
 */
async function missing(tx: Transaction, records: readonly PatientRecord[]): Promise<PatientId[]> {
  const known = new Set(records.map((record) => record.id));
  const above = records.flatMap((record) => (record.replacedBy ? [record.replacedBy.patient] : []));
  const below = await tx.query<{ id: PatientId }>(
    'charts.merged-into',
    'select id from patient where replaced_by = any ($1::text[])',
    [textArray([...known])],
  );
  return [...above, ...below.map((row) => row.id)].filter((id) => !known.has(id));
}

export async function keepRecords(tx: Transaction, records: readonly PatientRecord[]): Promise<void> {
  if (records.length === 0) return;
  await tx.query(
    'charts.keep-records',
    `insert into patient (organisation, id, replaced_by, body, created_at)
     select $5, r.id, r.replaced_by, r.body::json, to_timestamp(r.created / 1000)
       from unnest($1::text[], $2::text[], $3::text[], $4::float8[]) as r (id, replaced_by, body, created)
     on conflict (organisation, id) do update set replaced_by = excluded.replaced_by, body = excluded.body`,
    [
      textArray(records.map((record) => record.id)),
      textArray(records.map((record) => record.replacedBy?.patient ?? null)),
      textArray(records.map((record) => JSON.stringify(record))),
      records.map((record) => record.createdAt),
      tx.organisation,
    ],
  );
}

/** Adds identifiers; one that another record took meanwhile is a conflict, and the batch is thought over again. */
export async function keepIdentifiers(
  tx: Transaction,
  held: readonly { readonly identifier: Identifier; readonly patient: PatientId }[],
): Promise<void> {
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
     on conflict do nothing`,
    [
      textArray(events.map((item) => item.patient)),
      textArray(events.map((item) => item.event.id)),
      events.map((item) => item.message),
      textArray(events.map((item) => JSON.stringify(item.event))),
      tx.organisation,
    ],
  );
}

export async function keepBodies(
  tx: Transaction,
  charts: readonly { readonly patient: PatientId; readonly body: ChartBody; readonly lookAt: number | undefined }[],
): Promise<void> {
  if (charts.length === 0) return;
  await tx.query(
    'charts.keep-bodies',
    `insert into chart (organisation, patient, body, look_at)
     select $4, c.patient, c.body::json, to_timestamp(c.look_at / 1000)
       from unnest($1::text[], $2::text[], $3::float8[]) as c (patient, body, look_at)
     on conflict (organisation, patient) do update set body = excluded.body, look_at = excluded.look_at`,
    [
      textArray(charts.map((chart) => chart.patient)),
      textArray(charts.map((chart) => JSON.stringify(chart.body))),
      charts.map((chart) => chart.lookAt ?? null),
      tx.organisation,
    ],
  );
}

/** Patients whose charts time alone may have changed. */
export async function dueForALook(queries: Queries, now: number, limit: number): Promise<PatientId[]> {
  const rows = await queries.query<{ patient: PatientId }>(
    'charts.due-for-a-look',
    `select patient from chart where look_at <= to_timestamp($1::float8 / 1000) order by look_at limit $2`,
    [now, limit],
  );
  return rows.map((row) => row.patient);
}

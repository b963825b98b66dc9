// Charts in Postgres: the records of the patients concerned, their events and what was published of them, loaded and
// kept in a fixed number of set-based statements whatever the size of the batch. Rows are found key by key (lateral):
// a statement planned while the tables were small must not scan them when they are large.

import type { PatientId } from '../base/id.ts';
import type { Case } from '../domain/case/case.ts';
import type { ChartEvent } from '../domain/chart-event.ts';
import { type Identifier, identifierKey } from '../domain/code.ts';
import type { Home } from '../domain/encounter/home.ts';
import type { Encounter } from '../domain/encounter/stay.ts';
import type { Look } from '../domain/patient/look.ts';
import type { PatientRecord } from '../domain/patient/record.ts';
import { textArray } from './arrays.ts';
import {
  findAlike,
  lookUp,
  lookUpNewcomers,
  type MatchDecision,
  type OpenReview,
  patientsOfVisits,
} from './identities.ts';
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
  /** Moves of stays and accounts, what people decided, what they have still to decide, and who is looked for how. */
  readonly homes: readonly (Home & { readonly key: string })[];
  readonly decisions: readonly MatchDecision[];
  readonly reviews: readonly OpenReview[];
  /** Those that concern a newcomer. */
  readonly looks: readonly Look[];
  readonly lookout: Lookout;
  /** Everybody whom its keys found. */
  readonly found: ReadonlySet<PatientId>;
  /** Those whom nothing but a description leads to: to compare with, not locked, without their charts. */
  readonly onlookers: readonly PatientRecord[];
  readonly events: readonly { readonly patient: PatientId; readonly event: ChartEvent }[];
  readonly charts: readonly { readonly patient: PatientId; readonly body: ChartBody }[];
}

/** The records named and all records merged with them. */
const family = `with recursive upward (id) as (
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
     select p.body from patient p where p.id = any (array(select id from family)) order by p.id`;

/** A family locked in one order, so that two batches cannot deadlock. */
async function lockRecords(tx: Transaction, patients: readonly PatientId[]): Promise<PatientRecord[]> {
  const rows = await tx.query<{ body: PatientRecord }>('charts.lock-records', `${family} for update`, [
    textArray(patients),
  ]);
  return rows.map((row) => row.body);
}

async function readRecords(tx: Transaction, patients: readonly PatientId[]): Promise<PatientRecord[]> {
  if (patients.length === 0) return [];
  const rows = await tx.query<{ body: PatientRecord }>('charts.read-records', family, [textArray(patients)]);
  return rows.map((row) => row.body);
}

/**
 * Keys of stays, locked in one order until the transaction ends: a move or a rename of a stay alone, events of it side by
 * side. Without them a move misses events that another transaction has not committed yet, and these miss the move.
 */
async function lockStays(tx: Transaction, keys: readonly string[], exclusive: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query(
    'charts.lock-stays',
    `select case when k.key = any ($2::text[]) then pg_advisory_xact_lock(hashtextextended(k.key, 11))
                 else pg_advisory_xact_lock_shared(hashtextextended(k.key, 11)) end
       from (select key from unnest($1::text[]) as key group by key order by hashtextextended(key, 11)) k`,
    [textArray(keys), textArray(exclusive)],
  );
}

/** What a batch of messages names. */
export interface ChartWish {
  readonly identifiers: readonly Identifier[];
  readonly homeKeys?: readonly string[];
  /** Those of stays that are moved or renamed. */
  readonly exclusiveKeys?: readonly string[];
  /** Visit numbers whose stays are moved, so that whoever has them now is found. */
  readonly movedVisits?: readonly string[];
  readonly patients?: readonly PatientId[];
  /** For those of whom no identifier is known. */
  readonly lookout?: (isHeld: (identifier: Identifier) => boolean) => Lookout;
}

/** Whom the newcomers of a batch may be. */
export interface Lookout {
  /** Sorted. */
  readonly keys: readonly string[];
  readonly concerns: (look: Look) => boolean;
}

const nobodyNew: Lookout = { keys: [], concerns: () => false };

/**
 * Loads and locks the charts of everyone whom the wish names or holds a stay of. Of those whom it only describes alike
 * there may be many: their records are read, so that batches need not wait for each other because of them.
 */
export async function loadCharts(tx: Transaction, wish: ChartWish): Promise<LoadedCharts> {
  const { homeKeys = [], movedVisits = [], patients = [] } = wish;
  await lockStays(tx, homeKeys, wish.exclusiveKeys ?? []);
  const named = await lookUp(tx, wish.identifiers, homeKeys);
  const held = new Set(named.identifiers.map(identifierKey));
  const unheld = wish.identifiers.filter((identifier) => !held.has(identifierKey(identifier)));
  const late = await lookUpNewcomers(tx, unheld);
  for (const identifier of late) held.add(identifierKey(identifier));
  const identifiers = [...named.identifiers, ...late];
  const lookout = wish.lookout?.((identifier) => held.has(identifierKey(identifier))) ?? nobodyNew;
  const shared = await findAlike(tx, lookout.keys);
  const found = new Set(shared.map(({ patient }) => patient));
  const looks = shared.filter(lookout.concerns);
  const wanted = new Set<PatientId>([
    ...identifiers.map((row) => row.patient),
    ...named.homes.map((row) => row.patient),
    ...named.decisions.map((row) => row.patient),
    ...(await patientsOfVisits(tx, movedVisits)),
    ...patients,
  ]);
  const alike = [...new Set(looks.map((row) => row.patient))].filter((patient) => !wanted.has(patient));
  const seen = await readRecords(tx, alike);
  const nobody = { records: [], events: [], charts: [] };
  if (wanted.size === 0) return { ...named, identifiers, ...nobody, looks, lookout, found, onlookers: seen };
  let records = await lockRecords(tx, [...wanted]);
  let again = await lookAgain(tx, records, homeKeys);
  for (; again.more.length > 0; again = await lookAgain(tx, records, homeKeys)) {
    records = await lockRecords(tx, [...records.map((record) => record.id), ...again.more]);
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
  const locked = new Set(records.map((record) => record.id));
  return {
    ...named,
    identifiers,
    homes: again.homes,
    records,
    looks,
    lookout,
    found,
    onlookers: seen.filter(({ id }) => !locked.has(id)),
    events,
    charts,
  };
}

/**
 * What another batch made known after the family was read and before it was locked: records that a merge linked in, above
 * these or below, and moves of the stays. A second look, with everything locked, is the only one that counts.
 */
async function lookAgain(
  tx: Transaction,
  records: readonly PatientRecord[],
  homeKeys: readonly string[],
): Promise<{ readonly more: readonly PatientId[]; readonly homes: LoadedCharts['homes'] }> {
  const known = new Set(records.map((record) => record.id));
  const above = records.flatMap((record) => (record.replacedBy ? [record.replacedBy.patient] : []));
  const rows = await tx.query<{ id: PatientId; key: string | null; order: string | null }>(
    'charts.look-again',
    `select id, null as key, null as "order" from patient where replaced_by = any ($1::text[])
     union all
     select f.patient, f.key, f.order_key from unnest($2::text[]) as wanted (key) cross join lateral (
       select key, patient, order_key from stay_home where key = wanted.key limit 1
     ) f`,
    [textArray([...known]), textArray([...new Set(homeKeys)])],
  );
  const more = [...new Set([...above, ...rows.map((row) => row.id)])].filter((id) => !known.has(id));
  const homes = rows.flatMap(({ id, key, order }) => (key === null ? [] : [{ key, patient: id, order: order ?? '' }]));
  return { more, homes };
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
